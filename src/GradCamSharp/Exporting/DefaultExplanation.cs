using GradCamSharp.Methods;
using GradCamSharp.Output;
using OnnxGrad;

namespace GradCamSharp.Exporting;

/// <summary>How a model's maps are made where nothing else is asked for, as its own metadata says.</summary>
/// <param name="Method">The method's name.</param>
/// <param name="Layer">The layer that is explained, an ONNX value's name.</param>
public sealed record DefaultExplanation(string Method, string Layer)
{
    /// <summary>The key of the model's metadata that holds the method's name.</summary>
    public const string MethodKey = "gradcam.default.method";

    /// <summary>The key of the model's metadata that holds the layer's name.</summary>
    public const string LayerKey = "gradcam.default.layer";

    /// <summary>What a model's metadata says; null where it says nothing.</summary>
    /// <param name="metadata">The metadata.</param>
    /// <exception cref="InvalidDataException">One of the two is missing, or there is no such method.</exception>
    public static DefaultExplanation? Of(IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        string? method = metadata.GetValueOrDefault(MethodKey), layer = metadata.GetValueOrDefault(LayerKey);
        if (method is null && layer is null)
            return null;
        if (string.IsNullOrEmpty(method) || string.IsNullOrEmpty(layer))
        {
            throw new InvalidDataException(
                $"The model's metadata has one of {MethodKey} and {LayerKey} without the other. Write both or none.");
        }

        return CamMethods.All.Any(m => m.Name.Equals(method, StringComparison.OrdinalIgnoreCase)) ? new DefaultExplanation(method, layer)
            : throw new InvalidDataException(
                $"The model's metadata {MethodKey} names '{method}', which is no method of this version. Name a method, or change the " +
                "metadata.");
    }

    /// <summary>The layer as the one to explain, where the options name none.</summary>
    /// <param name="options">How a model is loaded.</param>
    public ExplainerOptions Apply(ExplainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Layer is not null ? options
            : options with { Layer = Layer, LayerReason = $"the default that the model's metadata names, for {Method}" };
    }

    /// <summary>
    /// Writes it into a model's file, whose graph and weights stay as they are; weights in other files are left where they are. The file is
    /// replaced whole or not at all.
    /// </summary>
    /// <param name="path">An .onnx file.</param>
    /// <exception cref="ModelException">It is no model.</exception>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void WriteTo(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (File.ResolveLinkTarget(path, returnFinalTarget: false) is { } real)
        {
            throw new IOException(
                $"'{path}' is a link to '{real.FullName}', which others may use too. Copy the model, and write into the copy.");
        }

        // What is no model is refused before anything is written.
        _ = OnnxModel.Load(path);
        var entries = new Dictionary<string, string> { [MethodKey] = Method, [LayerKey] = Layer };
        AtomicFile.Write(path, target => OnnxModel.CopyWithMetadata(path, target, entries));
    }
}
