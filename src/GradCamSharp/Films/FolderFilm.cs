using GradCamSharp.Imaging;

namespace GradCamSharp.Films;

/// <summary>The pictures of a folder, in the order of their names: numbers in them count as numbers, so that 10 follows 9.</summary>
internal sealed class FolderFilm : Film
{
    private static readonly HashSet<string> Pictures =
        new([".jpg", ".jpeg", ".jfif", ".jpe", ".png", ".webp", ".gif", ".bmp"], StringComparer.OrdinalIgnoreCase);

    private readonly FilmOptions options;
    private readonly List<string> files;

    /// <exception cref="FilmException">The folder holds no pictures.</exception>
    public FolderFilm(string folder, FilmOptions options)
        : base(folder)
    {
        this.options = options;
        files = [.. Directory.EnumerateFiles(folder).Where(f => Pictures.Contains(Path.GetExtension(f)))];
        files.Sort((a, b) => Compare(Path.GetFileName(a), Path.GetFileName(b)));
        if (files.Count == 0)
        {
            throw new FilmException(
                FilmError.NoFrames, folder, "a film without frames: no pictures lie in this folder", "Name a folder of JPEG or PNG files.");
        }
    }

    private protected override IEnumerable<FilmFrame> Read(CancellationToken cancellationToken)
    {
        var duration = TimeSpan.FromSeconds(1 / options.FramesPerSecond);
        foreach (string file in files)
            yield return new FilmFrame(PictureDecoder.Decode(file, options.Limits), duration);
    }

    /// <summary>Compares names; runs of digits by their numbers.</summary>
    internal static int Compare(string a, string b)
    {
        int i = 0, j = 0;
        while (i < a.Length && j < b.Length)
        {
            if (char.IsAsciiDigit(a[i]) && char.IsAsciiDigit(b[j]))
            {
                var (first, second) = (Number(a, ref i), Number(b, ref j));
                int byLength = first.Length.CompareTo(second.Length);
                int order = byLength != 0 ? byLength : string.CompareOrdinal(first, second);
                if (order != 0)
                    return order;
            }
            else
            {
                int order = a[i++].CompareTo(b[j++]);
                if (order != 0)
                    return order;
            }
        }

        int left = (a.Length - i).CompareTo(b.Length - j);
        // Names that differ in leading zeros alone.
        return left != 0 ? left : string.CompareOrdinal(a, b);
    }

    private static string Number(string text, ref int at)
    {
        int start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
            at++;
        return text[start..at].TrimStart('0');
    }
}
