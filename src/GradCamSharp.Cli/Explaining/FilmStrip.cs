using GradCamSharp.Imaging;

namespace GradCamSharp.Cli.Explaining;

/// <summary>A few frames of a film of any length, evenly spread over it.</summary>
internal sealed class FilmStrip
{
    private const int Kept = 16, Shown = 8, Height = 180;

    private readonly List<(Picture Picture, double Time)> frames = [];
    private int every = 1, seen;

    /// <summary>Adds the next frame; of many every second is dropped, and from then on every second is taken.</summary>
    public void Add(Picture picture, double time)
    {
        if (seen++ % every != 0)
            return;
        if (frames.Count == Kept)
        {
            for (int i = Kept - 1; i > 0; i -= 2)
                frames.RemoveAt(i);
            every *= 2;
            if ((seen - 1) % every != 0)
                return;
        }

        frames.Add((picture, time));
    }

    /// <summary>Draws the strip.</summary>
    /// <param name="caption">What stands before the first frame's time.</param>
    public Picture Draw(string caption)
    {
        int count = Math.Min(Shown, frames.Count);
        var chosen = Enumerable.Range(0, count).Select(i => frames[count == 1 ? 0 : i * (frames.Count - 1) / (count - 1)]);
        return SideBySide.Draw([.. chosen.Select((f, i) => (
            FormattableString.Invariant($"{(i == 0 ? caption + "  " : "")}{f.Time:0.0} s"), f.Picture))], Height);
    }
}
