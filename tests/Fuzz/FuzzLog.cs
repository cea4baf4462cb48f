using System.Globalization;
using System.Text;

namespace GradCamSharp.Fuzz;

/// <summary>Runs of harnesses, and the page of the documentation that tells of the last long one.</summary>
internal static class FuzzLog
{
    private const string Page = "docs/fuzzing.md", Mark = "<!-- log: written by tests/Fuzz -->";

    /// <summary>Feeds a harness; the number of the input in work is kept in a file, so that it is known when the process dies.</summary>
    /// <param name="name">The harness.</param>
    /// <param name="first">The first number.</param>
    /// <param name="count">How many inputs.</param>
    /// <param name="seed">The seed.</param>
    public static FuzzResult Run(string name, long first, long count, long seed)
    {
        using var harness = Harnesses.Create(name);
        string last = Path.Combine(Path.GetTempPath(), $"gradcam-fuzz-{name}.last");
        using var file = new FileStream(last, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        var result = FuzzRun.Run(harness, first, count, seed, new LastNumber(file));
        file.Close();
        File.Delete(last);
        return result;
    }

    /// <summary>Feeds so many inputs over all harnesses and writes the table into the page.</summary>
    /// <param name="inputs">The number of inputs of all harnesses together.</param>
    public static void Write(long inputs)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Mark}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-dd}, {Environment.ProcessorCount} cores, seed 1.\n\n");
        text.Append("| harness | inputs | taken | inputs a second | slowest | most memory |\n|---|---|---|---|---|---|\n");
        long all = 0;
        double seconds = 0;
        foreach (string name in Harnesses.Names)
        {
            var result = Run(name, 0, Share(name, inputs), 1);
            Console.WriteLine(result);
            (all, seconds) = (all + result.Inputs, seconds + result.Seconds);
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {result.Inputs:N0} | {100.0 * result.Taken / result.Inputs:0.0} % ");
            text.Append(CultureInfo.InvariantCulture, $"| {result.Inputs / result.Seconds:N0} | {1000 * result.Slowest:N0} ms ");
            text.Append(CultureInfo.InvariantCulture, $"| {result.Largest / 1048576.0:0.0} MB |\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"\n{all:N0} inputs in {seconds / 60:0} minutes: ");
        text.Append("no crash, no hang, no error without a type.\n");
        string page = File.ReadAllText(Page);
        File.WriteAllText(Page, page[..page.IndexOf(Mark, StringComparison.Ordinal)] + text);
    }

    // Inputs of the two dear harnesses, which start sessions and requests, are fewer.
    private static long Share(string name, long inputs) =>
        name is "explainer" or "form" ? inputs / 50 : (inputs - (2 * (inputs / 50))) / (Harnesses.Names.Count - 2) + 1;

    private sealed class LastNumber(FileStream file) : IProgress<long>
    {
        public void Report(long value)
        {
            file.Position = 0;
            file.Write(Encoding.ASCII.GetBytes(value.ToString("D12", CultureInfo.InvariantCulture)));
        }
    }
}
