using GradCamSharp.Evaluation.Sampling;
using GradCamSharp.Scenes.Drawing;
using GradCamSharp.Scenes.Shapes;

namespace GradCamSharp.Scenes;

/// <summary>A class of objects that scenes show.</summary>
/// <param name="Name">The name in annotations and labels.</param>
/// <param name="MaxTilt">The furthest it is turned from upright, in degrees, either way.</param>
/// <param name="Draw">Adds one random specimen's parts to a figure.</param>
internal sealed record SceneClass(string Name, float MaxTilt, Action<Figure, SeededRandom> Draw);

/// <summary>The classes of objects in scenes. A new class is one line here and one method that draws it.</summary>
public static class SceneClasses
{
    internal static IReadOnlyList<SceneClass> All { get; } =
    [
        new("bicycle", 20, Outdoors.Bicycle),
        new("bird", 25, Animals.Bird),
        new("chair", 20, Furniture.Chair),
        new("clock", 30, Furniture.Clock),
        new("fish", 40, Animals.Fish),
        new("guitar", 60, Instruments.Guitar),
        new("key", 180, Tools.Key),
        new("lamp", 20, Furniture.Lamp),
        new("mug", 25, Tableware.Mug),
        new("scissors", 180, Tools.Scissors),
        new("teapot", 25, Tableware.Teapot),
        new("umbrella", 50, Outdoors.Umbrella),
    ];

    /// <summary>The names, in the order of the networks' outputs.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(static c => c.Name)];
}
