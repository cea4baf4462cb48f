using System.Globalization;
using GradCamSharp.Imaging;
using GradCamSharp.Layers;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
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
internal sealed record ExplainQuery(
    ServedModel Model,
    Layer Layer,
    IReadOnlyList<ExplanationMethod> Methods,
    IReadOnlyList<ClassRequest> Classes,
    MapForm Maps,
    ColorMap Colors,
    float Opacity,
    string? Picture)
{
    private const int MostClasses = 100;
    private static readonly string[] Known = ["model", "layer", "method", "class", "maps", "colormap", "opacity", "picture", "token"];

    /// <summary>Reads the query of a request.</summary>
    /// <exception cref="RefusedException">A parameter is not known or names what does not exist.</exception>
    public static ExplainQuery Parse(IQueryCollection query, ModelShelf models)
    {
        string? unknown = query.Keys.FirstOrDefault(k => !Known.Contains(k));
        if (unknown is not null)
            throw BadRequest($"There is no parameter '{Shown(unknown)}'. The parameters are {string.Join(", ", Known.SkipLast(1))}.");
        foreach (string name in Known.Where(n => n != "class"))
        {
            if (query[name].Count > 1)
                throw BadRequest($"The parameter '{name}' is given twice.");
        }

        try
        {
            var model = models.Find(One(query, "model"));
            var explainer = model.Explainer;
            var methods = CamMethods.Parse(One(query, "method") ?? CamMethods.Default.Name);
            if (methods.Count == 0)
                throw BadRequest("The parameter 'method' names no method.");
            // Thousands of runs for one request would keep everybody else waiting.
            if (methods.FirstOrDefault(m => m is not GraphMethod) is { } slow)
            {
                throw BadRequest($"The method '{slow.Name}' runs the network many times ({slow.Cost}), which this server does not do. " +
                    "Use it outside of the server: on the command line, or in the library.");
            }

            var named = query.ContainsKey("class") ? query["class"].OfType<string>() : ["top1"];
            var classes = ClassNames.Parse(named, explainer.Labels, explainer.Model.ClassCount);
            if (classes.Count is 0 or > MostClasses)
                throw BadRequest($"The parameter 'class' names {classes.Count} classes; 1 to {MostClasses} are explained at once.");
            string maps = One(query, "maps") ?? "none";
            if (!Enum.TryParse<MapForm>(maps, ignoreCase: true, out var form) || !Enum.IsDefined(form) || char.IsAsciiDigit(maps[0]))
                throw BadRequest($"The parameter 'maps' is '{Shown(maps)}'; it is none, float32, png or overlay.");
            string opacity = One(query, "opacity") ?? "0.75";
            if (!float.TryParse(opacity, NumberStyles.Float, CultureInfo.InvariantCulture, out float share) || share is not (>= 0 and <= 1))
                throw BadRequest($"The parameter 'opacity' is '{Shown(opacity)}'; it is a number from 0 to 1.");
            var colors = ColorMap.Parse(One(query, "colormap") ?? ColorMap.Turbo.Name);
            return new ExplainQuery(model, model.Layer(One(query, "layer")), methods, classes, form, colors, share,
                One(query, "picture"));
        }
        catch (Exception e) when (e is ArgumentException or ModelException)
        {
            throw BadRequest(e.Message);
        }
    }

    /// <summary>The value of a parameter; null where it is absent or empty.</summary>
    public static string? One(IQueryCollection query, string name) => query[name].ToString() is { Length: > 0 } value ? value : null;
}
