using System.Diagnostics;
using GradCamSharp.Films;
using GradCamSharp.Imaging;

namespace GradCamSharp.Tests.Films;

public sealed class FilmTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("gradcam-films-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Frames_OfAFolder_ComeInTheOrderOfTheirNumbers()
    {
        foreach (int number in (int[])[10, 9, 1, 2])
            Write(Plain(number), $"frame{number}.png");
        var film = Film.Open(folder, new FilmOptions { FramesPerSecond = 4 });
        var frames = film.Frames(TestContext.Current.CancellationToken).ToList();
        Assert.Equal([1, 2, 9, 10], frames.Select(f => (int)f.Picture.Pixels[0]));
        Assert.All(frames, f => Assert.Equal(TimeSpan.FromSeconds(0.25), f.Duration));
    }

    [Theory]
    [InlineData("gif")]
    [InlineData("webp")]
    public void Frames_OfAnAnimationThatWasWritten_AreTheFramesAgain(string kind)
    {
        var frames = Enumerable.Range(0, 5).Select(Drawn).ToList();
        string path = Animation(kind, frames, TimeSpan.FromMilliseconds(40));
        Assert.True(Film.IsFilm(path));
        var read = Film.Open(path).Frames(TestContext.Current.CancellationToken).ToList();
        Assert.Equal(5, read.Count);
        foreach (var (written, found) in frames.Zip(read))
        {
            Assert.Equal(TimeSpan.FromMilliseconds(40), found.Duration);
            Assert.True(Difference(written, found.Picture) < 6, $"{Difference(written, found.Picture)} levels apart in the mean");
        }

        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(Animation(kind, frames, TimeSpan.FromMilliseconds(40), "again")));
    }

    [Fact]
    public void Gif_OfNoise_IsReadAgain()
    {
        // Noise fills the table of codes again and again.
        var random = new Random(7);
        byte[] pixels = new byte[300 * 200 * 3];
        random.NextBytes(pixels);
        var noise = new Picture(300, 200, pixels);
        var read = Film.Open(Animation("gif", [noise, Drawn(1, 300, 200)], TimeSpan.FromSeconds(1)))
            .Frames(TestContext.Current.CancellationToken).ToList();
        Assert.Equal(2, read.Count);
        // 256 colours of a cube: eight a side at best.
        Assert.InRange(Difference(noise, read[0].Picture), 0, 24);
        Assert.InRange(Difference(Drawn(1, 300, 200), read[1].Picture), 0, 6);
    }

    [Fact]
    public void Add_ThirtyFramesASecond_TakesASecondInHundredths()
    {
        string path = Animation("gif", [.. Enumerable.Repeat(Plain(1), 30)], TimeSpan.FromSeconds(1 / 30.0));
        var durations = Film.Open(path).Frames(TestContext.Current.CancellationToken).Select(f => f.Duration).ToList();
        Assert.Equal(1, durations.Sum(d => d.TotalSeconds), 1e-9);
    }

    [Fact]
    public void Open_AFolderWithoutPictures_IsAFilmWithoutFrames() =>
        Assert.Equal(FilmError.NoFrames, Assert.Throws<FilmException>(() => Film.Open(folder)).Kind);

    [Fact]
    public void Open_NoSuchFile_SaysSo() =>
        Assert.Equal(FilmError.Unreadable, Assert.Throws<FilmException>(() => Film.Open(Path.Combine(folder, "none.mp4"))).Kind);

    [Fact]
    public void Frames_OfTwoSizes_AreRefused()
    {
        Write(Plain(1), "1.png");
        Write(Drawn(1, 20, 20), "2.png");
        var error = Assert.Throws<FilmException>(() => Film.Open(folder).Frames(TestContext.Current.CancellationToken).ToList());
        Assert.Equal(FilmError.Damaged, error.Kind);
    }

    [Fact]
    public void Frames_OfATruncatedGif_AreRefused()
    {
        string path = Animation("gif", [.. Enumerable.Range(0, 6).Select(Drawn)], TimeSpan.FromMilliseconds(100));
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^2500]);
        Assert.Throws<PictureException>(() => Film.Open(path).Frames(TestContext.Current.CancellationToken).ToList());
    }

    [Fact]
    public void IsFilm_OfAStillPicture_IsFalse()
    {
        Write(Plain(1), "still.png");
        Assert.False(Film.IsFilm(Path.Combine(folder, "still.png")));
        Assert.False(Film.IsFilm(Animation("webp", [Plain(1)], TimeSpan.FromSeconds(1))));
        Assert.True(Film.IsFilm("anything.MP4"));
    }

    [Fact]
    public void Frames_OfAFilmThatFfmpegReads_HaveItsSizeAndRate()
    {
        string path = WithFfmpeg("film.mp4");
        var frames = Film.Open(path).Frames(TestContext.Current.CancellationToken).ToList();
        Assert.Equal(24, frames.Count);
        Assert.All(frames, f => Assert.Equal(new PixelSize(64, 48), f.Picture.Size));
        Assert.Equal(2, frames.Sum(f => f.Duration.TotalSeconds), 1e-6);
    }

    [Fact]
    public void Frames_OfADamagedFilm_AreRefused()
    {
        string path = WithFfmpeg("damaged.mp4");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..600]);
        var error = Assert.Throws<FilmException>(() => Film.Open(path).Frames(TestContext.Current.CancellationToken).ToList());
        Assert.Equal(FilmError.Damaged, error.Kind);
    }

    [Fact]
    public void Frames_AskedForOneByOne_StopTheDecoder()
    {
        using var stop = new CancellationTokenSource();
        var frames = Film.Open(WithFfmpeg("stopped.mp4")).Frames(stop.Token).GetEnumerator();
        Assert.True(frames.MoveNext());
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            while (frames.MoveNext())
            {
            }
        });
    }

    [Fact]
    public void Open_AListOfOtherFiles_IsNoFilm()
    {
        string film = WithFfmpeg("own.mp4"), list = Path.Combine(folder, "list.mp4");
        File.WriteAllText(list, $"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile://{film}\n#EXT-X-ENDLIST\n");
        Assert.Equal(FilmError.Damaged, Assert.Throws<FilmException>(() => Film.Open(list)).Kind);
    }

    private string WithFfmpeg(string name)
    {
        Assert.SkipUnless(FfmpegFilm.IsInstalled, "ffmpeg is not installed: films other than folders, GIF and WebP are not read.");
        string path = Path.Combine(folder, name);
        var start = new ProcessStartInfo("ffmpeg") { RedirectStandardError = true, RedirectStandardInput = true };
        foreach (string argument in (string[])["-v", "error", "-f", "lavfi", "-i", "testsrc=size=64x48:rate=12:duration=2", path])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return path;
    }

    private string Animation(string kind, List<Picture> frames, TimeSpan duration, string name = "film")
    {
        string path = Path.Combine(folder, $"{name}.{kind}");
        using var stream = File.Create(path);
        var writer = kind == "gif" ? AnimationWriter.Gif(stream, frames[0].Size) : AnimationWriter.WebP(stream, frames[0].Size);
        foreach (var frame in frames)
            writer.Add(frame, duration);
        writer.Complete();
        return path;
    }

    private void Write(Picture picture, string name)
    {
        using var stream = File.Create(Path.Combine(folder, name));
        PictureEncoder.WritePng(picture, stream);
    }

    private static Picture Plain(int value)
    {
        byte[] pixels = new byte[16 * 12 * 3];
        Array.Fill(pixels, (byte)value);
        return new Picture(16, 12, pixels);
    }

    private static Picture Drawn(int number) => Drawn(number, 61, 40);

    // A soft spot that moves.
    private static Picture Drawn(int number, int width, int height)
    {
        byte[] pixels = new byte[width * height * 3];
        for (int i = 0; i < width * height; i++)
        {
            double across = (i % width) - (width * (number + 1) / 7.0), down = (i / width) - (height / 2.0);
            double near = Math.Exp(-((across * across) + (down * down)) / 200);
            (pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2]) =
                ((byte)(255 * near), (byte)(i % width * 255 / width), (byte)(200 * (1 - near)));
        }

        return new Picture(width, height, pixels);
    }

    private static double Difference(Picture a, Picture b)
    {
        long sum = 0;
        for (int i = 0; i < a.Pixels.Length; i++)
            sum += Math.Abs(a.Pixels[i] - b.Pixels[i]);
        return (double)sum / a.Pixels.Length;
    }
}
