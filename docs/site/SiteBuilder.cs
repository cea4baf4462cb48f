using System.Net;
using System.Text.RegularExpressions;
using GradCamSharp.Methods;
using Markdig;

namespace GradCamSharp.Site;

/// <summary>
/// Makes static pages of the repository's Markdown: README, docs, CONTRIBUTING and CHANGELOG. They need no
/// server and nothing from elsewhere.
/// </summary>
public static partial class SiteBuilder
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UsePipeTables().UseAutoIdentifiers(Markdig.Extensions.AutoIdentifiers.AutoIdentifierOptions.GitHub).Build();

    // What is not named here comes at the end of "More", so that no page is forgotten.
    private static readonly (string Section, string[] Pages)[] Sections =
    [
        ("Start",
        [
            "README.md", "docs/tutorials/explain-my-classifier.md", "docs/tutorials/explain-my-detector.md",
            "docs/tutorials/which-map-should-i-trust.md", "docs/tutorials/heat-maps-in-a-service.md", "docs/library.md", "docs/targets.md",
            "docs/visualizing.md", "docs/how-it-works.md", "docs/glossary.md", "docs/limits.md",
        ]),
        ("Methods",
        [
            "docs/methods.md", "docs/methods/contact-sheets.md", .. CamMethods.All.Select(MethodPages.PathOf),
            "docs/attention.md", "docs/concepts.md", "docs/relevance.md",
        ]),
        ("Models", ["docs/reading-models.md", "docs/model-metadata.md", "docs/operators.md", "docs/export.md", "docs/models.md"]),
        ("Extend", ["docs/adding-a-method.md", "docs/adding-an-operator.md", "CONTRIBUTING.md"]),
    ];

    /// <summary>Builds the site.</summary>
    /// <param name="root">The repository's folder.</param>
    /// <param name="target">The site's folder; it is replaced.</param>
    /// <returns>Links that lead nowhere, in words; empty where all is well.</returns>
    public static IReadOnlyList<string> Build(string root, string target)
    {
        if (Directory.Exists(target))
            Directory.Delete(target, recursive: true);
        var pages = Pages(root);
        var broken = new List<string>();
        foreach (string page in pages)
        {
            string text = File.ReadAllText(Path.Combine(root, page)).ReplaceLineEndings("\n");
            string body = Links().Replace(Markdown.ToHtml(text, Pipeline), m => Link(m, page));
            string html = Resource("page.html")
                .Replace("{title}", WebUtility.HtmlEncode(Title(text, page)), StringComparison.Ordinal)
                .Replace("{root}", Up(page), StringComparison.Ordinal)
                .Replace("{navigation}", Navigation(root, pages, page), StringComparison.Ordinal)
                .Replace("{body}", body, StringComparison.Ordinal);
            Write(target, HtmlPath(page), html);
        }

        Write(target, "site.css", Resource("site.css"));
        File.Copy(Path.Combine(root, "docs/images/icon.svg"), Path.Combine(target, "icon.svg"));
        return broken;

        // Pages link to pages; files that are shown or told of are copied beside them.
        string Link(Match match, string page)
        {
            string address = WebUtility.HtmlDecode(match.Groups[2].Value);
            if (address.StartsWith('#') || Uri.TryCreate(address, UriKind.Absolute, out _))
                return match.Value;
            string[] parts = address.Split('#', 2);
            string path = Relative(root, Path.Combine(root, Path.GetDirectoryName(page)!, Uri.UnescapeDataString(parts[0])));
            if (path.StartsWith("..", StringComparison.Ordinal) || !Path.Exists(Path.Combine(root, path)))
            {
                broken.Add($"{page}: there is no '{address}'.");
                return match.Value;
            }

            if (Directory.Exists(Path.Combine(root, path)))
            {
                string readme = $"{path.TrimEnd('/')}/README.md";
                if (!pages.Contains(readme))
                    return $"{match.Groups[1].Value}=\"{Up(page)}index.html\"";
                path = readme;
            }

            bool isPage = pages.Contains(path);
            if (!isPage)
                Copy(root, target, path);
            return $"{match.Groups[1].Value}=\"{Up(page)}{(isPage ? HtmlPath(path) : path)}{(parts.Length > 1 ? "#" + parts[1] : "")}\"";
        }
    }

    private static List<string> Pages(string root)
    {
        string[] found =
        [
            "README.md", "CONTRIBUTING.md", "CHANGELOG.md",
            .. Directory.EnumerateFiles(Path.Combine(root, "docs"), "*.md", SearchOption.AllDirectories).Select(f => Relative(root, f))
                .Where(f => !f.StartsWith("docs/site/", StringComparison.Ordinal)),
            .. Directory.EnumerateFiles(Path.Combine(root, "examples"), "README.md", SearchOption.AllDirectories)
                .Select(f => Relative(root, f))
                .Where(f => !f.Contains("/node_modules/", StringComparison.Ordinal)),
            "samples/README.md",
        ];
        string[] ordered = [.. Sections.SelectMany(s => s.Pages).Where(found.Contains)];
        return [.. ordered, .. found.Except(ordered).Order(StringComparer.Ordinal)];
    }

    private static string Navigation(string root, List<string> pages, string current)
    {
        string[] named = [.. Sections.SelectMany(s => s.Pages)];
        (string Section, string[] Pages)[] all = [.. Sections, ("More", [.. pages.Except(named)])];
        return string.Concat(all.Select(s =>
            $"<h2>{s.Section}</h2>\n<ul>\n{string.Concat(s.Pages.Where(pages.Contains).Select(Item))}</ul>\n"));

        string Item(string page) =>
            $"<li><a href=\"{Up(current)}{HtmlPath(page)}\"{(page == current ? " aria-current=\"page\"" : "")}>" +
            $"{WebUtility.HtmlEncode(Title(File.ReadAllText(Path.Combine(root, page)), page))}</a></li>\n";
    }

    private static string Title(string markdown, string page) =>
        markdown.Split('\n').FirstOrDefault(l => l.StartsWith("# ", StringComparison.Ordinal))?[2..].Trim()
            ?? Path.GetFileNameWithoutExtension(page);

    private static string HtmlPath(string page) => page == "README.md" ? "index.html" : Path.ChangeExtension(page, ".html");

    private static string Up(string page) => string.Concat(Enumerable.Repeat("../", page.Count(c => c == '/')));

    private static string Relative(string root, string path) => Path.GetRelativePath(root, path).Replace('\\', '/');

    private static void Write(string target, string path, string text)
    {
        string file = Path.Combine(target, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private static void Copy(string root, string target, string path)
    {
        string file = Path.Combine(target, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.Copy(Path.Combine(root, path), file, overwrite: true);
    }

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(SiteBuilder).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("(href|src)=\"([^\"]*)\"")]
    private static partial Regex Links();
}
