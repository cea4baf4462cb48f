using System.Reflection;
using System.Security.Cryptography;
using GradCamSharp.Compilation;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Models;
using OnnxGrad;

namespace GradCamSharp.Exporting;

/// <summary>Writes an explained model: the graph that the library itself runs, the model's own outputs kept.</summary>
internal static class ModelExporter
{
    public static ExportedModel Export(Explainer explainer, string path, ExportOptions options, CancellationToken cancellationToken)
    {
        Refuse(explainer, path, options);
        cancellationToken.ThrowIfCancellationRequested();
        var notes = new List<string>(explainer.Analysis.Model.Notes);
        var finished = Compile(explainer, options, notes).ForExchange(options.Opset);
        using var folder = new ExportFolder(path);
        finished.Save(folder.Model, new SaveOptions { ExternalData = options.ExternalData, Float16Weights = options.Float16Weights });
        bool besides = OnnxModel.Load(folder.Model).HasExternalData;
        var check = ExportCheck.Run(explainer, folder.Model, options, cancellationToken);
        notes.AddRange(check.Notes);
        long bytes = new FileInfo(folder.Model).Length + (besides ? new FileInfo(folder.Data).Length : 0);
        folder.MoveOut(besides);
        return new ExportedModel(path, besides ? path + ".data" : null, bytes,
            finished.Opset, explainer.Layer, finished.Inputs, finished.Outputs, check.Difference, notes);
    }

    private static void Refuse(Explainer explainer, string path, ExportOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (options.Methods.Count == 0)
            throw new ArgumentException("Name at least one method.", nameof(options));
        if (options.Methods.FirstOrDefault(m => m is not GraphMethod) is { } many)
        {
            throw new ModelException(
                $"The method '{many.Name}' runs the network many times, and so is no part of a graph that could be exported. " +
                $"Choose one that is, such as {CamMethods.Default.Name}.");
        }

        if ((options.ClassesAsInput || options.Top > 1)
            && options.Methods.OfType<GraphMethod>().FirstOrDefault(m => m.TakesOneClass) is { } single)
        {
            throw new ModelException(
                $"A graph explains one class alone by '{single.Name}'. Export it for the most probable class, or choose another method.");
        }

        // Outputs are named by their methods, and a reader of the file has nothing else to tell them apart.
        if (options.Methods.CountBy(m => m.Name).FirstOrDefault(m => m.Value > 1) is { Value: > 1 } twice)
            throw new ArgumentException($"Two methods are called '{twice.Key}'. Export them into two files.", nameof(options));
        if (!options.ClassesAsInput && (options.Top < 1 || options.Top > explainer.ClassCount))
        {
            throw new ModelException($"'{explainer.ModelName}' has {explainer.ClassCount} classes: " +
                $"the number of classes to explain is one from 1 to {explainer.ClassCount}, not {options.Top}.");
        }
        if (options.Opset < OnnxModel.OldestOpset)
        {
            throw new ModelException($"Opset {options.Opset} is too old: the graph needs opset {OnnxModel.OldestOpset}, " +
                "which ONNX Runtime knows since version 1.14. " +
                $"Name one from {OnnxModel.OldestOpset} to {OnnxModel.NewestOpset}, or none.");
        }

        if (explainer.Analysis.Model.IsReadFrom(path))
            throw new ModelException($"'{path}' is the model that is to be exported, or holds its weights. Give another name.");
        if (explainer.Analysis.Model.IsReadFrom(path + ".data"))
            throw new ModelException($"'{path}.data' holds the weights of the model that is to be exported. Give another name.");
        if (explainer.Metadata.ContainsKey(ExportMetadata.Methods))
            throw new ModelException($"'{explainer.ModelName}' is an exported model already. Export the original again.");
    }

    private static OnnxModel Compile(Explainer explainer, ExportOptions options, List<string> notes)
    {
        var (analysis, input) = (explainer.Analysis, explainer.Input);
        var model = analysis.Model.Copy();
        var graph = model.Graph;
        var scores = ExplanationGraph.ScoresOf(graph, analysis);
        // Static lengths are compiled in; a declaration that leaves them open would promise what the graph does not keep.
        if (input.Declared != input.Shape)
        {
            notes.Add($"The input '{input.Name}' is declared {input.Declared}; the exported model takes {input.Shape}.");
            model.Declare(input.Name, input.Shape);
        }

        if (options.ClassesAsInput)
        {
            ExplanationGraph.AppendMaps(model, analysis, explainer.Layer, options.Methods, Given(graph, scores), several: true);
        }
        else
        {
            var chosen = scores.TopIndices(options.Top, axis: 1);
            graph.Output(ExplanationGraph.Classes, chosen);
            ExplanationGraph.AppendMaps(model, analysis, explainer.Layer, options.Methods, chosen, several: options.Top > 1);
            foreach (var method in options.Methods)
                model.Declare(ExplanationGraph.OutputOf(method), new Shape(Dimension.Batch, options.Top));
        }

        graph.Prune();
        Describe(model, explainer, options);
        return model;
    }

    /// <summary>The classes that the caller names, [N, K]: negative ones counted from the end, one row repeated for all items.</summary>
    private static Tensor Given(Graph graph, Tensor scores)
    {
        var input = graph.Input(ExplanationGraph.Classes, ElementType.Int64, new Shape(Dimension.Batch, new Dimension("M")));
        var items = scores.ShapeAtRunTime().Gather(graph.Constant([0]), 0);
        var rows = graph.Append("Concat", [items, graph.Constant([1])], ElementType.Int64, new Shape(2), ("axis", 0L));
        var repeated = graph.Append("Expand", [input, rows], ElementType.Int64, new Shape(scores.Shape[0], new Dimension("M")));
        return Tensor.Where(repeated < 0, repeated + scores.Shape[1].Value, repeated);
    }

    private static void Describe(OnnxModel model, Explainer explainer, ExportOptions options)
    {
        model.SetMetadata(ExportMetadata.Methods, string.Join(',', options.Methods.Select(m => m.Name)));
        model.SetMetadata(ExportMetadata.Layer, explainer.Layer.Name);
        model.SetMetadata(ExportMetadata.Classes, options.ClassesAsInput ? "input" : FormattableString.Invariant($"top{options.Top}"));
        string version = typeof(ModelExporter).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        model.SetMetadata(ExportMetadata.Version, version.Split('+')[0]);
        if (File.Exists(explainer.ModelName))
        {
            using var stream = File.OpenRead(explainer.ModelName);
            model.SetMetadata(ExportMetadata.SourceSha256, Convert.ToHexStringLower(SHA256.HashData(stream)));
            model.SetMetadata(ExportMetadata.SourceName, Path.GetFileName(explainer.ModelName));
        }

        if (options.SidecarFiles is not { } sidecars)
            return;
        if (sidecars.LabelsSource is not null)
            model.SetMetadata(SidecarFiles.LabelsKey, sidecars.Labels.ToJson());
        if (!sidecars.IsPreprocessingAssumed)
            model.SetMetadata(SidecarFiles.PreprocessorKey, PreprocessingFile.ToJson(Fitted(sidecars.Preprocessing, explainer)));
    }

    /// <summary>The preprocessing at the model's own input size.</summary>
    private static Preprocessing Fitted(Preprocessing preprocessing, Explainer explainer)
    {
        var spatial = explainer.Input.Spatial;
        return spatial.Rank == 2 ? preprocessing.ForSize(new PixelSize((int)spatial[1], (int)spatial[0])) : preprocessing;
    }
}
