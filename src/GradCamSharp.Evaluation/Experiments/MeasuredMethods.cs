using GradCamSharp.Evaluation.Baselines;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Runtime;
using OnnxGrad;

namespace GradCamSharp.Evaluation.Experiments;

/// <summary>What makes a map of a run.</summary>
/// <param name="Name">
/// The name in records: the method's, with @ and the layer's where that is not the model's default; or a baseline's.
/// </param>
/// <param name="Method">The method; null of a baseline, whose map the picture's content does not change.</param>
/// <param name="Layer">The layer's name; null for the model's default.</param>
internal sealed record MeasuredMethod(string Name, ExplanationMethod? Method, string? Layer)
{
    private const char At = '@';

    /// <summary>The name of a method at a layer.</summary>
    public static string NameOf(ExplanationMethod method, string? layer) => layer is null ? method.Name : $"{method.Name}{At}{layer}";

    /// <summary>Reads a name.</summary>
    /// <param name="name">A method's name, with @ and a layer's where it is explained at another than the default.</param>
    /// <param name="takesAll">Whether layers and the random baseline may be named.</param>
    /// <exception cref="ArgumentException">There is no such method.</exception>
    public static MeasuredMethod Parse(string name, bool takesAll)
    {
        foreach (string baseline in takesAll ? (string[])[CentreBaseline.Name, RandomBaseline.Name] : [CentreBaseline.Name])
        {
            if (name.Equals(baseline, StringComparison.OrdinalIgnoreCase))
                return new MeasuredMethod(baseline, null, null);
        }

        int at = takesAll ? name.IndexOf(At, StringComparison.Ordinal) : -1;
        string? layer = at > 0 && at < name.Length - 1 ? name[(at + 1)..] : null;
        string bare = layer is null ? name : name[..at];
        var method = CamMethods.All.FirstOrDefault(m => m.Name.Equals(bare, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException(
                $"There is no method '{bare}'. The methods are {string.Join(", ", CamMethods.All.Select(m => m.Name))}; " +
                $"'{CentreBaseline.Name}' is a baseline beside them.");
        return new MeasuredMethod(NameOf(method, layer), method, layer);
    }
}

/// <summary>The methods of a run, and how each one's raw maps become evidence from 0 to 1.</summary>
internal sealed class MeasuredMethods
{
    /// <param name="names">Names of methods; <see cref="CentreBaseline.Name"/> is one beside others.</param>
    /// <param name="takesAll">Whether layers (method@layer) and the random baseline may be named.</param>
    /// <exception cref="ArgumentException">There is no such method, or none at all.</exception>
    public MeasuredMethods(IReadOnlyList<string> names, bool takesAll = false)
    {
        All = [.. names.Select(name => MeasuredMethod.Parse(name, takesAll)).DistinctBy(m => m.Name)];
        Names = [.. All.Select(m => m.Name)];
        Computed = [.. All.Select(m => m.Method).OfType<ExplanationMethod>().Distinct()];
        if (Computed.Count == 0)
        {
            throw new ArgumentException($"Name at least one method; '{CentreBaseline.Name}' is a baseline beside them. " +
                $"The methods are {string.Join(", ", CamMethods.All.Select(m => m.Name))}.");
        }
    }

    /// <summary>The methods, each once, in the order given.</summary>
    public IReadOnlyList<MeasuredMethod> All { get; }

    /// <summary>The names, each once, in the order given.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Those that a model computes.</summary>
    public IReadOnlyList<ExplanationMethod> Computed { get; }

    public int Count => All.Count;

    /// <summary>The evidence of a method at the network's input: L of Eq. 11, [H, W] from 0 to 1, and whether it is empty.</summary>
    public ReadOnlySpan<float> AtInput(int method, MapBatch batch, int item, int @class, PreparedPicture prepared, out bool isEmpty)
    {
        isEmpty = false;
        if (All[method].Method is not { } computed)
            return CentreBaseline.Map(prepared.Input.Size);
        var map = FromRaw(computed, batch.Maps[computed], item, @class, prepared.Input.Size, prepared.Geometry);
        isEmpty = map.IsEmpty;
        return map.AtInput.Span;
    }

    /// <summary>The evidence of a method on the original picture, [Height, Width] from 0 to 1, and whether it is empty.</summary>
    public ReadOnlySpan<float> OnPicture(int method, MapBatch batch, int item, int @class, PreparedPicture prepared, out bool isEmpty)
    {
        isEmpty = false;
        if (All[method].Method is not { } computed)
            return CentreBaseline.Map(prepared.Geometry.Original);
        var map = FromRaw(computed, batch.Maps[computed], item, @class, prepared.Input.Size, prepared.Geometry);
        isEmpty = map.IsEmpty;
        return map.Values;
    }

    /// <summary>A raw map as evidence from 0 to 1.</summary>
    /// <param name="method">The method that made it.</param>
    /// <param name="maps">Its maps.</param>
    /// <param name="item">The input's place among them.</param>
    /// <param name="class">The class's place.</param>
    /// <param name="input">The input's width and height.</param>
    /// <param name="geometry">Where the input lies in the picture.</param>
    public static HeatMap FromRaw(ExplanationMethod method, Maps maps, int item, int @class, PixelSize input, Geometry geometry)
    {
        var raw = maps[item, @class];
        if (method.IsPixelSpace)
            return HeatMap.FromRaw(MapPlane.Of(method, raw, input), input.Height, input.Width, geometry);
        if (method.ShowsPositivePart)
            raw = Array.ConvertAll(raw.ToArray(), v => Math.Max(0, v));
        return maps.Shape.Rank == 4
            ? HeatMap.FromRaw(raw, (int)maps.Shape[2], (int)maps.Shape[3], geometry)
            : throw new ModelException(
                $"The layer's maps have the shape {maps.Shape}; on a picture they need two axes. Choose another layer.");
    }
}
