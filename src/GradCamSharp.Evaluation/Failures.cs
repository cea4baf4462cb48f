using GradCamSharp.Imaging;
using OnnxGrad;

namespace GradCamSharp.Evaluation;

/// <summary>Tells what is wrong with a picture for good from what may be over the next time.</summary>
public static class Failures
{
    // What ONNX Runtime says when it gets no memory; its error codes do not tell that from other failures.
    private static readonly string[] OutOfMemory = ["Failed to allocate memory", "bad_alloc", "out of memory"];

    /// <summary>The kind of a failure.</summary>
    /// <param name="error">What was thrown while a picture was measured.</param>
    /// <returns>Null where it is not the picture's: a cancelled run, or a defect of the program.</returns>
    public static FailureKind? Of(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return error switch
        {
            OperationCanceledException => null,
            OutOfMemoryException => FailureKind.Transient,
            PictureException { InnerException: FileNotFoundException or DirectoryNotFoundException } missing => OfMissing(missing.File),
            PictureException { InnerException: IOException or UnauthorizedAccessException } => FailureKind.Transient,
            PictureException or InvalidDataException => FailureKind.Permanent,
            ModelException model => SaysOutOfMemory(model) ? FailureKind.Transient : FailureKind.Permanent,
            IOException or UnauthorizedAccessException => FailureKind.Transient,
            _ => null,
        };
    }

    // A list may name pictures that were never copied. A folder that is gone or empty is a share that is not mounted.
    private static FailureKind OfMissing(string path)
    {
        try
        {
            return Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && Directory.EnumerateFileSystemEntries(folder).Any()
                ? FailureKind.Permanent
                : FailureKind.Transient;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return FailureKind.Transient;
        }
    }

    private static bool SaysOutOfMemory(Exception error)
    {
        for (var e = error; e is not null; e = e.InnerException)
        {
            if (e is OutOfMemoryException || OutOfMemory.Any(said => e.Message.Contains(said, StringComparison.OrdinalIgnoreCase)))
                return true;
        }

        return false;
    }
}
