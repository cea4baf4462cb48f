using System.Globalization;
using GradCamSharp.Audit.Results;
using GradCamSharp.Audit.Statistics;

namespace GradCamSharp.Audit.Leaks;

/// <summary>Finds what tells classes apart without any network: sizes, compression, cameras, borders.</summary>
internal static class LeakFinder
{
    // What is there by chance in a set of thousands of pictures is sure, and nothing.
    private const double LeastStrength = 0.1, Level = 0.05;

    /// <summary>The properties that tell a class, the strongest first.</summary>
    /// <param name="traits">Of each picture what its file tells.</param>
    /// <param name="classes">The data set's class of each.</param>
    /// <param name="seed">The seed of the permutations.</param>
    public static List<DataLeak> Find(IReadOnlyList<FileTraits> traits, IReadOnlyList<string> classes, long seed)
    {
        string[] names = [.. classes.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (names.Length < 2 || traits.Count <= names.Length)
            return [];
        int[] of = [.. classes.Select(c => Array.BinarySearch(names, c, StringComparer.Ordinal))];
        (string What, double[]? Numbers, string[]? Texts)[] properties =
        [
            ("width", [.. traits.Select(t => (double)t.Size.Width)], null),
            ("height", [.. traits.Select(t => (double)t.Size.Height)], null),
            ("aspect", [.. traits.Select(t => (double)t.Size.Width / t.Size.Height)], null),
            ("file size per pixel", [.. traits.Select(t => t.Bytes / ((double)t.Size.Width * t.Size.Height))], null),
            ("JPEG tables", null, Common([.. traits.Select(t => t.Tables)])),
            ("camera", null, Common([.. traits.Select(t => t.Camera)])),
            ("border", [.. traits.Select(t => t.Border)], null),
            ("letterbox", [.. traits.Select(t => t.Letterbox)], null),
        ];
        var tells = properties.Select(p => p.Numbers is { } numbers ? ClassTells.OfNumbers(numbers, of, seed)
            : ClassTells.OfNames(Places(p.Texts!), of, seed)).ToArray();
        double[] corrected = Corrections.Holm([.. tells.Select(t => t.P)]);
        var leaks = new List<DataLeak>();
        for (int i = 0; i < properties.Length; i++)
        {
            if (tells[i].Strength < LeastStrength || corrected[i] > Level)
                continue;
            var (@class, sentence) = properties[i].Numbers is { } numbers ? Describe(properties[i].What, numbers, of, names)
                : Describe(properties[i].What, properties[i].Texts!, of, names);
            leaks.Add(new DataLeak(properties[i].What, tells[i].Strength, corrected[i], @class, sentence));
        }

        return [.. leaks.OrderByDescending(l => l.Strength).ThenBy(l => l.What, StringComparer.Ordinal)];
    }

    // What few pictures have tells nothing, and there may be as many names as pictures.
    private static string[] Common(string[] texts)
    {
        int least = Math.Max(5, texts.Length / 100);
        var known = texts.GroupBy(t => t, StringComparer.Ordinal).Where(g => g.Count() >= least).Select(g => g.Key)
            .ToHashSet(StringComparer.Ordinal);
        return [.. texts.Select(t => known.Contains(t) ? t : "another")];
    }

    private static int[] Places(string[] texts)
    {
        string[] known = [.. texts.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return [.. texts.Select(t => Array.BinarySearch(known, t, StringComparer.Ordinal))];
    }

    // The class whose median lies farthest from that of all, in ranks.
    private static (string, string) Describe(string what, double[] values, int[] of, string[] names)
    {
        double[] ranks = MannWhitney.Ranks(values, out _);
        double middle = (ranks.Length + 1) / 2.0;
        int far = Enumerable.Range(0, names.Length).MaxBy(c => Math.Abs(ranks.Where((_, i) => of[i] == c).Average() - middle));
        double own = Median(values.Where((_, i) => of[i] == far)), rest = Median(values.Where((_, i) => of[i] != far));
        return (names[far], string.Create(CultureInfo.InvariantCulture,
            $"{Capital(what)} tells the class: {own:0.###} in the middle of {names[far]}, {rest:0.###} in the middle of the others."));
    }

    private static (string, string) Describe(string what, string[] values, int[] of, string[] names)
    {
        int[] counts = [.. Enumerable.Range(0, names.Length).Select(c => of.Count(o => o == c))];
        var (@class, text, share, rest) = Enumerable.Range(0, names.Length)
            .SelectMany(c => values.Distinct(StringComparer.Ordinal).Select(v => (
                Class: c, Text: v,
                Share: (double)values.Where((own, i) => of[i] == c && own == v).Count() / counts[c],
                Others: (double)values.Where((own, i) => of[i] != c && own == v).Count() / Math.Max(1, of.Length - counts[c]))))
            .MaxBy(x => x.Share - x.Others);
        string name = text.Length > 0 ? $"'{text}'" : "none";
        return (names[@class], string.Create(CultureInfo.InvariantCulture,
            $"{Capital(what)} tells the class: {name} in {100 * share:0} % of {names[@class]}, in {100 * rest:0} % of the others."));
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
