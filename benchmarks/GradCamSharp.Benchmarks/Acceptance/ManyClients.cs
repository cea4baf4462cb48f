using System.Globalization;

namespace GradCamSharp.Benchmarks.Acceptance;

/// <summary>The server under load.</summary>
internal static class ManyClients
{
    public static async Task<string> Measure(AcceptanceOptions options)
    {
        int clients = options.IsShort ? 8 : 64, seconds = options.IsShort ? 6 : 60;
        var load = await ServeLoad.Measure(clients, TimeSpan.FromSeconds(seconds));
        var counts = load.Answers.OrderBy(a => a.Key).Select(a => string.Create(CultureInfo.InvariantCulture, $"{a.Key}: {a.Value:n0}"));
        return string.Create(CultureInfo.InvariantCulture, $"""
            {clients} clients for {seconds} seconds on a server of scenes-vgg, eight good pictures of twelve, the others truncated, noise,
            text and empty. Wanted: no answer from 500 on, memory that stays.

            | what | figure |
            |---|---|
            | answers by status | {string.Join(", ", counts)} |
            | answers from 500 on | {load.Failed} |
            | pictures a second | {load.Rate:0.0} |
            | the same pictures in a loop without HTTP, a second | {load.Loop:0.0} |
            | the server's memory after a third of the time, MB | {load.EarlyMegabytes:0} |
            | at the end, MB | {load.LateMegabytes:0} |
            """);
    }
}
