namespace GradCamSharp.Films;

/// <summary>What is wrong with a film.</summary>
public enum FilmError
{
    /// <summary>There is no such file or folder, or it may not be read.</summary>
    Unreadable,

    /// <summary>It has no frames.</summary>
    NoFrames,

    /// <summary>It is damaged, truncated, or its frames differ in size.</summary>
    Damaged,

    /// <summary>Its frames are larger than the limit.</summary>
    TooLarge,

    /// <summary>The program that decodes it, ffmpeg, is not there.</summary>
    NoDecoder,
}

/// <summary>A film that cannot be read: the message names it, says what is wrong with it, and what to do.</summary>
public sealed class FilmException(FilmError kind, string film, string problem, string remedy, Exception? inner = null)
    : IOException($"{film}: {problem}. {remedy}", inner)
{
    /// <summary>What is wrong.</summary>
    public FilmError Kind { get; } = kind;

    /// <summary>The film's path.</summary>
    public string Film { get; } = film;
}
