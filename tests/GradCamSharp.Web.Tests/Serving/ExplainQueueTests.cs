using System.Net;
using GradCamSharp.Web.Hosting;
using GradCamSharp.Web.Serving;
using GradCamSharp.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace GradCamSharp.Web.Tests.Serving;

public sealed class ExplainQueueTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60), Short = TimeSpan.FromMilliseconds(20);

    [Fact]
    public async Task Run_MoreThanRunAndWait_IsToldWhenToComeAgain()
    {
        using var queue = new ExplainQueue(runs: 1, length: 1, Long);
        using var release = new ManualResetEventSlim();
        var (first, second) = (queue.Run(Held(release), CancellationToken.None), queue.Run(_ => 2, CancellationToken.None));
        Assert.Equal(2, queue.Present);
        var refused = await Assert.ThrowsAsync<RefusedException>(() => queue.Run(_ => 3, CancellationToken.None));
        Assert.Equal(429, refused.Status);
        Assert.InRange(refused.RetryAfterSeconds!.Value, 1, 60);
        Assert.Equal(2, queue.Present);

        release.Set();
        int[] answers = await Task.WhenAll(first, second);
        Assert.Equal([1, 2], answers);
        Assert.Equal(4, await queue.Run(_ => 4, CancellationToken.None));
        Assert.Equal(0, queue.Present);
    }

    [Fact]
    public async Task Run_CallerGone_StopsTheWork()
    {
        using var queue = new ExplainQueue(1, 1, Long);
        using var gone = new CancellationTokenSource();
        var run = queue.Run(
            stop =>
            {
                gone.Cancel();
                stop.ThrowIfCancellationRequested();
                return 1;
            },
            gone.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Equal(2, await queue.Run(_ => 2, CancellationToken.None));
    }

    [Fact]
    public async Task Run_CallerGoneBeforeItsTurn_DoesNotRun()
    {
        using var queue = new ExplainQueue(1, 1, Long);
        using var release = new ManualResetEventSlim();
        using var gone = new CancellationTokenSource();
        var first = queue.Run(Held(release), CancellationToken.None);
        bool hasRun = false;
        var waiting = queue.Run(_ => hasRun = true, gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        release.Set();
        Assert.Equal(1, await first);
        Assert.Equal(2, await queue.Run(_ => 2, CancellationToken.None));
        Assert.False(hasRun);
    }

    [Fact]
    public async Task Run_LongerThanAllowed_IsStoppedWithAReason()
    {
        using var queue = new ExplainQueue(1, 1, Short);
        var refused = await Assert.ThrowsAsync<RefusedException>(() => queue.Run(
            stop =>
            {
                stop.WaitHandle.WaitOne();
                stop.ThrowIfCancellationRequested();
                return 1;
            },
            CancellationToken.None));
        Assert.Equal(503, refused.Status);
    }

    [Fact]
    public async Task Run_TurnDoesNotCome_IsToldToComeAgain()
    {
        using var queue = new ExplainQueue(1, 1, Short);
        using var release = new ManualResetEventSlim();
        var entered = new TaskCompletionSource();
        var first = queue.Run(
            _ =>
            {
                entered.SetResult();
                release.Wait(CancellationToken.None);
                return 1;
            },
            CancellationToken.None);
        await entered.Task;
        var refused = await Assert.ThrowsAsync<RefusedException>(() => queue.Run(_ => 2, CancellationToken.None));
        Assert.Equal(429, refused.Status);
        release.Set();
        Assert.Equal(1, await first);
    }

    [Fact]
    public async Task FullServer_Answers429WithRetryAfter_AndServesAgain()
    {
        var (app, client) = await ApiFixture.Start(ApiFixture.Options("scenes-vgg") with { Runs = 1, QueueLength = 0 });
        await using var _ = app;
        using var release = new ManualResetEventSlim();
        var held = app.Services.GetRequiredService<ExplainQueue>().Run(Held(release), CancellationToken.None);
        var response = await client.PostAsync("/api/explain", ApiFixture.Form(ApiFixture.Sample()));
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.True(response.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        Assert.NotEqual("", await RunningServer.Reason(response));

        release.Set();
        await held;
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync("/api/explain", ApiFixture.Form(ApiFixture.Sample()))).StatusCode);
    }

    private static Func<CancellationToken, int> Held(ManualResetEventSlim release) => _ =>
    {
        release.Wait(CancellationToken.None);
        return 1;
    };
}
