using GradCamSharp.Imaging;
using GradCamSharp.Web.Hosting;
using GradCamSharp.Web.Serving;

namespace GradCamSharp.Web.Tests.Serving;

public sealed class PictureMemoryTests
{
    private const int Block = PictureMemory.BlockSize;

    [Fact]
    public async Task Fill_Bytes_AreReadAsTheyCame()
    {
        byte[] bytes = new byte[(2 * Block) + 17];
        new Random(1).NextBytes(bytes);
        var memory = new PictureMemory(10 * Block);
        using (var picture = memory.Begin())
        {
            Assert.True(await picture.Fill(new MemoryStream(bytes), CancellationToken.None));
            picture.Settle();
            using var copy = new MemoryStream();
            await picture.OpenRead().CopyToAsync(copy);
            Assert.Equal(bytes, copy.ToArray());
            Assert.Equal(3 * Block, memory.Used);
        }

        Assert.Equal(0, memory.Used);
    }

    [Fact]
    public async Task Fill_NoRoom_GivesUpThePictureThatHasBeenArrivingForTheLongest()
    {
        var memory = new PictureMemory(4 * Block);
        using var slow = memory.Begin();
        using var other = memory.Begin();
        await slow.Fill(Blocks(1), CancellationToken.None);
        await other.Fill(Blocks(1), CancellationToken.None);
        using var fast = memory.Begin();
        Assert.True(await fast.Fill(Blocks(1), CancellationToken.None));
        Assert.True(slow.GivenUp.IsCancellationRequested);
        Assert.False(other.GivenUp.IsCancellationRequested);
        Assert.Throws<OperationCanceledException>(slow.Settle);
        Assert.False(await slow.Fill(Blocks(1), CancellationToken.None));
        Assert.Equal(4 * Block, memory.Used);
    }

    [Fact]
    public async Task Fill_AllOthersHaveArrived_IsRefusedAndTakesNothingFromThem()
    {
        var memory = new PictureMemory(3 * Block);
        using var waiting = memory.Begin();
        await waiting.Fill(Blocks(1), CancellationToken.None);
        waiting.Settle();
        using var late = memory.Begin();
        Assert.False(await late.Fill(Blocks(2), CancellationToken.None));
        Assert.False(waiting.GivenUp.IsCancellationRequested);
    }

    [Fact]
    public async Task Fill_NoRoom_ForgetsKeptPicturesBeforeItGivesUpAny()
    {
        var memory = new PictureMemory(4 * Block);
        using var kept = new KeptPictures(memory, TimeSpan.FromMinutes(1), TimeProvider.System);
        string first = kept.Keep(Picture(Block))!, second = kept.Keep(Picture(Block))!;
        kept.Find(first);
        using var slow = memory.Begin();
        using var fast = memory.Begin();
        await slow.Fill(Blocks(0), CancellationToken.None);
        Assert.True(await fast.Fill(Blocks(1), CancellationToken.None));
        Assert.False(slow.GivenUp.IsCancellationRequested);
        Assert.Equal(410, Assert.Throws<RefusedException>(() => kept.Find(second)).Status);
        Assert.NotNull(kept.Find(first));
    }

    [Fact]
    public void Keep_LargerThanAllRoom_IsNotKept()
    {
        var memory = new PictureMemory(Block);
        using var kept = new KeptPictures(memory, TimeSpan.FromMinutes(1), TimeProvider.System);
        Assert.Null(kept.Keep(Picture(Block + 3)));
        Assert.Equal(0, memory.Used);
    }

    [Fact]
    public void Forget_Handle_GivesItsRoomBack()
    {
        var memory = new PictureMemory(Block);
        using var kept = new KeptPictures(memory, TimeSpan.FromMinutes(1), TimeProvider.System);
        string handle = kept.Keep(Picture(Block))!;
        Assert.Matches("^[0-9a-f]{32}$", handle);
        kept.Forget(handle);
        kept.Forget(handle);
        Assert.Equal(0, memory.Used);
        Assert.Throws<RefusedException>(() => kept.Find(handle));
    }

    [Fact]
    public void Kept_NobodyAsks_IsForgottenAfterItsTime()
    {
        var memory = new PictureMemory(4 * Block);
        var clock = new Clock();
        using var kept = new KeptPictures(memory, TimeSpan.FromMinutes(10), clock);
        string old = kept.Keep(Picture(Block))!, used = kept.Keep(Picture(Block))!;
        clock.Advance(TimeSpan.FromMinutes(6));
        kept.Find(used);
        clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Throws<RefusedException>(() => kept.Find(old));
        Assert.NotNull(kept.Find(used));
        clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(0, memory.Used);
    }

    /// <summary>So many blocks less one byte: the last one has room for what shows the end.</summary>
    private static MemoryStream Blocks(int count) => new(new byte[Math.Max(0, (count * Block) + (count == 0 ? 1 : 0))]);

    /// <summary>A picture of about so many bytes.</summary>
    private static Picture Picture(int bytes) => new(bytes / 3, 1, new byte[bytes / 3 * 3]);

    /// <summary>A clock that is moved by hand, and with it its timers.</summary>
    private sealed class Clock : TimeProvider
    {
        private readonly List<(TimerCallback Callback, object? State)> timers = [];
        private long now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            timers.Add((callback, state));
            return new Hand();
        }

        public void Advance(TimeSpan by)
        {
            now += by.Ticks;
            timers.ForEach(t => t.Callback(t.State));
        }

        private sealed class Hand : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
