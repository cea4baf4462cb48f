namespace GradCamSharp.Packages.Tests;

/// <summary>The example programs, as they were built with this test.</summary>
public class ExampleTests(PackedFeed feed)
{
    [Fact]
    public async Task MLNet_FolderWithADamagedPicture_ExplainsAllOthers()
    {
        string repository = SharedData.RepositoryRoot();
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        const string Name = "GradCamSharp.Examples.MLNet";
        string program = Path.Combine(AppContext.BaseDirectory, "../..", Name, configuration, $"{Name}.dll");
        string model = Path.Combine(repository, "src/GradCamSharp.Cli/Models/scenes-vgg.onnx");
        string folder = Directory.CreateDirectory(Path.Combine(feed.Sandbox.Work, "MLNet")).FullName;
        byte[] umbrellas = File.ReadAllBytes(Path.Combine(repository, "samples/umbrellas.jpg"));
        File.WriteAllBytes(Path.Combine(folder, "a.jpg"), umbrellas);
        File.WriteAllBytes(Path.Combine(folder, "b.jpg"), umbrellas[..(umbrellas.Length / 2)]);
        File.Copy(Path.Combine(repository, "samples/teapots-and-clock.jpg"), Path.Combine(folder, "c.jpg"));
        File.WriteAllText(Path.Combine(folder, "notes.txt"), "No picture, and not taken for one.");

        string said = await feed.Sandbox.Run(folder, ["dotnet", program, ".", model]);

        string[] lines = said.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, lines.Length);
        Assert.Matches(@"^a\.jpg: umbrella 99\.\d %, evidence at \[\d+, \d+, \d+, \d+\], explanations/mlnet/a\.jpg\.png$", lines[0]);
        Assert.Contains("b.jpg: truncated", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("c.jpg: teapot ", lines[2], StringComparison.Ordinal);
        Assert.Equal("1 of 3 above 90 %", lines[3]);
        var overlays = Directory.EnumerateFiles(Path.Combine(folder, "explanations/mlnet")).Select(f => Path.GetFileName(f));
        Assert.Equal(["a.jpg.png", "c.jpg.png"], overlays.Order(StringComparer.Ordinal));
    }
}
