namespace GradCamSharp.Evaluation.DataSets;

/// <summary>The 1000 classes of ImageNet's challenge of 2012, by WordNet ids.</summary>
internal static class ImageNetClasses
{
    private static readonly string[] ByIlsvrcId = Shipped.Lines("DataSets/Mappings/ilsvrc2012.txt");
    private static readonly string[] Sorted = [.. ByIlsvrcId.Order(StringComparer.Ordinal)];

    /// <summary>The number of classes.</summary>
    public static int Count => Sorted.Length;

    /// <summary>The WordNet ids in ordinal order, which is the order of networks' outputs.</summary>
    public static IReadOnlyList<string> WordNetIds => Sorted;

    /// <summary>The WordNet id of an ILSVRC2012_ID, 1 to 1000.</summary>
    public static string OfIlsvrcId(int id) => ByIlsvrcId[id - 1];

    /// <summary>The place of a WordNet id among the classes; null where it is none of them.</summary>
    public static int? IndexOf(string wordNetId) =>
        Array.BinarySearch(Sorted, wordNetId, StringComparer.Ordinal) is var at and >= 0 ? at : null;
}
