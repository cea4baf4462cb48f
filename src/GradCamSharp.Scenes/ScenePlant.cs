using GradCamSharp.Scenes.Planting;

namespace GradCamSharp.Scenes;

/// <summary>A shortcut to plant: a mark in some pictures of a class that has nothing to do with the class's objects.</summary>
/// <remarks>
/// A network that learns from such pictures may learn the mark in place of the object. Which pictures have the mark is written down, so
/// that it can be measured whether the shortcut is found.
/// </remarks>
public sealed record ScenePlant
{
    /// <summary>The kinds of marks, by name.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [.. Marks.All.Select(static m => m.Name)];

    /// <summary>One of <see cref="Kinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The class whose pictures are marked; null for every class, so that the mark tells nothing.</summary>
    public string? Class { get; init; }

    /// <summary>The share of the class's pictures that is marked, 0 to 1, rounded to whole pictures.</summary>
    public double Share { get; init; } = 0.3;

    /// <summary>
    /// The share of the marked pictures whose objects of the class are painted over, 0 to 1. Where it is above 0 the mark is worth
    /// learning, as it is all that shows the class there.
    /// </summary>
    public double PaintOver { get; init; }

    internal void Validate()
    {
        if (!Kinds.Contains(Kind))
            throw new ArgumentException($"There is no mark '{Kind}'. Choose from: {string.Join(", ", Kinds)}.", nameof(Kind));
        if (Class is not null && !SceneClasses.Names.Contains(Class))
        {
            throw new ArgumentException(
                $"There is no class '{Class}'. Choose from: {string.Join(", ", SceneClasses.Names)}.", nameof(Class));
        }

        if (!(Share is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(Share), Share, "The share of marked pictures lies between 0 and 1.");
        if (!(PaintOver is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(PaintOver), PaintOver, "The share of painted-over pictures lies between 0 and 1.");
    }
}
