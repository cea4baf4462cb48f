using System.Globalization;

namespace GradCamSharp.Benchmarks.Acceptance;

/// <summary>What is measured for docs/acceptance.md, and how thoroughly.</summary>
/// <param name="Sections">The sections' names; empty for all.</param>
/// <param name="IsShort">Whether everything is done in miniature, to try the measurement itself.</param>
/// <param name="Kills">How often each command is killed.</param>
/// <param name="Models">Files of networks by the names squeezenet, resnet50 and vgg16.</param>
internal sealed record AcceptanceOptions(
    IReadOnlyList<string> Sections, bool IsShort, int Kills, IReadOnlyDictionary<string, string> Models)
{
    public const string Usage =
        "acceptance [memory] [page] [clients] [export] [kills] [downloads] [answers] [agreement] [methods] [startup] [folders] " +
        "[throughput] [--short] [--kills N] [--model NAME=FILE]...";

    /// <summary>Reads a command line behind the word acceptance.</summary>
    /// <exception cref="ArgumentException">It is wrong; the message says how it is written.</exception>
    public static AcceptanceOptions Parse(ReadOnlySpan<string> words)
    {
        var sections = new List<string>();
        var models = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        bool isShort = false;
        int? kills = null;
        for (int i = 0; i < words.Length; i++)
        {
            switch (words[i])
            {
                case "--short":
                    isShort = true;
                    break;
                case "--kills" when i + 1 < words.Length && int.TryParse(words[i + 1], CultureInfo.InvariantCulture, out int n) && n > 0:
                    kills = n;
                    i++;
                    break;
                case "--model" when i + 1 < words.Length:
                    var (name, path) = Pair(words[++i]);
                    models[name] = path;
                    break;
                case var section when !section.StartsWith('-'):
                    sections.Add(section);
                    break;
                default:
                    throw new ArgumentException($"'{words[i]}' is not understood. {Usage}");
            }
        }

        return new AcceptanceOptions(sections, isShort, kills ?? (isShort ? 3 : 100), models);
    }

    private static (string Name, string Path) Pair(string text) =>
        text.Split('=', 2) is [{ Length: > 0 } name, { } path] && File.Exists(path) ? (name, path)
        : throw new ArgumentException($"'{text}' is no NAME=FILE of a file that exists. {Usage}");
}
