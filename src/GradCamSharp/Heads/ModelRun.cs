using System.Diagnostics.CodeAnalysis;
using OnnxGrad;

namespace GradCamSharp.Heads;

/// <summary>What a value held in a run: numbers, as doubles where they are read.</summary>
internal sealed class RunValue
{
    private readonly float[]? floats;
    private readonly long[]? integers;
    private double? largest;

    /// <param name="shape">The value's shape.</param>
    /// <param name="floats">Its content, row by row.</param>
    public RunValue(Shape shape, float[] floats) => (Shape, this.floats) = (shape, floats);

    /// <param name="shape">The value's shape.</param>
    /// <param name="integers">Its content, row by row.</param>
    public RunValue(Shape shape, long[] integers) => (Shape, this.integers) = (shape, integers);

    /// <summary>Its shape; every length is known.</summary>
    public Shape Shape { get; }

    /// <summary>Whether it holds integers.</summary>
    public bool IsInteger => integers is not null;

    /// <summary>The number of elements.</summary>
    public long Count => floats?.LongLength ?? integers!.LongLength;

    /// <summary>The largest magnitude of a floating-point value; 0 without elements.</summary>
    public double Largest => largest ??= floats is { Length: > 0 } ? Math.Abs(
        System.Numerics.Tensors.TensorPrimitives.MaxMagnitude<float>(floats)) : 0;

    /// <summary>The numbers of a floating-point value.</summary>
    public ReadOnlySpan<float> Floats => floats;

    /// <summary>An element by its flat place.</summary>
    public double this[long index] => floats is not null ? floats[index] : integers![index];

    /// <summary>An element by its place along each axis.</summary>
    public double At(params ReadOnlySpan<long> at) => this[Shape.Ravel(at)];
}

/// <summary>The values of one forward run that a head reads: outputs, and outputs before their squashing function.</summary>
/// <param name="values">By name.</param>
/// <param name="logits">For each output the name of its value before sigmoid or softmax.</param>
internal sealed class ModelRun(IReadOnlyDictionary<string, RunValue> values, IReadOnlyDictionary<string, string> logits)
{
    /// <summary>A value.</summary>
    /// <exception cref="ModelException">The run holds no such value, or one of a type that is not read.</exception>
    public RunValue this[string name] => values.TryGetValue(name, out var value) ? value
        : throw new ModelException($"The output '{name}' holds values of a type that is not read.");

    /// <summary>Whether the run holds the value.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out RunValue? value) => values.TryGetValue(name, out value);

    /// <summary>The name of an output's value before its last sigmoid or softmax; the output's own where it has none.</summary>
    public string Logit(string output) => logits.GetValueOrDefault(output, output);

    /// <summary>An element of a value, as a score.</summary>
    /// <param name="value">The value's name.</param>
    /// <param name="at">The place along each axis.</param>
    public TargetScore Element(string value, params ReadOnlySpan<long> at)
    {
        var read = this[value];
        long index = read.Shape.Ravel(at);
        return TargetScore.Element(value, index, read[index]);
    }
}
