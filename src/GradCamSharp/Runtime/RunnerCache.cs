using GradCamSharp.Compilation;

namespace GradCamSharp.Runtime;

/// <summary>
/// Compiled explanations that are kept for the next run: at most so many, the least recently used one goes when another is needed.
/// </summary>
/// <remarks>
/// Different graphs may run at the same time, and while another is compiled; one that goes is disposed when its last run ends.
/// </remarks>
/// <param name="capacity">How many graphs are kept, 1 or more.</param>
/// <param name="owner">The type that a message names when it is used after it was disposed.</param>
internal sealed class RunnerCache(int capacity, Type owner) : IDisposable
{
    private readonly Dictionary<GraphKey, Entry> entries = [];
    private readonly Lock gate = new();
    private long clock;
    private bool isDisposed;

    /// <summary>How many graphs are kept now.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return entries.Count;
        }
    }

    /// <summary>Lends the graph of a key; it is made if it is not there. Until the lease is disposed the graph stays usable.</summary>
    /// <param name="key">What distinguishes the graph.</param>
    /// <param name="make">Makes it; called once for a key, and again only after it failed or the graph has gone.</param>
    /// <exception cref="ObjectDisposedException">The cache is disposed.</exception>
    public Lease Rent(GraphKey key, Func<ModelRunner> make)
    {
        var entry = Take(key, make);
        try
        {
            return new Lease(this, entry, entry.Runner.Value);
        }
        catch
        {
            // What failed to compile is no graph: the next one who asks may try again.
            Drop(key, entry);
            Return(entry);
            throw;
        }
    }

    /// <summary>Lets the graphs of some keys go.</summary>
    /// <param name="isGone">Whether a key's graph goes.</param>
    public void Remove(Predicate<GraphKey> isGone)
    {
        List<Entry> idle;
        lock (gate)
        {
            var gone = entries.Where(e => isGone(e.Key)).ToList();
            foreach (var (key, entry) in gone)
            {
                entries.Remove(key);
                entry.IsGone = true;
            }

            idle = [.. gone.Select(e => e.Value).Where(e => e.Users == 0)];
        }

        idle.ForEach(e => e.Dispose());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        List<Entry> idle;
        lock (gate)
        {
            isDisposed = true;
            idle = [.. entries.Values.Where(e => e.Users == 0)];
            foreach (var entry in entries.Values)
                entry.IsGone = true;
            entries.Clear();
        }

        idle.ForEach(e => e.Dispose());
    }

    private Entry Take(GraphKey key, Func<ModelRunner> make)
    {
        Entry? gone = null;
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, owner);
            if (!entries.TryGetValue(key, out var entry))
            {
                if (entries.Count >= capacity)
                {
                    var oldest = entries.MinBy(e => e.Value.LastUse);
                    entries.Remove(oldest.Key);
                    oldest.Value.IsGone = true;
                    gone = oldest.Value.Users == 0 ? oldest.Value : null;
                }

                entries[key] = entry = new Entry(make);
            }

            entry.Users++;
            entry.LastUse = ++clock;
            gone?.Dispose();
            return entry;
        }
    }

    private void Drop(GraphKey key, Entry entry)
    {
        lock (gate)
        {
            if (entries.GetValueOrDefault(key) == entry)
                entries.Remove(key);
            entry.IsGone = true;
        }
    }

    private void Return(Entry entry)
    {
        bool last;
        lock (gate)
            last = --entry.Users == 0 && entry.IsGone;
        if (last)
            entry.Dispose();
    }

    /// <summary>The right to run a graph.</summary>
    public readonly struct Lease : IDisposable
    {
        private readonly RunnerCache cache;
        private readonly Entry entry;

        internal Lease(RunnerCache cache, Entry entry, ModelRunner runner)
        {
            this.cache = cache;
            this.entry = entry;
            Runner = runner;
        }

        /// <summary>The graph.</summary>
        public ModelRunner Runner { get; }

        /// <inheritdoc/>
        public void Dispose() => cache.Return(entry);
    }

    internal sealed class Entry(Func<ModelRunner> make) : IDisposable
    {
        public Lazy<ModelRunner> Runner { get; } = new(make);

        public int Users { get; set; }

        public long LastUse { get; set; }

        public bool IsGone { get; set; }

        public void Dispose()
        {
            if (Runner.IsValueCreated)
                Runner.Value.Dispose();
        }
    }
}
