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
        float[] values = map.ToArray();
        int before = 1;
        for (int d = 0; d < axes.Length; d++)
        {
            int after = from[(d + 1)..].Aggregate(1, (a, b) => a * b);
            if (from[d] != to[d])
                values = axes[d].Apply(values, before, after);
            before *= to[d];
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
                for (int i = 0; i < low.Length; i++)
                {
                    var first = values.AsSpan(((b * length) + low[i]) * after, after);
                    var second = values.AsSpan(((b * length) + high[i]) * after, after);
                    var into = resized.AsSpan(((b * low.Length) + i) * after, after);
                    float s = share[i];
                    for (int a = 0; a < after; a++)
                        into[a] = first[a] + (s * (second[a] - first[a]));
                }
            }

            return resized;
        }
    }
}
