using System.Net;
using System.Text.RegularExpressions;
using GradCamSharp.Methods;

namespace GradCamSharp.Site;

/// <summary>A page a method: its head is made from the list of methods, when to use it is written by hand below.</summary>
public static partial class MethodPages
{
    private const string HeadEnd = "<!-- the end of what dotnet run --project docs/site -- methods writes -->\n";

    /// <summary>The method's name as a file's, as exported models spell it too.</summary>
    public static string FileName(ExplanationMethod method)
    {
        ArgumentNullException.ThrowIfNull(method);
        return method.Name.Replace("+", "plus", StringComparison.Ordinal);
    }

    /// <summary>Where a method's page lies, from the repository's root.</summary>
    public static string PathOf(ExplanationMethod method) => $"docs/methods/{FileName(method)}.md";

    /// <summary>The page's head: name, summary, equation, picture.</summary>
    public static string Head(ExplanationMethod method)
    {
        ArgumentNullException.ThrowIfNull(method);
        string lines = string.Join("<br>\n", method.Equation.Split(";").Select(l => Equation(l.Trim())));
        string picture = $"![A picture of umbrellas, and what {method.Title} makes of it for the class umbrella]" +
            $"(../images/methods/{FileName(method)}.jpg)\n\n";
        return $"""
            # {method.Title}

            `--method {method.Name}`. {method.Summary}

            <p class="equation">
            {lines}
            </p>

            {picture}{HeadEnd}
            """.ReplaceLineEndings("\n");
    }

    /// <summary>The part of a page that is written by hand; empty where there is none.</summary>
    public static string Written(string page)
    {
        ArgumentNullException.ThrowIfNull(page);
        int end = page.IndexOf(HeadEnd, StringComparison.Ordinal);
        return end < 0 ? "" : page[(end + HeadEnd.Length)..].TrimStart('\n');
    }

    /// <summary>The page as it should be: the current head, and what is written below it.</summary>
    public static string Current(string root, ExplanationMethod method)
    {
        string path = Path.Combine(root, PathOf(method));
        return Head(method) + "\n" + Written(File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "");
    }

    /// <summary>Writes all heads anew.</summary>
    public static void Renew(string root)
    {
        foreach (var method in CamMethods.All)
            File.WriteAllText(Path.Combine(root, PathOf(method)), Current(root, method));
    }

    // a_ij, A^k, sum_(g>0): indices below and above; the rest is text.
    private static string Equation(string plain)
    {
        string text = WebUtility.HtmlEncode(plain).Replace(" * ", " · ", StringComparison.Ordinal);
        return Indices().Replace(text, Marked);
    }

    private static string Marked(Match m)
    {
        string symbol = m.Groups[1].Value == "sum" ? "Σ"
            : m.Groups[1].Value is { Length: 1 } letter ? $"<i>{letter}</i>"
            : m.Groups[1].Value;
        string tag = m.Groups[2].Value == "_" ? "sub" : "sup";
        return $"{symbol}<{tag}>{m.Groups[3].Value.Trim('(', ')')}</{tag}>";
    }

    [GeneratedRegex(@"\b([A-Za-z]+)([_^])(\([^)]*\)|[A-Za-z]+)")]
    private static partial Regex Indices();
}
