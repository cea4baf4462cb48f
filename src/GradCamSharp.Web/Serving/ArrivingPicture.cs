namespace GradCamSharp.Web.Serving;

/// <summary>A picture that arrives in blocks of the server's <see cref="PictureMemory"/>. One thread at a time uses it.</summary>
internal sealed class ArrivingPicture : IDisposable
{
    private readonly PictureMemory memory;
    private readonly List<byte[]> blocks = [];

    // Not disposed: others may cancel it at that moment, and it has no timer.
    private readonly CancellationTokenSource givenUp = new();

    internal ArrivingPicture(PictureMemory memory) => this.memory = memory;

    /// <summary>Cancelled when its memory was given to others.</summary>
    public CancellationToken GivenUp => givenUp.Token;

    /// <summary>The bytes that have arrived.</summary>
    public long Length { get; private set; }

    /// <summary>The bytes that it takes of the memory, which alone reads and writes this, under its lock.</summary>
    internal long Taken { get; set; }

    /// <summary>Copies a body to its end.</summary>
    /// <returns>Whether there was room for all of it.</returns>
    /// <exception cref="OperationCanceledException">The caller has gone, or the memory was given to others.</exception>
    public async Task<bool> Fill(Stream body, CancellationToken cancellationToken)
    {
        while (true)
        {
            int at = (int)(Length % PictureMemory.BlockSize);
            if (blocks.Count * (long)PictureMemory.BlockSize == Length && !Grow())
                return false;
            int read = await body.ReadAsync(blocks[^1].AsMemory(at), cancellationToken);
            if (read == 0)
                return true;
            Length += read;
        }
    }

    /// <summary>Says that it has arrived: from now on its memory is its own.</summary>
    /// <exception cref="OperationCanceledException">It was given to others.</exception>
    public void Settle()
    {
        if (!memory.Settle(this))
            throw new OperationCanceledException(GivenUp);
    }

    /// <summary>Its bytes, from the first.</summary>
    public Stream OpenRead() => new BlockStream(blocks, Length);

    public void Dispose()
    {
        memory.End(this, blocks);
        blocks.Clear();
    }

    /// <summary>Tells its reader, on another thread, that its memory was given to others.</summary>
    internal void GiveUp() => _ = givenUp.CancelAsync();

    private bool Grow()
    {
        if (memory.TryTakeBlock(this) is not { } block)
            return false;
        blocks.Add(block);
        return true;
    }

    private sealed class BlockStream(List<byte[]> blocks, long length) : Stream
    {
        public override bool CanRead => true;

        // Its length is known: a reader makes room for it at once.
        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position { get; set; }

        public override int Read(Span<byte> buffer)
        {
            int at = (int)(Position % PictureMemory.BlockSize);
            int count = (int)Math.Min(Math.Min(buffer.Length, PictureMemory.BlockSize - at), length - Position);
            if (count <= 0)
                return 0;
            blocks[(int)(Position / PictureMemory.BlockSize)].AsSpan(at, count).CopyTo(buffer);
            Position += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
        {
            SeekOrigin.Current => Position,
            SeekOrigin.End => length,
            _ => 0,
        };

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
