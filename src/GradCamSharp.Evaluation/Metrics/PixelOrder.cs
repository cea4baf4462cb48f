namespace GradCamSharp.Evaluation.Metrics;

/// <summary>The order in which insertion adds pixels and deletion removes them.</summary>
public static class PixelOrder
{
    /// <summary>The pixels' places by falling evidence; equal ones row by row.</summary>
    /// <param name="map">The map at the network's input, row by row; finite values.</param>
    public static int[] Descending(ReadOnlySpan<float> map)
    {
        int[] order = new int[map.Length];
        float[] keys = new float[map.Length];
        for (int i = 0; i < order.Length; i++)
            (order[i], keys[i]) = (i, -map[i]);
        Array.Sort(keys, order);
        // The sort leaves equal pixels in any order: within each run of them the places are put in theirs.
        for (int start = 0, end; start < order.Length; start = end)
        {
            for (end = start + 1; end < order.Length && keys[end] == keys[start];)
                end++;
            Array.Sort(order, start, end - start);
        }

        return order;
    }
}
