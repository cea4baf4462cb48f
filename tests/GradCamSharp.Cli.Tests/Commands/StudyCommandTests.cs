using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using GradCamSharp.Cli.Commands;
using GradCamSharp.Studies;
using GradCamSharp.Studies.Tests;
using GradCamSharp.Web.Studies;

namespace GradCamSharp.Cli.Tests.Commands;

public sealed class StudyCommandTests : IDisposable
{
    private const string Token = "the-operators-secret";

    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Create_AFolderAClass_MakesAStudyThatReportsNothingYet()
    {
        string images = Path.Combine(folder, "images"), study = Path.Combine(folder, "study");
        string sample = Path.Combine(SharedData.RepositoryRoot(), "samples", "mugs-and-keys.jpg");
        foreach (string name in (string[])["mug", "clock"])
        {
            Directory.CreateDirectory(Path.Combine(images, name));
            for (int i = 0; i < 2; i++)
                File.Copy(sample, Path.Combine(images, name, $"{i}.jpg"));
        }

        string[] create = ["create", study, "--images", images, "--per-class", "2", "--class-count", "2"];
        var result = CommandLine.Run(StudyCommand.Create(), create);
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Contains("gradcam++ and gradcam on 4 pictures", result.Output, StringComparison.Ordinal);
        Assert.Equal(0, CommandLine.Run(StudyCommand.Create(), create).ExitCode);
        var other = CommandLine.Run(StudyCommand.Create(), [.. create, "--seed", "2"]);
        Assert.Equal(1, other.ExitCode);
        Assert.Contains("another study", other.Errors, StringComparison.Ordinal);
        var report = CommandLine.Run(StudyCommand.Create(), "report", study);
        Assert.Equal(1, report.ExitCode);
        Assert.Contains("no answers yet", report.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--methods", "gradcam")]
    [InlineData("--methods", "gradcam,grad")]
    [InlineData("--per-class", "0")]
    public void Create_WrongValue_IsWrongUsage(string option, string value)
    {
        var result = CommandLine.Run(StudyCommand.Create(), "create", folder, "--images", folder, option, value);
        Assert.Equal(2, result.ExitCode);
        Assert.NotEmpty(result.Errors);
    }

    [Fact]
    public void Report_Answers_AsTableJsonAndPage()
    {
        var study = TestStudy.Of(2, 2);
        study.Save(folder);
        using (var store = AnswerStore.Open(folder, study))
        {
            var person = store.Invite();
            for (int i = 0; i < 4; i++)
                store.Answer(person, i, StudyAssignment.For(study, 1)[i].IsALeft ? SideChoice.Left : SideChoice.Right, 2000);
        }

        string page = Path.Combine(folder, "report.html");
        var table = CommandLine.Run(StudyCommand.Create(), "report", folder, "-o", page);
        Assert.True(table.ExitCode == 0, table.Errors);
        Assert.Matches(@"(?m)^all +4 +4\.00 +4\.00 \.\. 4\.00 +0\.00 .* 4 : 0 +0\.125 +– +2\.0\r?$", table.Output);
        Assert.Contains("</html>", File.ReadAllText(page), StringComparison.Ordinal);
        var json = CommandLine.Run(StudyCommand.Create(), "report", folder, "--json").Json;
        Assert.Equal(4, json.GetProperty("total").GetProperty("scores").GetProperty("gradcam++").GetDouble());
        Assert.Equal("pictures", json.GetProperty("bootstrap").GetProperty("over").GetString());
    }

    [Fact]
    public async Task Serve_KilledInTheMiddle_LosesNoAcknowledgedAnswer()
    {
        var study = TestStudy.Of(5, 20);
        TestStudy.Write(study, folder);
        string[] keys;
        int[] acknowledged = new int[3];
        using (var server = await Serving.Start(folder))
        {
            keys = [await server.Invite(), await server.Invite(), await server.Invite()];
            // Three people answer as fast as they can; the server is killed under them.
            var people = keys.Select((key, person) => Task.Run(async () =>
            {
                try
                {
                    while (await server.Answer(key, acknowledged[person]))
                        Interlocked.Increment(ref acknowledged[person]);
                }
                catch (HttpRequestException)
                {
                    // The server is gone.
                }
            })).ToArray();
            while (acknowledged.Sum() < 60 && !people.Any(p => p.IsCompleted))
                await Task.Yield();
            server.Kill();
            await Task.WhenAll(people);
        }

        Assert.All(acknowledged, answers => Assert.InRange(answers, 1, 99));
        using (var server = await Serving.Start(folder))
        {
            for (int person = 0; person < 3; person++)
            {
                // One more may have been stored without its acknowledgement having come back.
                int stored = await server.Answered(keys[person]);
                Assert.InRange(stored, acknowledged[person], acknowledged[person] + 1);
                for (int i = stored; i < 100; i++)
                    Assert.True(await server.Answer(keys[person], i));
            }
        }

        var report = CommandLine.Run(StudyCommand.Create(), "report", folder, "--json", "--draws", "100").Json;
        Assert.Equal(300, report.GetProperty("answers").GetInt32());
        Assert.Equal(100, report.GetProperty("pictures_answered").GetInt32());
    }

    /// <summary>The real program, in a process of its own.</summary>
    private sealed class Serving : IDisposable
    {
        private readonly Process process;
        private readonly HttpClient client;

        private Serving(Process process, Uri address)
        {
            this.process = process;
            client = new HttpClient(new SocketsHttpHandler { UseProxy = false })
            {
                BaseAddress = address,
                Timeout = TimeSpan.FromSeconds(30),
            };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        }

        public static async Task<Serving> Start(string folder)
        {
            string program = Path.Combine(AppContext.BaseDirectory, "gradcam.dll");
            string[] arguments = [program, "study", "serve", folder, "--port", "0", "--token", Token];
            var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true };
            var process = Process.Start(start)!;
            string line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The server did not start.");
            return new Serving(process, new Uri(line.Split(' ')[0].Split("operator")[0]));
        }

        public async Task<string> Invite()
        {
            using var response = await client.PostAsJsonAsync("/api/operator/invitations", new { count = 1 });
            string key = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("links")[0].GetString()!["/p/".Length..];
            (await client.PostAsJsonAsync($"/api/participants/{key}/consent", new { })).EnsureSuccessStatusCode();
            return key;
        }

        public async Task<bool> Answer(string key, int position)
        {
            string choice = (position % 3) switch { 0 => "left", 1 => "right", _ => "same" };
            using var response = await client.PostAsJsonAsync($"/api/participants/{key}/answers",
                new { position, choice, milliseconds = 1000 });
            return response.IsSuccessStatusCode;
        }

        public async Task<int> Answered(string key) =>
            (await client.GetFromJsonAsync<JsonElement>($"/api/participants/{key}")).GetProperty("answered").GetInt32();

        // SIGKILL: nothing of the process can react to it.
        public void Kill() => process.Kill();

        public void Dispose()
        {
            client.Dispose();
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }
}
