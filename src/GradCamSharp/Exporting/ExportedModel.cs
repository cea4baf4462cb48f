using OnnxGrad;

namespace GradCamSharp.Exporting;

/// <summary>A model that was written with its explanation inside.</summary>
/// <param name="Path">The file.</param>
/// <param name="DataPath">The file beside it that holds the weights; null where it holds them itself.</param>
/// <param name="Bytes">The size of both together.</param>
/// <param name="Opset">The opset it is written for.</param>
/// <param name="Layer">The layer that it explains.</param>
/// <param name="Inputs">What it takes.</param>
/// <param name="Outputs">What it answers with: the model's own outputs, then those of the explanation.</param>
/// <param name="Difference">
/// The largest difference between its maps and the library's own in the check run, over the map's largest absolute value; not a number
/// where a check was not possible because all maps were empty, or 16-bit weights chose another class.
/// </param>
/// <param name="Notes">What a user should know of, in whole sentences.</param>
public sealed record ExportedModel(
    string Path,
    string? DataPath,
    long Bytes,
    long Opset,
    Layers.Layer Layer,
    IReadOnlyList<ValueDeclaration> Inputs,
    IReadOnlyList<ValueDeclaration> Outputs,
    double Difference,
    IReadOnlyList<string> Notes);
