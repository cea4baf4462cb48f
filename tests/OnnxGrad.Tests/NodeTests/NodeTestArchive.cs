using System.Formats.Tar;
using System.IO.Compression;

namespace OnnxGrad.Tests.NodeTests;

/// <summary>
/// The ONNX standard's own backend tests. The archive is read in memory: unpacking its twelve thousand small files
/// takes longer than all the tests.
/// </summary>
internal static class NodeTestArchive
{
    public const string FileName = "onnx-node-tests.tar.gz";
    private static readonly Lazy<IReadOnlyList<NodeTest>> All = new(Read);

    /// <summary>
    /// Every test whose model is one operator call and whose inputs and outputs are tensors of numbers; none where the archive is absent.
    /// </summary>
    public static IReadOnlyList<NodeTest> Tests => All.Value;

    private static IReadOnlyList<NodeTest> Read()
    {
        if (SharedData.Find(FileName) is not { } archive)
            return [];
        var folders = new SortedDictionary<string, Dictionary<string, byte[]>>(StringComparer.Ordinal);
        using var tar = new TarReader(new GZipStream(File.OpenRead(archive), CompressionMode.Decompress));
        while (tar.GetNextEntry() is { } entry)
        {
            // collection/test/model.onnx and collection/test/test_data_set_0/input_0.pb
            string[] path = entry.Name.Split('/');
            if (entry.DataStream is null || path.Length < 3)
                continue;
            string test = $"{path[0]}/{path[1]}";
            if (!folders.TryGetValue(test, out var files))
                folders[test] = files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
            byte[] content = new byte[entry.Length];
            entry.DataStream.ReadExactly(content);
            files[string.Join('/', path[2..])] = content;
        }

        return [.. folders.Select(f => NodeTest.From(f.Key, f.Value)).OfType<NodeTest>()];
    }
}
