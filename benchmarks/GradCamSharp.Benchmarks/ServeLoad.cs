using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using GradCamSharp.Imaging;
using GradCamSharp.Web.Hosting;
using GradCamSharp.Web.Serving;
using OnnxGrad;

namespace GradCamSharp.Benchmarks;

/// <summary>
/// Many clients at once on the server of a process of its own, with good and bad pictures, against the same pictures
/// explained in a loop without HTTP.
/// </summary>
internal static class ServeLoad
{
    private const double Target = 0.8, MemoryGrowth = 1.25;

    /// <summary>What came of a load.</summary>
    /// <param name="Answers">How many answers by their status.</param>
    /// <param name="Rate">How many pictures a second were answered, busy answers not counted.</param>
    /// <param name="Loop">The same pictures in a loop without HTTP, a second.</param>
    /// <param name="Seconds">How long it took.</param>
    /// <param name="EarlyMegabytes">The server's resident memory after a third of the time.</param>
    /// <param name="LateMegabytes">The server's resident memory at the end.</param>
    public sealed record Figures(
        IReadOnlyDictionary<int, int> Answers, double Rate, double Loop, double Seconds, double EarlyMegabytes, double LateMegabytes)
    {
        /// <summary>The number of answers that blame the server.</summary>
        public int Failed => Answers.Where(a => a.Key >= 500).Sum(a => a.Value);
    }

    /// <summary>
    /// Runs the load and prints what came of it; 0 if no answer was a 5xx, the memory stayed flat and the throughput is near the loop's.
    /// </summary>
    public static async Task<int> Run(int clients, TimeSpan duration)
    {
        var load = await Measure(clients, duration);
        Print($"loop without HTTP, the same pictures   {load.Loop:0} a second");
        double ofLoop = load.Rate / load.Loop;
        string against = string.Create(CultureInfo.InvariantCulture, $"{ofLoop:0.00} of the loop (wanted: {Target:0.0})");
        Print($"{clients} clients for {load.Seconds:0} s                  {load.Rate:0} a second, {against}");
        var counts = load.Answers.OrderBy(a => a.Key).Select(a => string.Create(CultureInfo.InvariantCulture, $"{a.Key}: {a.Value}"));
        Print($"answers                                {string.Join(", ", counts)}");
        string late = string.Create(CultureInfo.InvariantCulture, $"{load.LateMegabytes:0} MB at the end");
        Print($"the server's memory                    {load.EarlyMegabytes:0} MB after a third of the time, {late}");
        return load.Failed == 0 && ofLoop >= Target && load.LateMegabytes <= MemoryGrowth * load.EarlyMegabytes ? 0 : 1;
    }

    /// <summary>Runs the load.</summary>
    public static async Task<Figures> Measure(int clients, TimeSpan duration)
    {
        var pictures = Mix();
        double loop = Loop(pictures, TimeSpan.FromSeconds(Math.Min(10, duration.TotalSeconds)));
        using var server = Start();
        try
        {
            var address = new Uri((await server.StandardOutput.ReadLineAsync())!.Split(' ')[0]);
            using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = clients, UseProxy = false })
            {
                BaseAddress = address,
            };
            using (await http.PostAsync("/api/explain", Form(pictures[0])))
            {
                // The first answer is not counted: it loads what the client side needs.
            }

            var answers = new ConcurrentDictionary<int, int>();
            var memory = new List<double>();
            var clock = Stopwatch.StartNew();
            var work = Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
            {
                for (int i = client; clock.Elapsed < duration; i++)
                {
                    using var response = await http.PostAsync("/api/explain?maps=float32", Form(pictures[i % pictures.Count]));
                    await response.Content.ReadAsByteArrayAsync();
                    answers.AddOrUpdate((int)response.StatusCode, 1, (_, n) => n + 1);
                }
            })).ToList();
            while (clock.Elapsed < duration)
            {
                await Task.Delay(duration / 12);
                server.Refresh();
                memory.Add(server.WorkingSet64 / 1048576.0);
            }

            await Task.WhenAll(work);
            double seconds = clock.Elapsed.TotalSeconds;
            int served = answers.Where(a => a.Key != 429).Sum(a => a.Value);
            return new Figures(answers, served / seconds, loop, seconds, memory[memory.Count / 3], memory[^1]);
        }
        finally
        {
            server.StandardInput.Close();
            if (!server.WaitForExit(10_000))
                server.Kill();
        }
    }

    /// <summary>The server's own process: until its input ends.</summary>
    public static async Task<int> Host()
    {
        var binding = Binding.Create();
        await using var app = ExplainServer.Create(
            new ServeOptions { Models = [new ModelSource("scenes-vgg", Checkout.Model("scenes-vgg"), "scenes-vgg")] }, binding);
        using var stop = new CancellationTokenSource();
        var input = Task.Run(async () =>
        {
            await Console.In.ReadToEndAsync();
            await stop.CancelAsync();
        });
        await WebServer.RunAsync(app, binding, Console.Out, stop.Token);
        await input;
        return 0;
    }

    private static double Loop(List<byte[]> pictures, TimeSpan duration)
    {
        using var explainer = PictureExplainer.Load(Checkout.Model("scenes-vgg"));
        int done = 0;
        Step(explainer, pictures[0]);
        var clock = Stopwatch.StartNew();
        for (; clock.Elapsed < duration; done++)
            Step(explainer, pictures[done % pictures.Count]);
        return done / clock.Elapsed.TotalSeconds;
    }

    private static void Step(PictureExplainer explainer, byte[] bytes)
    {
        try
        {
            foreach (var explanation in explainer.Explain(PictureDecoder.Decode(new MemoryStream(bytes), "image")).Explanations)
                explanation.HeatMap.LargestPart();
        }
        catch (Exception e) when (e is PictureException or ModelException)
        {
            // A bad picture: it is part of the mix.
        }
    }

    /// <summary>The four samples twice, then a truncated picture, noise, text and nothing: two of three are good.</summary>
    private static List<byte[]> Mix()
    {
        var samples = Directory.GetFiles(Path.Combine(Checkout.Root(), "samples"), "*.jpg")
            .Order(StringComparer.Ordinal).Select(File.ReadAllBytes).ToList();
        byte[] noise = new byte[50_000];
        new Random(1).NextBytes(noise);
        return [.. samples, .. samples, samples[0][..30_000], noise, "no picture"u8.ToArray(), []];
    }

    private static MultipartFormDataContent Form(byte[] picture) => new() { { new ByteArrayContent(picture), "image", "image" } };

    private static Process Start()
    {
        var info = OwnProcess.With("serve-host");
        info.RedirectStandardInput = true;
        return Process.Start(info)!;
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
