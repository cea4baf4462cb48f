using System.Text.RegularExpressions;
using GradCamSharp.Imaging;

namespace GradCamSharp.Evaluation.Reports;

/// <summary>
/// The folder of a report's figures. They are written beside it one by one and take their places together, so that a report that is
/// stopped leaves the earlier one's figures as they were.
/// </summary>
internal sealed partial class FigureFolder : IDisposable
{
    private const string Begin = ".figures.", End = ".part";

    private readonly string target;
    private readonly string beside;
    private readonly HashSet<string> names = new(StringComparer.Ordinal);

    /// <param name="folder">The folder; it need not exist.</param>
    public FigureFolder(string folder)
    {
        target = folder;
        string above = Path.GetDirectoryName(Path.GetFullPath(folder))!;
        // What a killed process has left.
        foreach (string torn in Directory.EnumerateDirectories(above, $"{Begin}*{End}"))
            Directory.Delete(torn, recursive: true);
        beside = Path.Combine(above, $"{Begin}{Guid.NewGuid():N}{End}");
    }

    /// <summary>The number of figures.</summary>
    public int Count => names.Count;

    /// <summary>Writes a figure.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Add(ReportFigure figure)
    {
        string name = FormattableString.Invariant(
            $"{Count + 1:00}-{Unsafe().Replace(Path.GetFileNameWithoutExtension(figure.Name), "_")}.png");
        Directory.CreateDirectory(beside);
        using var file = File.Create(Path.Combine(beside, name));
        PictureEncoder.WritePng(figure.ToPicture(), file);
        names.Add(name);
    }

    /// <summary>Puts all figures in their places, and takes away what an earlier report has left.</summary>
    /// <exception cref="IOException">They cannot be written.</exception>
    public void Complete()
    {
        if (names.Count > 0)
            Directory.CreateDirectory(target);
        foreach (string name in names)
            File.Move(Path.Combine(beside, name), Path.Combine(target, name), overwrite: true);
        foreach (string file in Directory.Exists(target) ? Directory.EnumerateFiles(target, "*.png").ToArray() : [])
        {
            if (!names.Contains(Path.GetFileName(file)) && Numbered().IsMatch(Path.GetFileName(file)))
                File.Delete(file);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(beside))
            Directory.Delete(beside, recursive: true);
    }

    [GeneratedRegex("[^A-Za-z0-9._-]")]
    private static partial Regex Unsafe();

    [GeneratedRegex(@"^\d{2,}-[A-Za-z0-9._-]*\.png$")]
    private static partial Regex Numbered();
}
