namespace GradCamSharp.Imaging;

/// <summary>A picture that cannot be read: the message names the file, says what is wrong with it, and what to do.</summary>
public sealed class PictureException(string file, string problem, string remedy, Exception? inner = null)
    : IOException($"{file}: {problem}. {remedy}", inner)
{
    /// <summary>The file's path, or the name that the caller gave a stream.</summary>
    public string File { get; } = file;
}
