using GradCamSharp.Evaluation.Sampling;
using GradCamSharp.Scenes.Drawing;
using SkiaSharp;

namespace GradCamSharp.Scenes;

/// <summary>Draws scenes: a background, things of no class, then objects from back to front with their shadows, light and grain.</summary>
public sealed class ScenePainter
{
    /// <summary>The shortest longer side of an object's visible box, as a share of the picture's side.</summary>
    public const float SmallestObject = 0.08f;

    /// <summary>The longest side of an object's visible box, as a share of the picture's side.</summary>
    public const float LargestObject = 0.6f;

    private const float LeastVisible = 0.55f;
    private const int Rounds = 12, Attempts = 8;

    private readonly SceneOptions options;
    private readonly SceneClass[] classes;

    /// <summary>A painter for the options given.</summary>
    /// <exception cref="ArgumentException">An option is out of its range, or names a class that does not exist.</exception>
    public ScenePainter(SceneOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        this.options = options;
        classes = [.. SceneClasses.All.Where(c => options.Classes.Count == 0 || options.Classes.Contains(c.Name))];
    }

    /// <summary>Draws picture <paramref name="index"/> of the set. Safe to call from several threads at once.</summary>
    public Scene Paint(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        var random = new SeededRandom(options.Seed, index);
        var side = options.Size;
        var bitmap = new SKBitmap(new SKImageInfo(side, side, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(bitmap);
        canvas.Save();
        canvas.Scale(side);
        Backdrop.Draw(canvas, random);
        canvas.Restore();

        using var stage = new Stage(bitmap, canvas, random);
        for (var i = random.Below(5); i > 0; i--)
            Distract(stage, random);

        foreach (var actor in Cast(random, index))
            Place(stage, random, actor);

        stage.Finish(random);
        var objects = stage.Objects().Select(o => new SceneObject(o.Class, o.Box, o.Pixels, o.Truncated, o.Occluded));
        return new Scene(bitmap, stage.ObjectIds, [.. objects]);
    }

    // Which classes are on stage. The first goes round all classes in turn, so that they are balanced; half of the pictures with several
    // objects repeat it.
    private (SceneClass Class, float Largest)[] Cast(SeededRandom random, int index)
    {
        var block = new SeededRandom(options.Seed, index / classes.Length, purpose: 1).Permutation(classes.Length);
        var first = classes[block[index % classes.Length]];
        if (random.Next() < options.SingleShare)
            return [(first, LargestObject * 0.985f)];

        var count = options.MinObjects + random.Below(options.MaxObjects - options.MinObjects + 1);
        var alike = count > 1 && random.Chance(0.5f) ? 2 + random.Below(count - 1) : 1;
        var largest = MathF.Min(LargestObject * 0.985f, 0.85f / MathF.Sqrt(count));
        var cast = new (SceneClass, float)[count];
        foreach (var (place, role) in random.Permutation(count).Index())
            cast[place] = (role < alike ? first : random.Pick<SceneClass>(classes), largest);

        return cast;
    }

    private static void Distract(Stage stage, SeededRandom random)
    {
        using var figure = new Figure();
        Distractors.Draw(figure, random);
        var size = random.Range(0.06f, 0.4f) * stage.Side;
        var surfaces = Surface.Three(random, stage.MeanColor());
        using var sprite = FigurePainter.Paint(figure, surfaces, RandomPose(random, size, 180), stage.Light, random);
        stage.Draw(sprite, (int)(random.Range(-0.2f, 1) * stage.Side), (int)(random.Range(-0.2f, 1) * stage.Side));
    }

    // Tries random sizes and places, smaller and more crowded ones as it goes; an object for which there is no room stays away.
    private static void Place(Stage stage, SeededRandom random, (SceneClass Class, float Largest) actor)
    {
        using var figure = new Figure();
        actor.Class.Draw(figure, random);
        var surfaces = Surface.Three(random, stage.MeanColor());
        const float least = SmallestObject + 0.015f;
        bool cut = random.Chance(0.15f), crowded = random.Chance(0.3f);
        for (var round = 0; round < Rounds; round++)
        {
            var leastVisible = cut || crowded || round > 1 ? LeastVisible : 0.98f;

            // Thin things may have too few solid pixels when drawn small, large ones too little room: every round draws a new size.
            var share = MathF.Pow(random.Next(), 0.65f) * (1 - ((float)round / (Rounds + 4)));
            var pixels = (least + ((actor.Largest - least) * share)) * stage.Side;
            using var sprite = FigurePainter.Paint(figure, surfaces, RandomPose(random, pixels, actor.Class.MaxTilt), stage.Light, random);
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                var reach = cut ? pixels * 0.35f : 0;
                var left = (int)random.Range(-reach, stage.Side - sprite.Width + reach);
                var top = (int)random.Range(-reach, stage.Side - sprite.Height + reach);
                if (stage.TryAdd(actor.Class.Name, sprite, left, top, leastVisible, SmallestObject * stage.Side))
                    return;
            }
        }
    }

    private static Pose RandomPose(SeededRandom random, float size, float tilt) => new(
        size, random.Range(-tilt, tilt), random.Sign(), random.Range(-0.14f, 0.14f), random.Range(0.86f, 1.08f));
}
