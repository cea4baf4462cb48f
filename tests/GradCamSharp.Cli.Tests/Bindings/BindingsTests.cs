using System.Diagnostics;
using System.Text.Json;
using GradCamSharp.Methods;

namespace GradCamSharp.Cli.Tests.Bindings;

/// <summary>Exported models in two bindings that are not ours give the maps of <c>gradcam explain</c>.</summary>
public class BindingsTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    private static string Folder => Path.Combine(SharedData.RepositoryRoot(), "tests", "bindings");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("scenes-vgg", null, 2)]
    [InlineData("scenes-resnet", null, 1)]
    [InlineData("models/squeezenet1.1/model.onnx", "real/both.input.npy", 2)]
    [InlineData(
        "oracle/cases/vit/model.onnx", "oracle/cases/vit/input.npy", 2,
        "attention-generic,transformer-attribution,attention-rollout,attention-gradient,attention-raw")]
    [InlineData("oracle/cases/vit/model.onnx", "oracle/cases/vit/input.npy", 2, "attention-generic,lrp,attnlrp,attnlrp-gamma,cp-lrp")]
    public async Task Node_ExportedModel_GivesTheCommandLinesMaps(
        string model, string? tensor, int top, string methods = ExportedCase.UsualMethods)
    {
        string node = Tool("node");
        using var exported = Case(model, tensor, top, methods);
        await Run(node, exported);
    }

    [Fact]
    public async Task Node_ExportedModelOfEveryMethodOfTheGraph_GivesTheCommandLinesMaps()
    {
        string node = Tool("node");
        string methods = string.Join(
            ',',
            CamMethods.All.Where(m => m is GraphMethod && m.Family != MethodFamily.Attention).Select(m => m.Name));
        using var exported = new ExportedCase("scenes-resnet", null, 1, methods);
        await Run(node, exported);
    }

    private static async Task Run(string node, ExportedCase exported)
    {
        var start = new ProcessStartInfo(node, [Path.Combine(Folder, "node.mjs"), exported.Model, exported.Input, exported.Shape])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(Token);
        string output = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token).WaitAsync(Timeout, Token);
        Assert.True(process.ExitCode == 0, await errors);
        exported.Check(JsonDocument.Parse(output).RootElement);
    }

    [Theory]
    [InlineData("scenes-resnet", null, 2)]
    [InlineData("models/squeezenet1.1/model.onnx", "real/both.input.npy", 1)]
    public async Task Browser_ExportedModel_GivesTheCommandLinesMaps(string model, string? tensor, int top)
    {
        string browser = Tool("chromium", "chromium-browser", "google-chrome");
        using var exported = Case(model, tensor, top);
        var answer = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var server = new LocalServer(request => Serve(request, exported, answer));
        string profile = Directory.CreateTempSubdirectory("gradcam-chromium-").FullName;
        string[] arguments =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", $"--user-data-dir={profile}",
            "--remote-debugging-port=0", $"{server.Address}/web.html?shape={exported.Shape}",
        ];
        var start = new ProcessStartInfo(browser, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            exported.Check(JsonDocument.Parse(await answer.Task.WaitAsync(Timeout, Token)).RootElement);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            Directory.Delete(profile, recursive: true);
        }
    }

    private static LocalResponse Serve(LocalRequest request, ExportedCase exported, TaskCompletionSource<byte[]> answer)
    {
        string path = request.Path.Split('?')[0];
        switch (path)
        {
            case "/result":
                answer.TrySetResult(request.Body);
                return new LocalResponse(200, []);
            case "/web.html":
                return File(Path.Combine(Folder, "web.html"), "text/html");
            case "/model.onnx":
                return File(exported.Model, "application/octet-stream");
            case "/input.bin":
                return File(exported.Input, "application/octet-stream");
            default:
                string name = Path.GetFileName(path);
                string file = Path.Combine(Folder, "node_modules", "onnxruntime-web", "dist", name);
                return path == $"/ort/{name}" && System.IO.File.Exists(file)
                    ? File(file, name.EndsWith(".mjs", StringComparison.Ordinal) ? "text/javascript" : "application/wasm")
                    : new LocalResponse(404, []);
        }

        static LocalResponse File(string file, string type) =>
            new(200, System.IO.File.ReadAllBytes(file)) { Headers = { ["Content-Type"] = type } };
    }

    private static ExportedCase Case(string model, string? tensor, int top, string methods = ExportedCase.UsualMethods) =>
        new(
            model.Contains('/', StringComparison.Ordinal) ? SharedData.Path(model) : model,
            tensor is null ? null : SharedData.Path(tensor), top, methods);

    /// <summary>A program on the path, the packages installed. Skips the test where either lacks; on CI the test fails.</summary>
    private static string Tool(params string[] names)
    {
        string? found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(f => names.Select(n => Path.Combine(f, OperatingSystem.IsWindows() ? n + ".exe" : n))).FirstOrDefault(File.Exists);
        if (found is null)
            Lacking($"This test needs {names[0]}, which is not installed.");
        if (!Directory.Exists(Path.Combine(Folder, "node_modules", "onnxruntime-node")))
            Lacking("This test needs the packages of tests/bindings: run 'npm ci' there.");
        return found!;

        static void Lacking(string why)
        {
            if (Environment.GetEnvironmentVariable("CI") == "true")
                Assert.Fail(why);
            Assert.Skip(why);
        }
    }
}
