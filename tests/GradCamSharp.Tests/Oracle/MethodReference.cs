using System.Globalization;
using System.Text.Json;
using GradCamSharp.Methods;

namespace GradCamSharp.Tests.Oracle;

/// <summary>One map of a small network, computed in float64 by ../shared/methods, and what a manifest says of it.</summary>
/// <param name="Network">The network's folder.</param>
/// <param name="Method">The method's name there.</param>
/// <param name="File">The reference, below ../shared/methods.</param>
/// <param name="Parameters">The parameters it was made with.</param>
/// <param name="Tolerance">The largest difference that is allowed, as a share of the reference's largest value.</param>
/// <param name="SumsChannels">Whether the reference is the sum over the input's channels.</param>
/// <param name="NearThreshold">Places [item, channel, position] whose choice float32 may make otherwise.</param>
internal sealed record MethodReference(
    string Network, string Method, string File, IReadOnlyDictionary<string, JsonElement> Parameters, double Tolerance, bool SumsChannels,
    JsonElement? NearThreshold)
{
    /// <summary>
    /// How many methods are compiled together: the runtime's optimisations take more than twice as long for twice as many.
    /// </summary>
    public const int Together = 6;

    /// <summary>What has no method of that name, or parameters that no method has: tested elsewhere, or not there yet.</summary>
    private static readonly HashSet<string> NoMethods =
    [
        // Targets, which are no methods: tested with the targets.
        "finercam", "gradcam_counterfactual", "gradcam_contrast",
        // Several layers in one map.
        "fusion",
        // Conductance and influence are not asked for; class models are no maps.
        "conductance", "internal-influence", "class-model",
    ];

    /// <summary>
    /// A rectifier's input lies within float32's rounding of 0 there, so that its side, and a pixel's gradient with it, is no matter of
    /// right and wrong: in sample 10 of item 1 the input times 1 + 3e-7 gives one side, times 1 + 1e-6 the other, at any batch size and
    /// with any graph optimisation.
    /// </summary>
    private static readonly Dictionary<string, double> OnAKink = new() { ["cases-gradient/resnet/expected-gradients.npy"] = 2e-3 };

    private static readonly string[] Folders = ["cases-cam", "cases-gradient"];

    /// <summary>The networks that have references.</summary>
    public static IEnumerable<string> Networks => All.Select(r => r.Network).Distinct().Order(StringComparer.Ordinal);

    /// <summary>All references.</summary>
    public static IReadOnlyList<MethodReference> All { get; } = [.. Folders.SelectMany(Read)];

    /// <summary>Whether it is one of those that no method makes.</summary>
    public bool IsNoMethod => NoMethods.Any(
        n => Method.StartsWith(n, StringComparison.Ordinal) || Path.GetFileName(File).StartsWith(n, StringComparison.Ordinal));

    /// <summary>Whether it has a value a superpixel, where the library repeats it over the superpixel's pixels.</summary>
    public bool IsOfSuperpixels => File.EndsWith("lime_slic.npy", StringComparison.Ordinal);

    /// <summary>The method with the reference's parameters; null where there is none of that name.</summary>
    public ExplanationMethod? Find()
    {
        if (Parameters.TryGetValue("composite", out var composite))
        {
            var rule = RelevanceMethods.All.Single(m => m.Name == composite.GetString());
            return Method == "crp" ? new ChannelMasks { Channels = 1, Rule = rule } : new ChannelRelevance(rule);
        }

        string name = Method switch
        {
            "augmented" => Parameters["method"].GetString()!,
            "integrated-gradients-trapezoid" => "integrated-gradients",
            "deeplift-argmax" => "deeplift",
            "lrp-epsilon-absolute" => "lrp-epsilon",
            "lrp-epsilon-plus-norm-pass" or "lrp-epsilon-plus-pool-proportional" => "lrp-epsilon-plus",
            _ => Method,
        };
        if (CamMethods.All.FirstOrDefault(m => m.Name == name) is not { } method)
            return null;
        if (Method == "augmented")
            method = method.With("augment", "true");
        if (File.EndsWith("dff_concepts.npy", StringComparison.Ordinal))
            method = method.With("answer", "concepts");
        foreach (var (parameter, value) in Parameters.Where(p => p.Key != "method"))
            method = method.With(parameter, Text(value) is "slic_segments" ? "16" : Text(value));
        return method;
    }

    public override string ToString() => Path.ChangeExtension(File, null);

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Number => value.GetDouble().ToString("R", CultureInfo.InvariantCulture),
        JsonValueKind.Array => string.Join('x', value.EnumerateArray().Select(Text)),
        _ => value.GetString()!,
    };

    private static IEnumerable<MethodReference> Read(string folder)
    {
        if (SharedData.Find($"methods/{folder}/manifest.json") is not { } path)
            return [];
        var root = JsonDocument.Parse(System.IO.File.ReadAllText(path)).RootElement;
        return root.TryGetProperty("cases", out var cases)
            ? cases.EnumerateObject().SelectMany(c => c.Value.GetProperty("maps").EnumerateArray()
                .Where(m => m.GetProperty("sign").GetString() != "labels").Select(m => OfCam(folder, c.Name, m)))
            : root.GetProperty("references").EnumerateArray().Select(m => OfGradient(folder, m));
    }

    private static MethodReference OfCam(string folder, string network, JsonElement entry) => new(
        network, entry.GetProperty("method").GetString()!, $"{folder}/{entry.GetProperty("file").GetString()}",
        Read(entry), Math.Max(1e-5, 20 * entry.GetProperty("float32").GetDouble()), false,
        entry.TryGetProperty("near_threshold", out var near) ? near : null);

    private static MethodReference OfGradient(string folder, JsonElement entry)
    {
        string file = $"{folder}/{entry.GetProperty("file").GetString()}";
        double tolerance = OnAKink.GetValueOrDefault(file, entry.GetProperty("tolerance").GetDouble());
        bool isSum = entry.GetProperty("layout").GetString()!.Contains("channels summed", StringComparison.Ordinal);
        return new(
            entry.GetProperty("case").GetString()!, entry.GetProperty("method").GetString()!, file, Read(entry), tolerance, isSum, null);
    }

    private static Dictionary<string, JsonElement> Read(JsonElement entry) =>
        entry.GetProperty("parameters").EnumerateObject().ToDictionary(p => p.Name, p => p.Value);
}
