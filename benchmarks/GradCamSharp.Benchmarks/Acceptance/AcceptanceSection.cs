namespace GradCamSharp.Benchmarks.Acceptance;

/// <summary>A section of docs/acceptance.md.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Measure">Measures, and answers in Markdown.</param>
internal sealed record AcceptanceSection(string Name, string Title, Func<AcceptanceOptions, Task<string>> Measure)
{
    /// <summary>All sections, in the page's order.</summary>
    public static IReadOnlyList<AcceptanceSection> All { get; } =
    [
        new("memory", "Memory over many pictures", MemoryOverPictures.Measure),
        new("page", "First and next explanation on the page", PageLatency.Measure),
        new("clients", "Many clients at once", ManyClients.Measure),
        new("export", "An exported model against plain inference", ExportedModels.Measure),
        new("kills", "Killed at random moments", Kills.Measure),
        new("downloads", "A download killed at random moments", Downloads.Measure),
        new("answers", "A study's server killed at random moments", Answers.Measure),
        new("agreement", "Agreement with PyTorch", Agreement.Measure),
        new("methods", "What the methods cost", MethodCosts.Measure),
        new("startup", "From the start of a process to its end", StartUp.Measure),
        new("folders", "Folders against their forward passes", Folders.Measure),
        new("throughput", "Evaluation against its forward passes", Throughput.Measure),
    ];

    /// <summary>Measures what the command line asks for, and writes each section when it is done.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> Run(string[] words)
    {
        AcceptanceOptions options;
        try
        {
            options = AcceptanceOptions.Parse(words);
        }
        catch (ArgumentException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 2;
        }

        if (options.Sections.Except(All.Select(s => s.Name)).FirstOrDefault() is { } unknown)
        {
            await Console.Error.WriteLineAsync($"There is no section '{unknown}'. {AcceptanceOptions.Usage}");
            return 2;
        }

        foreach (var section in All.Where(s => options.Sections.Count == 0 || options.Sections.Contains(s.Name)))
        {
            await Console.Error.WriteLineAsync($"{section.Title} ...");
            string machine = Machine.Describe(options.IsShort);
            string text = $"{machine}\n\n{(await section.Measure(options)).ReplaceLineEndings("\n").Trim()}\n";
            AcceptancePage.Write(section, text);
            Console.WriteLine($"## {section.Title}\n\n{text}");
        }

        return 0;
    }
}
