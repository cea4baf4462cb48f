using System.Runtime.ExceptionServices;

namespace GradCamSharp.Evaluation.Runs;

/// <summary>Works on items in parallel and hands the results on in the items' order; what waits for an earlier item is bounded.</summary>
internal static class OrderedPipeline
{
    /// <summary>
    /// Runs until all items are done, one fails, or the run is cancelled. Items that are begun are finished and handed on in either case,
    /// up to the failed one.
    /// </summary>
    /// <param name="count">The number of items.</param>
    /// <param name="workers">The number of threads, from 1; no more than there are items are started.</param>
    /// <param name="createWorker">
    /// Makes a worker, called on its own thread: what it keeps is used by one thread at a time. It gets an item's place.
    /// </param>
    /// <param name="consume">Gets the results in order, on the calling thread.</param>
    /// <param name="cancellationToken">No further items are begun.</param>
    /// <exception cref="OperationCanceledException">It was cancelled before all items were done.</exception>
    public static void Run<T>(
        int count, int workers, Func<Func<int, T>> createWorker, Action<T> consume, CancellationToken cancellationToken)
    {
        if (count == 0)
            return;
        workers = Math.Min(workers, count);
        // As many results may wait as there are workers: enough to hide that items take differently long.
        var slots = new Slot<T>[2 * workers];
        int next = 0, consumed = 0, running = workers;
        bool stop = false;
        ExceptionDispatchInfo? failure = null;
        object gate = new();
        using var stopping = cancellationToken.Register(Stop);
        var threads = Enumerable.Range(0, workers).Select(i => new Thread(Work) { IsBackground = true, Name = $"measuring {i}" }).ToList();
        threads.ForEach(thread => thread.Start());
        try
        {
            while (true)
            {
                T result;
                lock (gate)
                {
                    ref var slot = ref slots[consumed % slots.Length];
                    while (!slot.IsFull && consumed < count && running > 0)
                        Monitor.Wait(gate);
                    if (!slot.IsFull)
                        break;
                    result = slot.Value!;
                    slot = default;
                    consumed++;
                    Monitor.PulseAll(gate);
                }

                consume(result);
            }
        }
        finally
        {
            Stop();
            threads.ForEach(thread => thread.Join());
        }

        failure?.Throw();
        if (consumed < count)
            throw new OperationCanceledException(cancellationToken);

        void Work()
        {
            try
            {
                var work = createWorker();
                while (Take() is { } item)
                {
                    var result = work(item);
                    lock (gate)
                    {
                        slots[item % slots.Length] = new Slot<T>(true, result);
                        Monitor.PulseAll(gate);
                    }
                }
            }
            catch (Exception e)
            {
                lock (gate)
                {
                    failure ??= ExceptionDispatchInfo.Capture(e);
                    stop = true;
                }
            }
            finally
            {
                lock (gate)
                {
                    running--;
                    Monitor.PulseAll(gate);
                }
            }
        }

        int? Take()
        {
            lock (gate)
            {
                while (!stop && next < count && next >= consumed + slots.Length)
                    Monitor.Wait(gate);
                return stop || next >= count ? null : next++;
            }
        }

        void Stop()
        {
            lock (gate)
            {
                stop = true;
                Monitor.PulseAll(gate);
            }
        }
    }

    private readonly record struct Slot<T>(bool IsFull, T? Value);
}
