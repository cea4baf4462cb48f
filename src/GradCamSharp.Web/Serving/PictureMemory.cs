namespace GradCamSharp.Web.Serving;

/// <summary>
/// The bytes that pictures may take in memory: bodies that arrive, bodies that wait for their turn, and pictures that are kept. Where room
/// is wanted, kept pictures go first, then the body that has been arriving for the longest: who sends slowly holds up nobody.
/// </summary>
/// <param name="capacity">The most bytes.</param>
internal sealed class PictureMemory(long capacity)
{
    /// <summary>The bytes that are taken at once: below the size from which an array counts as large.</summary>
    public const int BlockSize = 64 << 10;

    private readonly Lock gate = new();
    private readonly LinkedList<ArrivingPicture> arriving = [];

    // Blocks are used again: a full server would else leave as much to the collector as it holds.
    private readonly Stack<byte[]> free = [];
    private long used;

    /// <summary>How many bytes are taken.</summary>
    public long Used
    {
        get
        {
            lock (gate)
                return used;
        }
    }

    /// <summary>Forgets the kept picture that was not used for the longest; false if none is kept. Called without a lock held.</summary>
    public Func<bool> ForgetOldestKept { private get; set; } = () => false;

    /// <summary>A picture that begins to arrive. To be disposed when nobody needs it any more.</summary>
    public ArrivingPicture Begin()
    {
        var picture = new ArrivingPicture(this);
        lock (gate)
            arriving.AddLast(picture);
        return picture;
    }

    /// <summary>Takes bytes for a kept picture, if need be those of other kept ones.</summary>
    /// <returns>Whether there is room.</returns>
    public bool TryTake(long bytes)
    {
        do
        {
            if (TryTakeFree(bytes))
                return true;
        }
        while (ForgetOldestKept());
        return false;
    }

    /// <summary>Takes a block for a picture that arrives.</summary>
    /// <returns>The block; null if there is no room, or if the picture's memory was given to others.</returns>
    internal byte[]? TryTakeBlock(ArrivingPicture taker)
    {
        do
        {
            lock (gate)
            {
                if (taker.GivenUp.IsCancellationRequested)
                    return null;
                if (used + BlockSize <= capacity)
                {
                    used += BlockSize;
                    taker.Taken += BlockSize;
                    return free.TryPop(out byte[]? block) ? block : GC.AllocateUninitializedArray<byte>(BlockSize);
                }
            }
        }
        while (ForgetOldestKept() || GiveUpOldest(taker));
        return null;
    }

    /// <summary>Gives bytes back.</summary>
    internal void Release(long bytes)
    {
        lock (gate)
        {
            used -= bytes;
            Trim();
        }
    }

    /// <summary>A picture has arrived: what waits for its turn is not given up.</summary>
    /// <returns>False if it was given up before.</returns>
    internal bool Settle(ArrivingPicture picture)
    {
        lock (gate)
            return arriving.Remove(picture);
    }

    /// <summary>Takes the blocks of a picture back, which nobody reads or writes any more.</summary>
    internal void End(ArrivingPicture picture, List<byte[]> blocks)
    {
        lock (gate)
        {
            arriving.Remove(picture);
            used -= picture.Taken;
            picture.Taken = 0;
            blocks.ForEach(free.Push);
            Trim();
        }
    }

    private bool TryTakeFree(long bytes)
    {
        lock (gate)
        {
            if (used + bytes > capacity)
                return false;
            used += bytes;
            return true;
        }
    }

    private bool GiveUpOldest(ArrivingPicture taker)
    {
        lock (gate)
        {
            if (arriving.First is not { Value: var oldest } || oldest == taker)
                return false;
            arriving.RemoveFirst();
            used -= oldest.Taken;
            oldest.Taken = 0;
            oldest.GiveUp();
            return true;
        }
    }

    /// <summary>No more is kept at hand than is in use, so that a server without visitors holds nothing.</summary>
    private void Trim()
    {
        while ((long)free.Count * BlockSize > used)
            free.Pop();
        if (used == 0)
            free.TrimExcess();
    }
}
