using GradCamSharp.Evaluation.Baselines;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Runtime;
using OnnxGrad;

namespace GradCamSharp.Evaluation.Experiments;

/// <summary>The methods of a run, and how each one's raw maps become evidence from 0 to 1.</summary>
internal sealed class MeasuredMethods
{
    private readonly IReadOnlyList<ExplanationMethod?> methods;

    /// <param name="names">Names of methods; <see cref="CentreBaseline.Name"/> is one beside others.</param>
    /// <exception cref="ArgumentException">There is no such method, or none at all.</exception>
    public MeasuredMethods(IReadOnlyList<string> names)
    {
        methods = [.. names.Select(Find).Distinct()];
        Names = [.. methods.Select(m => m?.Name ?? CentreBaseline.Name)];
        Computed = [.. methods.OfType<ExplanationMethod>()];
        if (Computed.Count == 0)
        {
            throw new ArgumentException($"Name at least one method; '{CentreBaseline.Name}' is a baseline beside them. " +
                $"The methods are {string.Join(", ", CamMethods.All.Select(m => m.Name))}.");
        }
    }

    /// <summary>The names, each once, in the order given.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Those that a model computes.</summary>
    public IReadOnlyList<ExplanationMethod> Computed { get; }

    public int Count => methods.Count;

    /// <summary>The evidence of a method at the network's input: L of Eq. 11, [H, W] from 0 to 1, and whether it is empty.</summary>
    public ReadOnlySpan<float> AtInput(int method, MapBatch batch, int item, int @class, PreparedPicture prepared, out bool isEmpty)
    {
        isEmpty = false;
        if (methods[method] is not { } computed)
            return CentreBaseline.Map(prepared.Input.Size);
        var map = FromRaw(computed, batch, item, @class, prepared);
        isEmpty = map.IsEmpty;
        return map.AtInput.Span;
    }

    /// <summary>The evidence of a method on the original picture, [Height, Width] from 0 to 1, and whether it is empty.</summary>
    public ReadOnlySpan<float> OnPicture(int method, MapBatch batch, int item, int @class, PreparedPicture prepared, out bool isEmpty)
    {
        isEmpty = false;
        if (methods[method] is not { } computed)
            return CentreBaseline.Map(prepared.Geometry.Original);
        var map = FromRaw(computed, batch, item, @class, prepared);
        isEmpty = map.IsEmpty;
        return map.Values;
    }

    private static ExplanationMethod? Find(string name) =>
        name.Equals(CentreBaseline.Name, StringComparison.OrdinalIgnoreCase) ? null
        : CamMethods.All.FirstOrDefault(m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException(
            $"There is no method '{name}'. The methods are {string.Join(", ", CamMethods.All.Select(m => m.Name))}; " +
            $"'{CentreBaseline.Name}' is a baseline beside them.");

    private static HeatMap FromRaw(ExplanationMethod method, MapBatch batch, int item, int @class, PreparedPicture prepared)
    {
        var (input, geometry) = (prepared.Input.Size, prepared.Geometry);
        var maps = batch.Maps[method];
        var raw = maps[item, @class];
        if (method.IsPixelSpace)
            return HeatMap.FromRaw(Rendering.Strength(raw, input), input.Height, input.Width, geometry);
        if (method.ShowsPositivePart)
            raw = Array.ConvertAll(raw.ToArray(), v => Math.Max(0, v));
        return maps.Shape.Rank == 4
            ? HeatMap.FromRaw(raw, (int)maps.Shape[2], (int)maps.Shape[3], geometry)
            : throw new ModelException(
                $"The layer's maps have the shape {maps.Shape}; on a picture they need two axes. Choose another layer.");
    }
}
