using GradCamSharp.Audit.Findings;
using GradCamSharp.Evaluation.DataSets;

namespace GradCamSharp.Audit.Runs;

/// <summary>A data set with at most so many pictures of each of its classes: those whose ids hash lowest with a seed.</summary>
internal sealed class DrawnDataSet : DataSet
{
    private readonly DataSet whole;

    private DrawnDataSet(DataSet whole, IReadOnlyList<DataSetPicture> pictures) => (this.whole, Pictures) = (whole, pictures);

    public override string Kind => whole.Kind;

    public override string Root => whole.Root;

    public override IReadOnlyList<DataSetPicture> Pictures { get; }

    public override string? ImageSet => whole.ImageSet;

    public override int Available => whole.Available;

    public override bool HasObjects => whole.HasObjects;

    public override IReadOnlyList<AnnotatedObject> Objects(DataSetPicture picture) => whole.Objects(picture);

    /// <summary>Draws.</summary>
    /// <param name="data">The data set; one that does not say its pictures' classes is taken whole.</param>
    /// <param name="perClass">At most so many pictures a class. A picture of several classes is kept where any of them needs it.</param>
    /// <param name="seed">The seed.</param>
    public static DataSet Of(DataSet data, int perClass, long seed)
    {
        string[][] classes = new string[data.Pictures.Count][];
        Parallel.For(0, classes.Length, i => classes[i] = ClassesOf(data, data.Pictures[i]));
        if (classes.SelectMany(c => c).GroupBy(c => c, StringComparer.Ordinal).All(g => g.Count() <= perClass))
            return data;
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var kept = new List<int>();
        foreach (int i in PictureDraw.Order([.. data.Pictures.Select(p => p.Id)], seed))
        {
            if (classes[i].Length > 0 && classes[i].All(c => counts.GetValueOrDefault(c) >= perClass))
                continue;
            kept.Add(i);
            foreach (string name in classes[i])
                counts[name] = counts.GetValueOrDefault(name) + 1;
        }

        return new DrawnDataSet(data, [.. kept.Order().Select(i => data.Pictures[i])]);
    }

    // A damaged annotation is the pass's to tell.
    private static string[] ClassesOf(DataSet data, DataSetPicture picture)
    {
        try
        {
            return [.. data.ClassesOf(picture)];
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }
}
