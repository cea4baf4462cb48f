using System.Text.Json;
using GradCamSharp.Imaging;
using GradCamSharp.Output;
using static System.FormattableString;

namespace GradCamSharp.Evaluation.Studies;

/// <summary>All that decides which pictures a study shows: two recipes that are equal make the same study, byte for byte.</summary>
/// <param name="Model">The model's file name.</param>
/// <param name="ModelSha256">SHA-256 of the model's file, in hexadecimal digits.</param>
/// <param name="Layer">The layer explained.</param>
/// <param name="Preprocessing">How pictures are prepared.</param>
/// <param name="Images">The data set's folder, as it was given.</param>
/// <param name="ImageSet">The data set's list of pictures, where it has several.</param>
/// <param name="DataSetPictures">The number of pictures in the data set.</param>
/// <param name="DataSetSha256">SHA-256 of the pictures' ids, one a line.</param>
/// <param name="Methods">The two methods, A and B.</param>
/// <param name="Classes">auto, or the classes asked for.</param>
/// <param name="ClassCount">How many classes auto takes.</param>
/// <param name="PerClass">How many pictures a class.</param>
/// <param name="Seed">The seed of the choice of pictures and of every participant's order.</param>
public sealed record StudyRecipe(
    string Model, string ModelSha256, string Layer, StudyPreprocessing Preprocessing, string Images, string? ImageSet, int DataSetPictures,
    string DataSetSha256, IReadOnlyList<string> Methods, IReadOnlyList<string> Classes, int ClassCount, int PerClass, long Seed)
{
    /// <summary>The file of a study that is not finished.</summary>
    public const string FileName = "study.unfinished.json";

    internal byte[] ToJson() => Study.Serialize(this);

    internal void Save(string folder) => AtomicFile.Write(Path.Combine(folder, FileName), ToJson());

    /// <exception cref="InvalidDataException">It is damaged.</exception>
    internal static StudyRecipe Load(string path)
    {
        try
        {
            return Study.Deserialize<StudyRecipe>(File.ReadAllBytes(path)) ?? throw new JsonException("it is null.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}' is no description of a study: {e.Message} Remove it to begin anew.", e);
        }
    }

    /// <summary>In words, what differs between two recipes; null if nothing does.</summary>
    internal string? DifferenceTo(StudyRecipe other) => ModelSha256 != other.ModelSha256 ? $"another model ({other.Model})"
        : Layer != other.Layer ? $"another layer ({other.Layer})"
        : Preprocessing != other.Preprocessing ? "another preprocessing"
        : DataSetSha256 != other.DataSetSha256 ? $"other pictures ({other.Images})"
        : !Methods.SequenceEqual(other.Methods) ? $"other methods ({string.Join(',', other.Methods)})"
        : !Classes.SequenceEqual(other.Classes) || ClassCount != other.ClassCount ? $"other classes ({string.Join(',', other.Classes)})"
        : PerClass != other.PerClass ? Invariant($"{other.PerClass} pictures a class")
        : Seed != other.Seed ? Invariant($"the seed {other.Seed}")
        : null;
}

/// <summary>How a study's pictures were prepared, in one line a step.</summary>
/// <param name="Resize">The size that pictures are resized to, and how.</param>
/// <param name="Crop">The part in the middle that is kept.</param>
/// <param name="Values">What becomes of the pixels' values.</param>
/// <param name="Source">Where the preprocessing is from.</param>
public sealed record StudyPreprocessing(string Resize, string Crop, string Values, string Source)
{
    internal static StudyPreprocessing Of(Preprocessing steps, string source)
    {
        string resize = steps.ExactSize is { } exact ? Invariant($"to {exact.Width} x {exact.Height}, {steps.Filter}")
            : steps.ShortestEdge is { } edge ? Invariant($"shorter side {edge}, {steps.Filter}") : "none";
        string crop = steps.CropSize is { } size ? Invariant($"{size.Width} x {size.Height}") : "none";
        string order = steps.IsBgr ? "BGR" : "RGB";
        string values = Invariant($"{order} (v * {steps.Scale:R} - [{Numbers(steps.Mean)}]) / [{Numbers(steps.StandardDeviation)}]");
        return new StudyPreprocessing(resize, crop, values, source);
    }

    private static string Numbers(IEnumerable<float> numbers) => string.Join(", ", numbers.Select(n => Invariant($"{n:R}")));
}
