namespace GradCamSharp.Output;

/// <summary>An array as a .npy file holds it.</summary>
/// <typeparam name="T">The type of an element.</typeparam>
/// <param name="shape">The length of every axis; empty for a single value.</param>
/// <param name="values">The elements in C order: the last axis changes fastest. Taken over, not copied.</param>
public sealed class NpyArray<T>(IReadOnlyList<int> shape, T[] values)
{
    /// <summary>The length of every axis; empty for a single value.</summary>
    public IReadOnlyList<int> Shape => shape;

    /// <summary>The elements in C order: the last axis changes fastest. The caller may change them.</summary>
    public T[] Values => values;
}
