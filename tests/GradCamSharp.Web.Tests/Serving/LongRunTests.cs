using System.Net;
using System.Text.Json;
using GradCamSharp.Web.Serving;
using GradCamSharp.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace GradCamSharp.Web.Tests.Serving;

/// <summary>Methods that run the network many times: how long it takes, how far it is, and that it stops.</summary>
public sealed class LongRunTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Long = "method=sscam&set=sscam.samples=5000";

    [Theory]
    [InlineData("method=gradcam%2B%2B,saliency", 0)]
    [InlineData("method=rise&set=rise.masks=100", 101)]
    [InlineData("method=rise&set=rise.masks=100&class=top3", 303)]
    [InlineData("method=smoothgrad&set=smoothgrad.samples=7", 8)]
    public async Task Estimate_CountsTheRuns(string query, long runs)
    {
        var estimate = JsonDocument.Parse(await api.Client.GetStringAsync($"/api/estimate?model=scenes-resnet&{query}")).RootElement;
        Assert.Equal(runs, estimate.GetProperty("runs").GetInt64());
        Assert.False(estimate.GetProperty("long").GetBoolean() && runs == 0);
    }

    [Fact]
    public async Task Explain_MethodOfManyRuns_IsWhatTheLibrarySays()
    {
        var answer = await api.Explain("?model=scenes-resnet&method=occlusion&set=occlusion.window=40x40&set=occlusion.stride=40x40");
        var explanation = answer.GetProperty("results")[0].GetProperty("explanations")[0];
        Assert.Equal("occlusion", explanation.GetProperty("method").GetString());
        Assert.Equal([40, 40], explanation.GetProperty("parameters").GetProperty("window").EnumerateArray().Select(n => n.GetInt32()));
    }

    [Fact]
    public async Task Explain_LongerThanTheServerRuns_IsRefusedBeforeItRuns()
    {
        var (app, client) = await ApiFixture.Start(ApiFixture.Options("scenes-resnet") with { LongTimeout = TimeSpan.FromSeconds(1) });
        await using var _ = app;
        using var response = await client.PostAsync($"/api/explain?{Long}", ApiFixture.Form(ApiFixture.Sample()));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Contains("stops runs after 1 s", await RunningServer.Reason(response));
        client.Dispose();
        await app.StopAsync();
    }

    [Fact]
    public async Task Run_Stopped_EndsOnTheServer()
    {
        const string name = "a-name-that-nobody-guesses-1";
        var asked = api.Client.PostAsync(
            $"/api/explain?model=scenes-resnet&method=rise&set=rise.masks=5000&run={name}", ApiFixture.Form(ApiFixture.Sample()));
        RunDocument? progress = null;
        while (progress is not { Done: > 0 })
        {
            Assert.False(asked.IsCompleted, "The run ended before it could be stopped.");
            using var response = await api.Client.GetAsync($"/api/runs/{name}");
            progress = response.IsSuccessStatusCode
                ? JsonSerializer.Deserialize<RunDocument>(await response.Content.ReadAsStringAsync(), LayersDocument.Json) : null;
        }

        Assert.Equal("running", progress.State);
        Assert.InRange(progress.Total, 5000, 6000);
        Assert.Equal(HttpStatusCode.NoContent, (await api.Client.DeleteAsync($"/api/runs/{name}")).StatusCode);
        using var stopped = await asked;
        Assert.Equal(HttpStatusCode.Conflict, stopped.StatusCode);
        Assert.Contains("stopped", await RunningServer.Reason(stopped));
        Assert.Equal(HttpStatusCode.NotFound, (await api.Client.GetAsync($"/api/runs/{name}")).StatusCode);
        Assert.Equal(0, api.App.Services.GetRequiredService<LongQueue>().Places.Present);
    }
}
