using System.Security.Cryptography;
using GradCamSharp.Imaging;
using GradCamSharp.Web.Hosting;
using Microsoft.AspNetCore.Http;

namespace GradCamSharp.Web.Serving;

/// <summary>
/// Decoded pictures that further requests name by a handle instead of sending them again: in memory alone, until nobody asked for them for
/// a while, or until their room is wanted.
/// </summary>
internal sealed class KeptPictures : IDisposable
{
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private readonly Dictionary<string, LinkedListNode<Kept>> known = new(StringComparer.Ordinal);

    // The one that was not used for the longest first.
    private readonly LinkedList<Kept> order = [];
    private readonly PictureMemory memory;
    private readonly TimeProvider time;
    private readonly ITimer sweep;

    /// <param name="memory">Where their bytes count.</param>
    /// <param name="idle">How long one is kept that nobody asks for.</param>
    /// <param name="time">The clock.</param>
    public KeptPictures(PictureMemory memory, TimeSpan idle, TimeProvider time)
    {
        this.memory = memory;
        this.time = time;
        Idle = idle;
        memory.ForgetOldestKept = ForgetOldest;
        sweep = time.CreateTimer(_ => ForgetIdle(), null, Sweep, Sweep);
    }

    /// <summary>How long one is kept that nobody asks for.</summary>
    public TimeSpan Idle { get; }

    /// <summary>Keeps a picture.</summary>
    /// <returns>Its handle: 128 random bits; null if there is no room.</returns>
    public string? Keep(Picture picture)
    {
        long bytes = picture.Pixels.Length;
        if (!memory.TryTake(bytes))
            return null;
        var kept = new Kept(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), picture, bytes) { Used = time.GetTimestamp() };
        lock (gate)
            known.Add(kept.Handle, order.AddLast(kept));
        return kept.Handle;
    }

    /// <summary>The picture of a handle.</summary>
    /// <exception cref="RefusedException">It is not kept, or not any more.</exception>
    public Picture Find(string handle)
    {
        lock (gate)
        {
            if (known.TryGetValue(handle, out var node))
            {
                order.Remove(node);
                order.AddLast(node);
                node.Value.Used = time.GetTimestamp();
                return node.Value.Picture;
            }
        }

        throw new RefusedException(StatusCodes.Status410Gone, "No picture is kept under this handle, or not any more. Send it again.");
    }

    /// <summary>Forgets a picture; whether it was kept is not told.</summary>
    public void Forget(string handle)
    {
        lock (gate)
        {
            if (known.TryGetValue(handle, out var node))
                Forget(node);
        }
    }

    public void Dispose() => sweep.Dispose();

    private bool ForgetOldest()
    {
        lock (gate)
        {
            if (order.First is not { } oldest)
                return false;
            Forget(oldest);
            return true;
        }
    }

    private void ForgetIdle()
    {
        lock (gate)
        {
            while (order.First is { } oldest && time.GetElapsedTime(oldest.Value.Used) >= Idle)
                Forget(oldest);
        }
    }

    private void Forget(LinkedListNode<Kept> node)
    {
        known.Remove(node.Value.Handle);
        order.Remove(node);
        memory.Release(node.Value.Bytes);
    }

    private sealed record Kept(string Handle, Picture Picture, long Bytes)
    {
        public long Used { get; set; }
    }
}
