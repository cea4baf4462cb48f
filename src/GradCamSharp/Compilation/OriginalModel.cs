using OnnxGrad;

namespace GradCamSharp.Compilation;

/// <summary>The original inside a model that was exported with its explanation.</summary>
internal static class OriginalModel
{
    /// <summary>The model without the maps that an export appended to it; a model that is none is answered as it is.</summary>
    public static OnnxModel Of(OnnxModel model)
    {
        if (!model.Metadata.ContainsKey(ExportMetadata.Methods) || !model.Outputs.Any(o => IsAppended(o.Name)))
            return model;
        var original = model.Copy();
        foreach (string output in original.Graph.Outputs.Where(IsAppended).ToList())
            original.Graph.RemoveOutput(output);
        original.Graph.Prune(original: true);
        foreach (string input in original.Graph.Inputs.Where(IsAppended).ToList())
            original.Graph.RemoveInput(input);
        return original;
    }

    private static bool IsAppended(string name) => name.StartsWith(ExplanationGraph.Prefix, StringComparison.Ordinal);
}
