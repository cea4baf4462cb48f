namespace GradCamSharp.Fuzz;

/// <summary>The list of harnesses.</summary>
public static class Harnesses
{
    private static readonly Func<Harness>[] All =
    [
        () => new ModelHarness(), () => new ExplainerHarness(), () => new PictureHarness(), () => new NpyHarness(),
        () => new PreprocessingHarness(), () => new LabelsHarness(), () => new TargetHarness(), () => new VocHarness(),
        () => new CocoHarness(), () => new RecordsHarness(), () => new FormHarness(),
    ];

    /// <summary>The names, in the list's order.</summary>
    public static IReadOnlyList<string> Names { get; } = ["model", "explainer", "picture", "npy", "preprocessing", "labels", "target",
        "voc", "coco", "records", "form"];

    /// <summary>Makes a harness; the caller disposes.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ArgumentException">There is none of this name.</exception>
    public static Harness Create(string name)
    {
        int place = Names.ToList().IndexOf(name);
        return place >= 0 ? All[place]()
            : throw new ArgumentException($"There is no harness '{name}'. The harnesses are {string.Join(", ", Names)}.", nameof(name));
    }
}
