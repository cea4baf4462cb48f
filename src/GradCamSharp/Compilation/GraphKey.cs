using GradCamSharp.Layers;
using GradCamSharp.Methods;
using OnnxGrad;

namespace GradCamSharp.Compilation;

/// <summary>What distinguishes one compiled graph of a model from another.</summary>
/// <param name="Input">The input's shape, of one item.</param>
/// <param name="Layer">The explained value.</param>
/// <param name="Format">How it is laid out.</param>
/// <param name="Methods">The methods, in the order of the outputs.</param>
/// <param name="HasSeveralClasses">Whether a run explains more than one class.</param>
/// <param name="Ranks">The largest rank that may be asked for.</param>
/// <param name="IsShared">Whether predictions run in the same session.</param>
internal sealed record GraphKey(
    Shape Input, string Layer, LayerFormat Format, IReadOnlyList<ExplanationMethod> Methods, bool HasSeveralClasses, int Ranks,
    bool IsShared)
{
    public bool Equals(GraphKey? other) => other is not null
        && Input == other.Input && Layer == other.Layer && Format.Equals(other.Format) && HasSeveralClasses == other.HasSeveralClasses
        && Ranks == other.Ranks && IsShared == other.IsShared && Methods.SequenceEqual(other.Methods);

    public override int GetHashCode() =>
        Methods.Aggregate(HashCode.Combine(Input, Layer, Format, HasSeveralClasses, Ranks, IsShared), HashCode.Combine);
}
