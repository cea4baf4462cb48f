using GradCamSharp.Layers;
using OnnxGrad;

namespace GradCamSharp.Runs;

/// <summary>The parts behind layers that are kept for the next run: a few, the oldest goes.</summary>
internal sealed class TailCache : IDisposable
{
    private const int Most = 4;

    private readonly List<(Shape Input, string Layer, LayerFormat Format, Lazy<Tail> Tail)> kept = [];
    private readonly Lock gate = new();
    private bool isDisposed;

    /// <summary>The part of a key; it is made if it is not there.</summary>
    public Tail Get((Shape Input, string Layer, LayerFormat Format) key, Func<Tail> make)
    {
        Lazy<Tail> tail;
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            int at = kept.FindIndex(k => k.Input == key.Input && k.Layer == key.Layer && k.Format == key.Format);
            if (at < 0)
            {
                // One that goes may still run: it is collected when nobody holds it.
                if (kept.Count == Most)
                    kept.RemoveAt(0);
                kept.Add((key.Input, key.Layer, key.Format, new Lazy<Tail>(make)));
                at = kept.Count - 1;
            }

            tail = kept[at].Tail;
        }

        return tail.Value;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            isDisposed = true;
            foreach (var entry in kept.Where(k => k.Tail.IsValueCreated))
                entry.Tail.Value.Dispose();
            kept.Clear();
        }
    }
}
