using System.Globalization;
using System.Text.RegularExpressions;
using GradCamSharp.Imaging;
using GradCamSharp.Targets;

namespace GradCamSharp.Models;

/// <summary>The metadata that Ultralytics' exporters write: Python's text of a dictionary or a list, which is no JSON.</summary>
internal static partial class Ultralytics
{
    private const int MostLabels = 100_000;

    /// <summary>The labels of <c>{0: 'person', 1: "bird's nest"}</c>; null where the text is something else.</summary>
    /// <param name="text">The entry <c>names</c>.</param>
    public static Labels? Names(string text)
    {
        var names = new SortedDictionary<int, string>();
        foreach (Match entry in Entry().Matches(text))
        {
            if (!int.TryParse(entry.Groups["index"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
                || index >= MostLabels)
                return null;
            string name = entry.Groups["single"].Success ? entry.Groups["single"].Value : entry.Groups["double"].Value;
            names[index] = name.Replace("\\'", "'", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);
        }

        if (names.Count == 0)
            return null;
        string[] labels = new string[names.Keys.Last() + 1];
        Array.Fill(labels, "");
        foreach (var (index, name) in names)
            labels[index] = name;
        return new Labels(labels);
    }

    /// <summary>The size of <c>[640, 480]</c>, height first; null where the text is something else.</summary>
    /// <param name="text">The entry <c>imgsz</c>.</param>
    public static PixelSize? Size(string text) => Sides().Match(text) is { Success: true } match
        && int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) is > 0 and var height
        && int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) is > 0 and var width
        ? new PixelSize(width, height) : null;

    [GeneratedRegex(@"(?<index>\d{1,6})\s*:\s*(?:'(?<single>(?:[^'\\]|\\.)*)'|""(?<double>(?:[^""\\]|\\.)*)"")")]
    private static partial Regex Entry();

    [GeneratedRegex(@"^\s*\[\s*(\d{1,5})\s*,\s*(\d{1,5})\s*\]\s*$")]
    private static partial Regex Sides();
}
