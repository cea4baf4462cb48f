using System.Globalization;
using System.Security.Cryptography;

namespace GradCamSharp.Benchmarks.Acceptance;

/// <summary>What is lost where <c>gradcam models pull</c> is killed: a model of a list made here, from a server on this machine.</summary>
internal static class Downloads
{
    private const string Name = "acceptance", FileName = "acceptance.onnx";
    private const int Bytes = 24_000_000, BytesShort = 2_000_000;

    public static Task<string> Measure(AcceptanceOptions options)
    {
        using var work = new WorkFolder();
        byte[] content = new byte[options.IsShort ? BytesShort : Bytes];
        new Random(1).NextBytes(content);
        string file = work[FileName], list = work["models.tsv"];
        File.WriteAllBytes(file, content);
        File.WriteAllText(list, string.Create(CultureInfo.InvariantCulture,
            $"name\tfile\tbytes\tsha256\tlicence\tpreprocessing\tdocumented\tlayer\n" +
            $"{Name}\tsome/{FileName}\t{content.Length}\t{Convert.ToHexStringLower(SHA256.HashData(content))}\tnone\ttorch\tzoo\tlast\n"));
        using var zoo = new ZooServer(file);
        var pull = new KilledCommand(
            "models pull", static _ => { }, _ => ["models", "pull", Name, "--url", zoo.Address], folder => Path.Combine(folder, "models"))
        {
            Program = Tool.WithModels(list, work["artifacts"]),
            WholeFile = folder => Path.Combine(folder, "models", Name, FileName),
            FolderVariable = "GRADCAM_HOME",
        };
        return Task.FromResult(string.Create(CultureInfo.InvariantCulture,
            $"As above, with a file of {content.Length / 1e6:0} MB from a server on this machine that hands it out as slowly as a " +
            $"network does, also from its middle. The program is built with a list of models that names this file and its SHA-256. " +
            $"Damaged would be a file under the model's name that is not the whole one. Wanted: nothing lost.\n\n" +
            $"{Kills.Head}{Kills.Row(pull, options.Kills, work)}"));
    }
}
