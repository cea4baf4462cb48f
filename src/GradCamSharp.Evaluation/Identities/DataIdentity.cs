using System.Globalization;
using System.Runtime.ExceptionServices;
using GradCamSharp.Evaluation.DataSets;

namespace GradCamSharp.Evaluation.Identities;

/// <summary>The data of an experiment.</summary>
/// <param name="Kind">The data set's layout.</param>
/// <param name="Root">Its folder as the experiment was given it.</param>
/// <param name="Pictures">The number of pictures, over all shards.</param>
/// <param name="Sha256">
/// The SHA-256 of their ids, with the classes that the layout gives them, or the objects of their annotations, where these count, each
/// followed by a line feed.
/// </param>
/// <param name="Mapping">
/// Which of the model's classes the data set's are: the SHA-256 of the file that says it, or its name where it ships inside; null where
/// they play no part.
/// </param>
/// <param name="Difficult">Whether objects that are marked as difficult count; null where objects play no part.</param>
/// <param name="ImageSet">The list of pictures that was asked for by name; null for the data set's default.</param>
public sealed record DataIdentity(
    string Kind, string Root, int Pictures, string Sha256, string? Mapping, bool? Difficult, string? ImageSet = null)
{
    /// <summary>The identity of pictures of a data set.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="pictures">Those of its pictures that play a part.</param>
    /// <param name="options">How the data set was opened.</param>
    /// <param name="mapping">Which of the model's classes the data set's are; null where classes and objects play no part.</param>
    /// <exception cref="IOException">The mapping's file, or an annotation, cannot be read.</exception>
    public static DataIdentity Of(DataSet data, IEnumerable<DataSetPicture> pictures, DataSetOptions options, ClassMapping? mapping)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentNullException.ThrowIfNull(options);
        string[] lines = mapping is null ? [.. pictures.Select(p => p.Id)] : Described(data, pictures);
        // Of a mapping that is a file what it says counts, not where it lies.
        string? names = mapping is null ? null : File.Exists(mapping.Source) ? Digest.OfFile(mapping.Source) : mapping.Source;
        bool? difficult = mapping is not null && data.HasObjects ? options.IncludeDifficult : null;
        return new DataIdentity(data.Kind, data.Root, lines.Length, Digest.OfLines(lines), names, difficult, options.ImageSet);
    }

    private static string[] Described(DataSet data, IEnumerable<DataSetPicture> pictures)
    {
        try
        {
            return [.. pictures.AsParallel().AsOrdered().Select(p => p.Classes.Count > 0 ? $"{p.Id}\t{string.Join(',', p.Classes)}"
                : data.HasObjects ? $"{p.Id}\t{Annotation(data, p)}" : p.Id)];
        }
        catch (AggregateException e)
        {
            // An annotation that cannot be read now may say anything: without it nobody knows which experiment this is.
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
            throw;
        }
    }

    // Rows of boxes that have been corrected since would stand beside rows of the old ones.
    private static string Annotation(DataSet data, DataSetPicture picture)
    {
        try
        {
            return string.Join(';', data.Objects(picture).Select(o => string.Create(
                CultureInfo.InvariantCulture, $"{o.Class} {o.Box.X} {o.Box.Y} {o.Box.Width} {o.Box.Height} {(o.Difficult ? 1 : 0)}")));
        }
        catch (InvalidDataException)
        {
            // The picture becomes a row with this error.
            return "damaged";
        }
    }
}
