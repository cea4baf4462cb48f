namespace GradCamSharp.Scenes;

/// <summary>What a set of scenes is drawn from. The same options give the same bytes.</summary>
public sealed record SceneOptions
{
    /// <summary>How many pictures. At least 1.</summary>
    public int Count { get; init; } = 100;

    /// <summary>The seed. Sets of different seeds share no picture.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Width and height of a picture in pixels, 64 to 2048.</summary>
    public int Size { get; init; } = 256;

    /// <summary>The share of pictures with exactly one object, 0 to 1.</summary>
    public double SingleShare { get; init; } = 0.3;

    /// <summary>The fewest objects in a picture that is not a single-object picture, 1 to <see cref="MaxObjects"/>.</summary>
    public int MinObjects { get; init; } = 2;

    /// <summary>The most objects in a picture, up to 5.</summary>
    public int MaxObjects { get; init; } = 5;

    /// <summary>The only classes to draw, or none for all of <see cref="SceneClasses.Names"/>.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>A shortcut to plant in the pictures of a class, or none.</summary>
    public ScenePlant? Plant { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Size, 64);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Size, 2048);
        if (!(SingleShare is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(SingleShare), SingleShare, "The share of single-object pictures lies between 0 and 1.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(MinObjects, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxObjects, 5);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MinObjects, MaxObjects);
        foreach (var name in Classes)
            if (!SceneClasses.Names.Contains(name))
                throw new ArgumentException(
                    $"There is no class '{name}'. Choose from: {string.Join(", ", SceneClasses.Names)}.", nameof(Classes));

        Plant?.Validate();
        if (Plant?.Class is { } marked && Classes.Count > 0 && !Classes.Contains(marked))
            throw new ArgumentException($"The class '{marked}' is to be marked, but not drawn.", nameof(Classes));
    }
}
