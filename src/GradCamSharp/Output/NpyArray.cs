namespace GradCamSharp.Output;

/// <summary>An array as a .npy file holds it.</summary>
/// <typeparam name="T">The type of an element.</typeparam>
/// <param name="Shape">The length of every axis; empty for a single value.</param>
/// <param name="Values">The elements in C order: the last axis changes fastest.</param>
public sealed record NpyArray<T>(IReadOnlyList<int> Shape, T[] Values);
