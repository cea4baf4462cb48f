using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Commands;

namespace GradCamSharp.Cli.Tests.Commands;

public sealed class ServeCommandTests
{
    [Theory]
    [InlineData("--model scenes-vgg --model scenes-vgg", "--model NAME=PATH")]
    [InlineData("--model nothing.onnx", "scenes-vgg, scenes-detector")]
    [InlineData("--model name=", "NAME=FILE")]
    [InlineData("--host nowhere", "localhost")]
    [InlineData("--port 70000", "1 to 65535")]
    [InlineData("--token short", "at least 8")]
    [InlineData("--max-megabytes 0", "1 to 1024, not 0")]
    [InlineData("--layer anything", "Name the one by --model")]
    [InlineData("--model scenes-vgg --labels .", "Name a file in it")]
    [InlineData("--picture-memory 10", "at least 147 MiB")]
    [InlineData("--device tpu", "cpu, cuda, directml, coreml")]
    public void Serve_OptionThatMakesNoSense_IsWrongUsageAndSaysWhatDoes(string options, string remedy)
    {
        var result = CommandLine.Run(ServeCommand.Create(), options.Split(' '));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(remedy, result.Errors, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void Serve_AModelOfTextsWithoutATokenizer_SaysWhichFilesLack()
    {
        var result = CommandLine.Run(
            ServeCommand.Create(), "--port", "0", "--model", "clip=" + SharedData.Path("targets/cases/clip/model.onnx"));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Put vocab.json and merges.txt, or tokenizer.json, there", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_WithoutAModel_ServesAllThatShip()
    {
        var token = TestContext.Current.CancellationToken;
        string program = Path.Combine(AppContext.BaseDirectory, "gradcam.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, "serve", "--port", "0"])
        {
            RedirectStandardOutput = true,
        })!;
        try
        {
            string line = await process.StandardOutput.ReadLineAsync(token) ?? throw new InvalidOperationException("It did not start.");
            using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(line.Split(' ')[0]) };
            var models = (await client.GetFromJsonAsync<JsonElement>("/api/models", token)).GetProperty("models").EnumerateArray()
                .ToDictionary(m => m.GetProperty("name").GetString()!, m => m.GetProperty("task").GetString());
            Assert.Equal(ModelOptions.Shipped(), models.Keys);
            Assert.Equal(["classify", "detect", "embed", "segment"], models.Values.Distinct().Order());

            string sample = Path.Combine(SharedData.RepositoryRoot(), "samples", "umbrellas.jpg");
            foreach (string name in models.Keys.Where(m => models[m] != "embed"))
            {
                using var form = new MultipartFormDataContent
                {
                    { new ByteArrayContent(await File.ReadAllBytesAsync(sample, token)), "image", "umbrellas.jpg" },
                };
                using var response = await client.PostAsync($"/api/explain?model={name}", form, token);
                Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(token));
            }
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(token);
        }
    }
}
