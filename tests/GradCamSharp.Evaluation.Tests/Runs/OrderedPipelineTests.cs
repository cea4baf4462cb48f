using System.Collections.Concurrent;
using GradCamSharp.Evaluation.Runs;

namespace GradCamSharp.Evaluation.Tests.Runs;

public sealed class OrderedPipelineTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 3)]
    [InlineData(100, 1)]
    [InlineData(100, 4)]
    public void Run_Items_ResultsComeInOrder(int count, int workers)
    {
        var results = new List<int>();
        OrderedPipeline.Run<int>(count, workers, () => item => item * item, results.Add, TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(0, count).Select(i => i * i), results);
    }

    [Fact]
    public void Run_FirstItemWaits_OthersAreWorkedOnButBounded()
    {
        var begun = new ConcurrentBag<int>();
        using var others = new CountdownEvent(3);
        OrderedPipeline.Run<int>(50, 2, () => item =>
        {
            begun.Add(item);
            if (item == 0)
            {
                // The window is twice the workers: items 1 to 3 can be done while this one is in work, 4 cannot begin.
                others.Wait(TestContext.Current.CancellationToken);
                Assert.DoesNotContain(begun, i => i > 3);
            }
            else if (item <= 3)
            {
                others.Signal();
            }

            return item;
        }, _ => { }, TestContext.Current.CancellationToken);
        Assert.Equal(50, begun.Count);
    }

    [Fact]
    public void Run_Cancelled_WhatIsBegunIsHandedOn()
    {
        using var source = new CancellationTokenSource();
        var begun = new ConcurrentBag<int>();
        var results = new List<int>();
        Assert.Throws<OperationCanceledException>(() => OrderedPipeline.Run<int>(1000, 3, () => item =>
        {
            begun.Add(item);
            if (item == 20)
                source.Cancel();
            return item;
        }, results.Add, source.Token));
        Assert.Equal(begun.Order(), results);
        Assert.InRange(results.Count, 21, 27);
    }

    [Fact]
    public void Run_ItemFails_EarlierResultsAreHandedOnAndItThrows()
    {
        var results = new List<int>();
        var error = Assert.Throws<InvalidOperationException>(() => OrderedPipeline.Run<int>(
            100, 2, () => item => item == 10 ? throw new InvalidOperationException("ten") : item, results.Add, Cancellation));
        Assert.Equal("ten", error.Message);
        Assert.Equal(Enumerable.Range(0, 10), results);
    }

    [Fact]
    public void Run_ConsumerFails_ItThrowsAndTheWorkersEnd()
    {
        int begun = 0;
        Assert.Throws<IOException>(() => OrderedPipeline.Run<int>(
            10_000, 2, () => item => Interlocked.Increment(ref begun), _ => throw new IOException(), Cancellation));
        Assert.InRange(begun, 1, 20);
    }
}
