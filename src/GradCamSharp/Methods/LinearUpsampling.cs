using System.Numerics.Tensors;

namespace GradCamSharp.Methods;

/// <summary>Linear resizing of one map along every axis: half-pixel centres, edge clamped, no antialiasing.</summary>
/// <param name="from">The map's lengths.</param>
/// <param name="to">The lengths wanted.</param>
internal sealed class LinearUpsampling(int[] from, int[] to)
{
    private readonly Axis[] axes = [.. from.Zip(to, (a, b) => new Axis(a, b))];

    /// <summary>Resizes a map.</summary>
    /// <param name="map">Row by row.</param>
    public float[] Apply(ReadOnlySpan<float> map)
    {
        // The last axis first: what is short then becomes long rows.
        float[] values = map.ToArray();
        int after = 1;
        for (int d = axes.Length - 1; d >= 0; d--)
        {
            int before = from[..d].Aggregate(1, (a, b) => a * b);
            if (from[d] != to[d])
                values = axes[d].Apply(values, before, after);
            after *= to[d];
        }

        return values;
    }

    private sealed class Axis
    {
        private readonly int length;
        private readonly int[] low;
        private readonly int[] high;
        private readonly float[] share;

        public Axis(int from, int to)
        {
            length = from;
            (low, high, share) = (new int[to], new int[to], new float[to]);
            for (int i = 0; i < to; i++)
            {
                double place = Math.Max(0, ((i + 0.5) * from / to) - 0.5);
                low[i] = Math.Min((int)place, from - 1);
                high[i] = Math.Min(low[i] + 1, from - 1);
                share[i] = (float)(place - low[i]);
            }
        }

        public float[] Apply(float[] values, int before, int after)
        {
            float[] resized = new float[before * low.Length * after];
            for (int b = 0; b < before; b++)
            {
                if (after == 1)
                {
                    var row = values.AsSpan(b * length, length);
                    var wide = resized.AsSpan(b * low.Length, low.Length);
                    for (int i = 0; i < wide.Length; i++)
                        wide[i] = row[low[i]] + (share[i] * (row[high[i]] - row[low[i]]));
                    continue;
                }

                for (int i = 0; i < low.Length; i++)
                {
                    var first = values.AsSpan(((b * length) + low[i]) * after, after);
                    var second = values.AsSpan(((b * length) + high[i]) * after, after);
                    var into = resized.AsSpan(((b * low.Length) + i) * after, after);
                    // Product and sum are rounded each, as they are on every machine.
                    TensorPrimitives.Subtract(second, first, into);
                    TensorPrimitives.Multiply(into, share[i], into);
                    TensorPrimitives.Add(into, first, into);
                }
            }

            return resized;
        }
    }
}
