using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>What <see cref="Dff"/> answers with.</summary>
public enum DffAnswer
{
    /// <summary>A map a concept, [k, spatial...].</summary>
    Maps,

    /// <summary>The concepts themselves, [k, K]: how much of each channel.</summary>
    Concepts,
}

/// <summary>DFF, deep feature factorisation: the concepts that a layer's channels form (Collins et al., arXiv 1806.10206).</summary>
/// <remarks>
/// Non-negative: A is about W H, W the concepts' maps and H their channels. Started from the singular vectors and updated a fixed number of
/// times, so that it is the same on every machine. The same for every class.
/// </remarks>
public sealed record Dff : WholeRunMethod
{
    private static readonly MethodParameter[] Own =
    [
        MethodParameter.Integer<Dff>("concepts", m => m.Concepts, (m, v) => m with { Concepts = (int)v }, 1, 64, "how many concepts"),
        MethodParameter.Integer<Dff>("updates", m => m.Updates, (m, v) => m with { Updates = (int)v }, 1, 100_000, "how many updates"),
        MethodParameter.Choice<Dff, DffAnswer>(
            "answer", m => m.Answer, (m, v) => m with { Answer = v }, "the concepts' maps, or the concepts themselves: their channels"),
    ];

    /// <summary>How many concepts.</summary>
    public int Concepts { get; init; } = 3;

    /// <summary>How many updates.</summary>
    public int Updates { get; init; } = 100;

    /// <summary>What it answers with.</summary>
    public DffAnswer Answer { get; init; }

    /// <inheritdoc/>
    public override string Name => "dff";

    /// <inheritdoc/>
    public override string Title => "Deep feature factorisation";

    /// <inheritdoc/>
    public override string Equation => "A = W H nearly, all not negative;  L_j = W_j |H_j|, one map a concept";

    /// <inheritdoc/>
    public override string Summary => "What parts the layer sees, whatever the class: a few concepts, each with a map of where it is.";

    /// <inheritdoc/>
    public override MethodFamily Family => MethodFamily.Concept;

    /// <inheritdoc/>
    public override string Cost => "F up to the layer";

    /// <inheritdoc/>
    public override string Peers =>
        "The authors start at random and factorise a whole batch; pytorch-grad-cam takes scikit-learn's coordinate descent from a " +
        "random start.";

    /// <inheritdoc/>
    public override IReadOnlyList<MethodParameter> Parameters => Own;

    /// <inheritdoc/>
    public override RawMap Map(RunContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        int channels = (int)context.LayerShape[0], positions = context.Activation.Length / channels;
        if (Concepts > Math.Min(channels, positions))
        {
            throw new ArgumentException(
                $"'dff.concepts' is {Concepts}; a layer of {channels} channels and {positions} positions has at most " +
                $"{Math.Min(channels, positions)} concepts.");
        }

        float[] activation = context.Activation.ToArray();
        var found = context.MakeOnce(
            ("dff", Concepts, Updates), () => new Factorization(activation, channels, Concepts, Updates));
        return Answer == DffAnswer.Concepts
            ? MapArithmetic.Map(new Shape(Concepts, channels), found.UnitConcepts)
            : MapArithmetic.Map(new Shape([Concepts, .. context.LayerShape.Slice(1, context.LayerShape.Rank - 1)]), found.Maps);
    }
}
