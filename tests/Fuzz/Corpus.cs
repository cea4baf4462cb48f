namespace GradCamSharp.Fuzz;

/// <summary>Inputs as files: the seeds, which code makes, and what was found once, which lies in the repository.</summary>
public static class Corpus
{
    /// <summary>Writes the seeds of all harnesses, a folder a harness.</summary>
    /// <param name="folder">Where to.</param>
    public static void Write(string folder)
    {
        foreach (string name in Harnesses.Names)
        {
            using var harness = Harnesses.Create(name);
            string own = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
            int count = 0;
            foreach (byte[] seed in harness.Seeds())
                File.WriteAllBytes(Path.Combine(own, $"{count++}"), seed);
        }
    }

    /// <summary>The inputs that were found once: tests/Fuzz/found/HARNESS/*.</summary>
    /// <param name="repository">The repository's folder.</param>
    /// <param name="harness">The harness's name.</param>
    public static IReadOnlyList<string> Found(string repository, string harness)
    {
        string folder = Path.Combine(repository, "tests", "Fuzz", "found", harness);
        return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)] : [];
    }
}
