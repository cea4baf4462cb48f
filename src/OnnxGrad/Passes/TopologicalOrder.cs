using OnnxGrad.Protobuf;

namespace OnnxGrad.Passes;

/// <summary>
/// Brings a graph's nodes into an order in which each comes after those whose values it reads; one that is in order stays as it is.
/// </summary>
internal static class TopologicalOrder
{
    /// <summary>Sorts the nodes.</summary>
    /// <exception cref="ModelException">Two nodes make the same value, or nodes wait for each other.</exception>
    public static void Apply(GraphProto graph, string model)
    {
        var producers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < graph.Node.Count; i++)
        {
            foreach (string output in graph.Node[i].Output.Where(o => o.Length > 0))
            {
                if (!producers.TryAdd(output, i))
                {
                    throw new ModelException(
                        $"'{model}' is damaged: {graph.Node[producers[output]].Describe()} and {graph.Node[i].Describe()} " +
                        $"both make '{output}'. Export the model again.");
                }
            }
        }

        int[][] awaited = [.. graph.Node.Select((n, i) =>
            n.Reads().Where(producers.ContainsKey).Select(v => producers[v]).Distinct().ToArray())];
        if (!awaited.Where((before, i) => before.Any(b => b >= i)).Any())
            return;
        var readers = new List<int>[graph.Node.Count];
        for (int i = 0; i < readers.Length; i++)
            readers[i] = [];
        int[] waiting = new int[readers.Length];
        for (int i = 0; i < readers.Length; i++)
        {
            waiting[i] = awaited[i].Length;
            foreach (int before in awaited[i])
                readers[before].Add(i);
        }

        // Of those that wait for nothing the first in the file comes next: the order changes no more than it must.
        var ready = new PriorityQueue<int, int>(Enumerable.Range(0, readers.Length).Where(i => waiting[i] == 0).Select(i => (i, i)));
        var sorted = new List<NodeProto>(readers.Length);
        while (ready.TryDequeue(out int next, out _))
        {
            sorted.Add(graph.Node[next]);
            foreach (int reader in readers[next].Where(r => --waiting[r] == 0))
                ready.Enqueue(reader, reader);
        }

        if (sorted.Count < readers.Length)
        {
            var stuck = Enumerable.Range(0, readers.Length).Where(i => waiting[i] > 0).Take(3).Select(i => graph.Node[i].Describe());
            throw new ModelException($"'{model}' is damaged: {string.Join(", ", stuck)} wait for each other's values in a circle. " +
                "Export the model again.");
        }

        graph.Node.Clear();
        graph.Node.AddRange(sorted);
    }

}
