using System.Globalization;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Web.Hosting;
using Microsoft.AspNetCore.Http;
using OnnxGrad;
using static GradCamSharp.Web.Hosting.RefusedException;

namespace GradCamSharp.Web.Serving;

/// <summary>How maps are sent.</summary>
internal enum MapForm
{
    /// <summary>Not at all: what is said of them alone.</summary>
    None,

    /// <summary>The raw values.</summary>
    Float32,

    /// <summary>The map alone in colours, of the picture's size; gradients in pixel space of the network's input's.</summary>
    Png,

    /// <summary>The map on the picture.</summary>
    Overlay,
}

/// <summary>What a request asks for, checked against the models that are served.</summary>
/// <param name="Model">The model.</param>
/// <param name="Methods">The methods; empty for the one that suits the model.</param>
/// <param name="Asked">What is explained.</param>
/// <param name="Maps">How maps are sent.</param>
/// <param name="Colors">The colours.</param>
/// <param name="Opacity">The opacity of the strongest evidence.</param>
/// <param name="Picture">The handle of a kept picture; null where the body holds one.</param>
/// <param name="Run">The name under which its caller asks how far it is; null where nobody asks.</param>
/// <param name="Runs">About how often the network runs.</param>
/// <param name="Seconds">About how long that takes.</param>
internal sealed record ExplainQuery(
    ServedModel Model, IReadOnlyList<ExplanationMethod> Methods, Asked Asked, MapForm Maps, ColorMap Colors, float Opacity,
    string? Picture, string? Run, long Runs, double Seconds)
{
    /// <summary>Runs that are estimated to take longer than this many seconds are better asked about first.</summary>
    public const double AskFrom = 10;

    // From here on a run has a place of its own, so that others do not wait for it.
    private const double LongFrom = 5;

    private static readonly string[] Repeated = ["class", "target", "set", "text"];
    private static readonly string[] Choosing = ["model", "layer", "method", "set", "class", "target", "text"];
    private static readonly string[] Known = [.. Choosing, "maps", "colormap", "opacity", "picture", "run", "token"];

    /// <summary>Whether a film's frames are answered beside their maps.</summary>
    public bool HasFrames { get; private init; }

    /// <summary>Whether it is expected to take long.</summary>
    public bool IsLong => Seconds > LongFrom;

    /// <summary>Reads the query of a request.</summary>
    /// <exception cref="RefusedException">A parameter is not known or names what does not exist.</exception>
    public static ExplainQuery Parse(IQueryCollection query, ModelShelf models) => Parse(query, models, Known);

    /// <summary>The same of a request with a film.</summary>
    /// <exception cref="RefusedException">A parameter is not known or names what does not exist.</exception>
    public static ExplainQuery ParseFilm(IQueryCollection query, ModelShelf models)
    {
        string frames = One(query, "frames") ?? "none";
        var parsed = Parse(query, models, [.. Choosing, "maps", "colormap", "opacity", "frames", "run", "token"]);
        return frames is "none" or "jpeg" ? parsed with { HasFrames = frames == "jpeg" }
            : throw BadRequest($"The parameter 'frames' is '{Shown(frames)}'; it takes none or jpeg.");
    }

    /// <summary>The same of a request that asks how long it would take: it names no picture and no form of maps.</summary>
    /// <exception cref="RefusedException">A parameter is not known or names what does not exist.</exception>
    public static ExplainQuery ParseChoice(IQueryCollection query, ModelShelf models) => Parse(query, models, [.. Choosing, "token"]);

    private static ExplainQuery Parse(IQueryCollection query, ModelShelf models, string[] known)
    {
        CheckNames(query, known);
        try
        {
            var model = models.Find(One(query, "model"));
            var asked = Asked.Parse(query, model);
            var methods = MethodsOf(query, asked, model.Method);
            string maps = One(query, "maps") ?? "none";
            if (!Enum.TryParse<MapForm>(maps, ignoreCase: true, out var form) || !Enum.IsDefined(form) || char.IsAsciiDigit(maps[0]))
                throw BadRequest($"The parameter 'maps' is '{Shown(maps)}'; it takes none, float32, png or overlay.");
            string opacity = One(query, "opacity") ?? "0.75";
            if (!float.TryParse(opacity, NumberStyles.Float, CultureInfo.InvariantCulture, out float share) || share is not (>= 0 and <= 1))
                throw BadRequest($"The parameter 'opacity' is '{Shown(opacity)}'; it is a number from 0 to 1.");
            var colors = ColorMap.Parse(One(query, "colormap") ?? ColorMap.Turbo.Name);
            var (runs, seconds) = Estimate(model, methods, asked);
            return new ExplainQuery(model, methods, asked, form, colors, share, One(query, "picture"), One(query, "run"), runs, seconds);
        }
        catch (Exception e) when (e is ArgumentException or ModelException)
        {
            throw BadRequest(e.Message);
        }
    }

    /// <summary>Refuses parameters that are not known, and those that are given twice.</summary>
    /// <exception cref="RefusedException">There is one.</exception>
    public static void CheckNames(IQueryCollection query, string[] known)
    {
        string? unknown = query.Keys.FirstOrDefault(k => !known.Contains(k));
        if (unknown is not null)
            throw BadRequest($"There is no parameter '{Shown(unknown)}'. The parameters are {string.Join(", ", known.SkipLast(1))}.");
        foreach (string name in known.Except(Repeated))
        {
            if (query[name].Count > 1)
                throw BadRequest($"The parameter '{name}' is given twice.");
        }
    }

    /// <summary>The value of a parameter; null where it is absent or empty.</summary>
    public static string? One(IQueryCollection query, string name) => query[name].ToString() is { Length: > 0 } value ? value : null;

    private static List<ExplanationMethod> MethodsOf(IQueryCollection query, Asked asked, ExplanationMethod usual)
    {
        string? names = One(query, "method") ?? (asked.Classes is null ? null : usual.Name);
        List<ExplanationMethod> methods = names is null ? [] : [.. CamMethods.Parse(names)];
        if (names is not null && methods.Count == 0)
            throw BadRequest("The parameter 'method' names no method.");
        foreach (string setting in query["set"].OfType<string>())
        {
            int dot = setting.IndexOf('.', StringComparison.Ordinal), equals = setting.IndexOf('=', StringComparison.Ordinal);
            if (dot < 1 || equals < dot + 2)
            {
                throw BadRequest(
                    $"The parameter 'set' takes METHOD.NAME=VALUE, such as eigencam.centred=true, not '{Shown(setting)}'.");
            }

            string name = CamMethods.Find(setting[..dot]).Name;
            int at = methods.FindIndex(m => m.Name == name);
            if (at < 0)
                throw BadRequest($"The parameter 'set' is about {name}, which the parameter 'method' does not name.");
            methods[at] = methods[at].With(setting[(dot + 1)..equals].Trim(), setting[(equals + 1)..]);
            MethodBounds.Check(methods[at]);
        }

        return methods;
    }

    private static (long Runs, double Seconds) Estimate(ServedModel model, IReadOnlyList<ExplanationMethod> methods, Asked asked)
    {
        var estimates = methods.Where(m => m is not GraphMethod).Select(m => model.Estimate(m, asked.Layer)).ToList();
        int each = asked.Count;
        return (each * estimates.Sum(e => e.Runs.Whole + e.Runs.Tail), each * estimates.Sum(e => e.Seconds));
    }
}
