using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Experiments;
using GradCamSharp.Evaluation.Experiments.Trust;
using GradCamSharp.Evaluation.Experiments.Trust.Measuring;
using GradCamSharp.Layers;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Evaluation.Comparing;

/// <summary>A method that is no candidate, because it does not apply to the model.</summary>
/// <param name="Name">The method's name, with @ and the layer's where that is not the default.</param>
/// <param name="Reason">Why.</param>
public sealed record NoCandidate(string Name, string Reason);

/// <summary>The candidates of a comparison: methods at layers, those of the same maps once.</summary>
/// <param name="Names">The names of those that are measured.</param>
/// <param name="Same">For a name those of others whose maps are the same.</param>
/// <param name="Others">Those that do not apply to the model.</param>
public sealed record Candidates(
    IReadOnlyList<string> Names, IReadOnlyDictionary<string, IReadOnlyList<string>> Same, IReadOnlyList<NoCandidate> Others)
{
    /// <summary>Maps that nowhere differ by more are the same.</summary>
    public const double SameMap = 1e-4;

    private const int LooksAt = 8, MostLayers = 4;

    /// <summary>Finds the candidates.</summary>
    /// <param name="explainer">The model.</param>
    /// <param name="data">The pictures, of which eight are looked at.</param>
    /// <param name="options">What is asked for.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ArgumentException">There is no such method, or one that is named does not apply.</exception>
    /// <exception cref="ModelException">There is no such layer.</exception>
    internal static Candidates Find(PictureExplainer explainer, DataSet data, CompareOptions options, CancellationToken cancellationToken)
    {
        var layers = LayersOf(explainer.Model, options.Layers);
        bool isAll = options.Methods.Any(m => m.Equals(CompareOptions.All, StringComparison.OrdinalIgnoreCase));
        bool isNamed = options.Methods.Count > 0 && !isAll;
        ExplanationMethod[] methods = isNamed ? [.. options.Methods.Select(CamMethods.Find).Distinct()]
            : [.. CamMethods.All.OfType<GraphMethod>().Where(m => isAll || (m.Family == MethodFamily.Cam && !m.IsPixelSpace))];
        var names = new List<string>();
        var others = new List<NoCandidate>();
        foreach (var (layer, isDefault) in layers)
        {
            foreach (var method in methods)
            {
                cancellationToken.ThrowIfCancellationRequested();
                string name = MeasuredMethod.NameOf(method, isDefault ? null : layer.Name);
                // A map at the input's resolution is the same whichever layer is named.
                if (!isDefault && method.IsPixelSpace)
                    continue;
                if (WhyNot(explainer.Model, method, layer, cancellationToken) is not { } reason)
                    names.Add(name);
                else if (isNamed && layers.Count == 1)
                    throw new ArgumentException(reason);
                else
                    others.Add(new NoCandidate(name, reason));
            }
        }

        if (names.Count == 0)
            throw new ArgumentException($"No candidate applies to this model: {others[0].Reason}");
        return Merge(names, others, explainer, data, options.Seed, cancellationToken);
    }

    private static List<(Layer Layer, bool IsDefault)> LayersOf(Explainer model, IReadOnlyList<string> asked)
    {
        if (asked.Count == 0)
            return [(model.Layer, true)];
        if (!asked.Any(l => l.Equals(CompareOptions.Auto, StringComparison.OrdinalIgnoreCase)))
        {
            return [.. asked.Distinct(StringComparer.Ordinal).Select(name => model.FindLayer(name))
                .Select(layer => (layer, layer.Name == model.Layer.Name))];
        }

        // From the scores back: the last layer of every other resolution.
        var seen = new HashSet<string>(StringComparer.Ordinal) { model.Layer.Spatial.ToString() };
        var chosen = new List<(Layer, bool)> { (model.Layer, true) };
        foreach (var layer in model.FindLayers().Reverse())
        {
            if (chosen.Count < MostLayers && SpatialOf(layer) is { Rank: 2, IsStatic: true } spatial && spatial.Size.Value > 1
                && seen.Add(spatial.ToString()))
                chosen.Add((layer, false));
        }

        return chosen;
    }

    private static Shape? SpatialOf(Layer layer)
    {
        try
        {
            return layer.Spatial;
        }
        catch (ModelException)
        {
            // How its tokens lie is not known: it cannot be shown on a picture.
            return null;
        }
    }

    // Methods of many runs are found out by the run: to try one takes as long as to explain a picture.
    private static string? WhyNot(Explainer model, ExplanationMethod method, Layer layer, CancellationToken cancellationToken)
    {
        if (method is not GraphMethod)
            return null;
        try
        {
            var shape = model.Input.Shape.With(0, 1);
            model.Explain(new float[shape.Size.Value], shape, [method], [ClassRequest.Top1], layer, cancellationToken);
            return null;
        }
        catch (ModelException e)
        {
            return e.Message;
        }
    }

    private static Candidates Merge(
        List<string> names, List<NoCandidate> others, PictureExplainer explainer, DataSet data, ulong seed,
        CancellationToken cancellationToken)
    {
        var measurer = new MapMeasurer(
            explainer.Model, InputSpace.Of(explainer.Preprocessing, explainer.Channels), new MeasuredMethods(names, takesAll: true), seed,
            cancellationToken);
        var maps = PreparedInputs.Of(explainer, ChosenPictures.Spread(data, LooksAt, seed), LooksAt).Select(input =>
        {
            float[] planes = measurer.ToPlanes(input.Values.Span);
            var explained = measurer.Explain(planes, [ClassRequest.Top1], measurer.Whole);
            return measurer.AllMaps(input.Id, explained, 0, measurer.Whole);
        }).ToArray();
        var kept = new List<int>();
        var same = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        for (int i = 0; i < names.Count; i++)
        {
            int first = maps.Length == 0 ? -1 : kept.FindIndex(k => maps.All(m => AreSame(m[k].AtInput.Span, m[i].AtInput.Span)));
            if (first < 0)
                kept.Add(i);
            else
                same[names[kept[first]]] = [.. same.GetValueOrDefault(names[kept[first]], []), names[i]];
        }

        return new Candidates([.. kept.Select(i => names[i])], same, others);
    }

    private static bool AreSame(ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        for (int i = 0; i < one.Length; i++)
        {
            if (Math.Abs(one[i] - other[i]) > SameMap)
                return false;
        }

        return true;
    }
}
