using System.Collections.Immutable;
using System.Reflection;
using GradCamSharp.Analysis;
using GradCamSharp.Compilation;
using GradCamSharp.Errors;
using GradCamSharp.Heads;
using GradCamSharp.Heads.Recognition;
using GradCamSharp.Layers;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using Microsoft.ML.OnnxRuntime;
using OnnxGrad;

namespace GradCamSharp.Exporting;

/// <summary>What is exported of a model with any outputs.</summary>
public sealed record TargetExportOptions
{
    /// <summary>The methods; each becomes an output <c>explain_METHOD</c>. All are part of the graph.</summary>
    public IReadOnlyList<GraphMethod> Methods { get; init; } = [new HiResCam()];

    /// <summary>What is explained; null for what the model is usually asked for.</summary>
    public Target? Target { get; init; }

    /// <summary>How many of the best boxes, where the target is <c>box:0</c>.</summary>
    public int Top { get; init; } = 1;

    /// <summary>What the inputs beside the picture's are fed when the model is looked at.</summary>
    public ImmutableDictionary<string, InputTensor> Others { get; init; } = ImmutableDictionary<string, InputTensor>.Empty;

    /// <summary>Reads the vector that a similarity names; null where none does.</summary>
    public Func<string, float[]>? VectorOf { get; init; }

    /// <summary>The opset to write for; null for the oldest possible.</summary>
    public long? Opset { get; init; }
}

/// <summary>Writes models of any outputs with their explanation inside.</summary>
public static class TargetExporter
{
    /// <summary>
    /// Writes the model with the maps of a target inside, as one .onnx file: the model's own inputs and outputs, and <c>explain_METHOD</c>
    /// float [1, K, h, w]; of a detector's boxes also <c>explain_rows</c> and <c>explain_classes</c>, int64 [1, K], -1 where there are
    /// fewer
    /// than K. A box's map is that of its own level, at the resolution of the finest.
    /// </summary>
    /// <param name="explainer">The model.</param>
    /// <param name="path">The file; one that is there is replaced. Not the model's own.</param>
    /// <param name="options">Methods and target; null for HiResCAM of what the model is usually asked for.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="ExplanationException">The graph cannot choose what the target names.</exception>
    /// <exception cref="ModelException">A method does not apply, or the path is the model's own.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static ExportedModel Export(this TargetExplainer explainer, string path, TargetExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new TargetExportOptions();
        if (explainer.DependsOnData)
        {
            throw new ExplanationException(
                ExplanationError.UnknownTarget,
                $"'{explainer.ModelName}' cannot be exported: how long its values are depends on what it sees (it thins out boxes inside).",
                "Export the network without its last step, or explain it with this library.");
        }

        return explainer.AtZeros(options.Others, (analysis, reading, layers) => Write(analysis, reading, layers, path, options));
    }

    private static ExportedModel Write(
        TargetAnalysis analysis, HeadReading reading, IReadOnlyList<Layer> layers, string path, TargetExportOptions options)
    {
        if (analysis.Model.IsReadFrom(path))
            throw new ModelException($"'{path}' is the model that is to be exported, or holds its weights. Give another name.");
        var target = options.Target ?? analysis.Head.Default ?? throw new ExplanationException(
            ExplanationError.UnknownTarget, $"'{analysis.Model.Name}' has no natural target: {analysis.Head.Reason}.",
            $"Name one: {analysis.Head.Examples}.");
        var model = analysis.Model.Copy();
        var graph = model.Graph;
        string[] own = [.. analysis.Context.Outputs.Select(o => o.Name)];
        analysis.Head.VectorOf = options.VectorOf;
        reading.VectorOf = options.VectorOf;
        GraphSeeds seeds;
        try
        {
            seeds = TargetReader.Seeds(target, analysis.Head, options.Top, reading, graph);
        }
        finally
        {
            analysis.Head.VectorOf = null;
        }

        foreach (string output in graph.Outputs.Except(own).ToList())
            graph.RemoveOutput(output);
        foreach (var (name, value) in seeds.Told)
            graph.Output(ExplanationGraph.Prefix + name, value);
        foreach (var method in options.Methods)
            graph.Output(ExplanationGraph.OutputOf(method), Map(model, method, layers, seeds, analysis.Input));
        graph.Prune();
        model.Declare(analysis.Input.Name, analysis.Input.Shape);
        Describe(model, target, layers, options);
        var finished = model.ForExchange(options.Opset);
        using var folder = new ExportFolder(path);
        finished.Save(folder.Model, new SaveOptions());
        bool besides = OnnxModel.Load(folder.Model).HasExternalData;
        using (var session = new SessionOptions())
            OnnxModel.Load(folder.Model).OpenSession(session).Dispose();
        long bytes = new FileInfo(folder.Model).Length + (besides ? new FileInfo(folder.Data).Length : 0);
        folder.MoveOut(besides);
        return new ExportedModel(
            path, besides ? path + ".data" : null, bytes, finished.Opset, layers[0], finished.Inputs, finished.Outputs, double.NaN,
            layers.Count > 1 ? [$"A map is that of the box's own level: {string.Join(", ", layers.Select(l => l.Name))}."] : []);
    }

    /// <summary>The map of the last level that the score sees, at the resolution of the first, [1, K, h, w].</summary>
    private static Tensor Map(OnnxModel model, GraphMethod method, IReadOnlyList<Layer> layers, GraphSeeds seeds, ModelInput input)
    {
        Tensor? sum = null, free = null;
        foreach (var layer in OwnLevel.InOrder(model.Graph, layers).Reverse())
        {
            var map = method.Map(new MapContext(model, layer, seeds.Seeds, input.Name, input.IsChannelsLast));
            if (layers.Count == 1 || method.IsPixelSpace)
                return map.Unmap(1).Cast(ElementType.Float);
            var sees = (map.Abs().Max([.. Enumerable.Range(1, map.Rank - 1).Select(i => (long)i)]) > 0).Cast(map.Type);
            var up = map.Unsqueeze(1).ResizeLinear(layers[0].Spatial).Squeeze(1);
            var part = up * (free is { } f ? sees * f : sees);
            sum = sum is { } before ? before + part : part;
            free = free is { } left ? left * (1 - sees) : 1 - sees;
        }

        return sum!.Value.Unmap(1).Cast(ElementType.Float);
    }

    private static void Describe(OnnxModel model, Target target, IReadOnlyList<Layer> layers, TargetExportOptions options)
    {
        model.SetMetadata(ExportMetadata.Methods, string.Join(',', options.Methods.Select(m => m.Name)));
        model.SetMetadata(ExportMetadata.Layer, string.Join(',', layers.Select(l => l.Name)));
        model.SetMetadata(ExportMetadata.Target, target.Spec);
        string version = typeof(TargetExporter).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        model.SetMetadata(ExportMetadata.Version, version.Split('+')[0]);
    }
}
