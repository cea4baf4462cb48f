using System.Text.Json;
using GradCamSharp.Errors;
using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>
/// Rules for relevance from a JSON file: a named composite, with other rules for operators or for layers by the names of their nodes.
/// </summary>
public static class RuleFile
{
    private const string Gradient = "gradient", Pass = "pass";

    private static readonly (string Rule, string[] Numbers)[] Rules =
    [
        ("lrp-0", []), ("epsilon", ["epsilon"]), ("epsilon-rms", ["epsilon"]), ("gamma", ["gamma"]), ("zplus", []),
        ("alphabeta", ["alpha", "beta"]), ("flat", []), ("wsquare", []), ("box", ["low", "high"]), (Gradient, []), (Pass, []),
    ];

    /// <summary>Reads a file as the method <c>lrp</c> with these rules.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ExplanationException">The file is no such JSON; the message names the place in it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static LayerwiseRelevance Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
            throw Bad(path, "there is no such file", "Give the path of a JSON file of rules.");
        if (new FileInfo(path).Length > 1 << 20)
            throw Bad(path, "it is larger than 1 MiB", "A file of rules has a few lines.");
        return Parse(File.ReadAllText(path), path);
    }

    /// <summary>Reads a text as the method <c>lrp</c> with these rules.</summary>
    /// <param name="json">The text.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="ExplanationException">The text is no such JSON; the message names the place in it.</exception>
    public static LayerwiseRelevance Parse(string json, string name)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentException.ThrowIfNullOrEmpty(name);
        try
        {
            using var document = JsonDocument.Parse(json);
            return RelevanceMethods.Auto with { Rules = Read(document.RootElement, name) };
        }
        catch (JsonException e)
        {
            throw Bad(name, $"it is not JSON: {e.Message}", "Mend the file.");
        }
    }

    private static RuleSet Read(JsonElement root, string file)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw Bad(file, "it is no JSON object", "Begin with { \"base\": \"lrp-epsilon-plus\", \"rules\": [ ... ] }.");
        var known = new[] { "base", "set", "rules" };
        if (root.EnumerateObject().Select(p => p.Name).FirstOrDefault(n => !known.Contains(n)) is { } other)
            throw Bad(file, $"it has '{other}'", "It may have base, set and rules.");
        var method = Base(root, file);
        if (root.TryGetProperty("set", out var set))
        {
            if (set.ValueKind != JsonValueKind.Object)
                throw Bad(file, "'set' is no object", "Write { \"conv\": \"gamma:0.25\" }.");
            foreach (var property in set.EnumerateObject())
            {
                try
                {
                    method = (LayerwiseRelevance)method.With(property.Name, property.Value.ToString());
                }
                catch (ArgumentException e)
                {
                    throw Bad(file, $"set.{property.Name}: {e.Message}", "Mend the value.");
                }
            }
        }

        var rules = method.Composite!.ToRuleSet(Path.GetFileName(file));
        if (!root.TryGetProperty("rules", out var list))
            return rules;
        if (list.ValueKind != JsonValueKind.Array)
            throw Bad(file, "'rules' is no list", "Write [ { \"operator\": \"Conv\", \"rule\": \"zplus\" } ].");
        int at = 0;
        foreach (var entry in list.EnumerateArray())
            rules = Entry(rules, entry, file, FormattableString.Invariant($"rules[{at++}]"));
        return rules;
    }

    private static LayerwiseRelevance Base(JsonElement root, string file)
    {
        var bases = RelevanceMethods.All.Where(m => m.Composite is not null).ToList();
        if (!root.TryGetProperty("base", out var value))
            return RelevanceMethods.Zero;
        return (value.ValueKind == JsonValueKind.String ? bases.Find(m => m.Name == value.GetString()) : null)
            ?? throw Bad(file, $"base is {value.GetRawText()}", $"It is one of {string.Join(", ", bases.Select(b => b.Name))}.");
    }

    private static RuleSet Entry(RuleSet rules, JsonElement entry, string file, string place)
    {
        if (entry.ValueKind != JsonValueKind.Object)
            throw Bad(file, $"{place} is no object", "Write { \"operator\": \"Conv\", \"rule\": \"zplus\" }.");
        string? op = Text(entry, "operator", file, place), layer = Text(entry, "layer", file, place);
        if ((op is null) == (layer is null))
        {
            string found = op is null ? "neither operator nor layer" : "both operator and layer";
            throw Bad(file, $"{place} names {found}", "Name one of them.");
        }

        string name = Text(entry, "rule", file, place) ?? throw Bad(file, $"{place} has no rule", "Name one, such as zplus.");
        if (Rules.FirstOrDefault(r => r.Rule == name) is not { Rule: not null } known)
            throw Bad(file, $"{place}.rule is '{name}'", $"The rules are {string.Join(", ", Rules.Select(r => r.Rule))}.");
        string[] allowed = ["operator", "layer", "rule", .. known.Numbers];
        if (entry.EnumerateObject().Select(p => p.Name).FirstOrDefault(n => !allowed.Contains(n)) is { } other)
            throw Bad(file, $"{place} has '{other}'", $"The rule {name} may have {string.Join(", ", allowed)}.");
        var rule = Rule(name, [.. known.Numbers.SelectMany(n => Numbers(entry, n, file, place))], file, place);
        return op is not null ? rules.With(op, rule) : rules.WithNodes(layer!, rule);
    }

    private static VjpRule Rule(string name, double[] numbers, string file, string place)
    {
        if (name == Gradient)
            return static c => c.Derivative();
        if (name == Pass)
            return RelevanceComposite.Passed;
        string text = string.Concat(name, string.Concat(numbers.Select(n => FormattableString.Invariant($":{n:R}"))));
        return LayerRule.TryParse(text, out var rule) ? RelevanceComposite.RuleOf(rule)
            : throw Bad(
                file, $"{place}: the numbers of {name} do not fit", "Numbers are not negative, alpha - beta is 1, low is below high.");
    }

    private static string? Text(JsonElement entry, string name, string file, string place) =>
        !entry.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.String && value.GetString()!.Length > 0 ? value.GetString()
        : throw Bad(file, $"{place}.{name} is {value.GetRawText()}", "It is a text.");

    private static double[] Numbers(JsonElement entry, string name, string file, string place)
    {
        if (!entry.TryGetProperty(name, out var value))
            throw Bad(file, $"{place} has no '{name}'", "Give it a number.");
        JsonElement[] all = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        return all.Length > 0 && all.All(v => v.ValueKind == JsonValueKind.Number && v.TryGetDouble(out double d) && double.IsFinite(d))
            ? [.. all.Select(v => v.GetDouble())] : throw Bad(file, $"{place}.{name} is {value.GetRawText()}", "It is a number.");
    }

    private static ExplanationException Bad(string file, string problem, string advice) =>
        new(ExplanationError.BadRules, $"The rules '{file}' cannot be used: {problem}.", advice);
}
