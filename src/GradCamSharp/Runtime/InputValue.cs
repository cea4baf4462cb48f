using Microsoft.ML.OnnxRuntime;
using OnnxGrad;

namespace GradCamSharp.Runtime;

/// <summary>Numbers as a value of the type that a model's input takes.</summary>
internal static class InputValue
{
    /// <summary>Makes the value; floats are used where they lie, of other types a converted copy is.</summary>
    /// <param name="type">The input's type. Integers are rounded, and held within their range.</param>
    /// <param name="values">The numbers; they must stay as they are while the value is used.</param>
    /// <param name="shape">The value's shape.</param>
    public static OrtValue Create(ElementType type, Memory<float> values, long[] shape) => type switch
    {
        ElementType.Double => OrtValue.CreateTensorValueFromMemory(Converted(values.Span, static v => (double)v), shape),
        ElementType.Float16 => OrtValue.CreateTensorValueFromMemory(Converted(values.Span, static v => (Float16)v), shape),
        ElementType.UInt8 => OrtValue.CreateTensorValueFromMemory(
            Converted(values.Span, static v => (byte)Math.Clamp(MathF.Round(v), byte.MinValue, byte.MaxValue)), shape),
        _ => OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, values, shape),
    };

    private static T[] Converted<T>(ReadOnlySpan<float> values, Func<float, T> convert)
    {
        var converted = new T[values.Length];
        for (int i = 0; i < converted.Length; i++)
            converted[i] = convert(values[i]);
        return converted;
    }
}
