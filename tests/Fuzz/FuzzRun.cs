using System.Diagnostics;

namespace GradCamSharp.Fuzz;

/// <summary>What came of feeding many inputs to one harness.</summary>
/// <param name="Harness">Its name.</param>
/// <param name="Inputs">How many were fed.</param>
/// <param name="Taken">How many of them were taken, not refused by a typed error.</param>
/// <param name="Seconds">The time of all.</param>
/// <param name="Slowest">The time of the slowest, in seconds.</param>
/// <param name="Largest">The most managed memory that one input allocated, in bytes.</param>
public sealed record FuzzResult(string Harness, long Inputs, long Taken, double Seconds, double Slowest, long Largest);

/// <summary>An input that is no typed error: a fault to mend.</summary>
/// <param name="harness">The harness's name.</param>
/// <param name="number">The input's number.</param>
/// <param name="input">The input.</param>
/// <param name="problem">What happened.</param>
/// <param name="inner">The error, where there is one.</param>
public sealed class FoundException(string harness, long number, byte[] input, string problem, Exception? inner = null)
    : Exception($"{harness}, input {number}: {problem}", inner)
{
    /// <summary>The input.</summary>
    public IReadOnlyList<byte> Input { get; } = input;

    /// <summary>The input's number.</summary>
    public long Number { get; } = number;
}

/// <summary>Feeds seeded mutations to a harness, one after the other, and holds each against the limits.</summary>
public static class FuzzRun
{
    /// <summary>The longest that one input may take.</summary>
    public static readonly TimeSpan LongestInput = TimeSpan.FromSeconds(20);

    private const long LargestAllocation = 3L << 30;

    /// <summary>Feeds the inputs of a range of numbers.</summary>
    /// <param name="harness">Where they go.</param>
    /// <param name="first">The first number.</param>
    /// <param name="count">How many.</param>
    /// <param name="seed">The seed of the mutations.</param>
    /// <param name="progress">Told the number of each input before it is fed.</param>
    /// <exception cref="FoundException">An input made an error that is not typed, took too long or too much memory.</exception>
    public static FuzzResult Run(Harness harness, long first, long count, long seed, IProgress<long>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(harness);
        var mutator = new Mutator(harness.Seeds(), harness.Words, seed);
        var clock = Stopwatch.StartNew();
        long taken = 0, largest = 0;
        var slowest = TimeSpan.Zero;
        // An input that hangs cannot be stopped; the thread that is left behind does not keep the process.
        using var feeder = new Feeder(harness);
        for (long number = first; number < first + count; number++)
        {
            progress?.Report(number);
            byte[] input = mutator.Input(number);
            var (isTaken, time, allocated) = feeder.Feed(number, input);
            taken += isTaken ? 1 : 0;
            slowest = time > slowest ? time : slowest;
            largest = Math.Max(largest, allocated);
            if (allocated > LargestAllocation)
                throw new FoundException(harness.Name, number, input, $"{allocated >> 20} MB were allocated.");
        }

        return new FuzzResult(harness.Name, count, taken, clock.Elapsed.TotalSeconds, slowest.TotalSeconds, largest);
    }

    /// <summary>Feeds one input, under the same limits.</summary>
    /// <param name="harness">Where it goes.</param>
    /// <param name="input">The input.</param>
    /// <exception cref="FoundException">It made an error that is not typed, or took too long.</exception>
    public static bool Replay(Harness harness, byte[] input)
    {
        using var feeder = new Feeder(harness);
        return feeder.Feed(-1, input).IsTaken;
    }

    private sealed class Feeder : IDisposable
    {
        private readonly Harness harness;
        private readonly SemaphoreSlim asked = new(0), done = new(0);
        private byte[]? input;
        private Exception? error;
        private bool isTaken;
        private TimeSpan time;
        private long allocated;

        public Feeder(Harness harness)
        {
            this.harness = harness;
            new Thread(Work, maxStackSize: 8 << 20) { IsBackground = true }.Start();
        }

        public (bool IsTaken, TimeSpan Time, long Allocated) Feed(long number, byte[] bytes)
        {
            (input, error) = (bytes, null);
            asked.Release();
            if (!done.Wait(LongestInput))
                throw new FoundException(harness.Name, number, bytes, $"No answer in {LongestInput.TotalSeconds} s.");
            if (error is not null)
                throw new FoundException(harness.Name, number, bytes, $"{error.GetType().Name}: {error.Message}", error);
            return (isTaken, time, allocated);
        }

        public void Dispose()
        {
            input = null;
            asked.Release();
        }

        private void Work()
        {
            while (true)
            {
                asked.Wait();
                if (input is null)
                    return;
                long before = GC.GetAllocatedBytesForCurrentThread(), begin = Stopwatch.GetTimestamp();
                try
                {
                    isTaken = harness.Feed(input);
                }
                catch (Exception e)
                {
                    error = e;
                }

                (time, allocated) = (Stopwatch.GetElapsedTime(begin), GC.GetAllocatedBytesForCurrentThread() - before);
                done.Release();
            }
        }
    }
}
