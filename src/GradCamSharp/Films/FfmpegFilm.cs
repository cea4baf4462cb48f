using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using GradCamSharp.Imaging;

namespace GradCamSharp.Films;

/// <summary>A film that the program ffmpeg decodes, frame by frame through a pipe; ffprobe says how many frames a second has.</summary>
/// <remarks>Both may open the file alone and nothing else: a film is untrusted, and some kinds name addresses to fetch.</remarks>
internal sealed class FfmpegFilm : Film
{
    // What films are kept in. Lists that name other files (HLS, concat ...) are none: whoever sends one could have any file here read.
    private const string Containers =
        "mov,matroska,avi,mpeg,mpegts,mpegvideo,asf,flv,live_flv,ogg,m4v,h264,hevc,mxf,dv,gif,webp_pipe,ivf,nut,rm,yuv4mpegpipe";

    // A header of a PPM: three numbers of at most so many digits.
    private const int MostDigits = 9, KeptErrors = 2000;

    private readonly PictureLimits limits;
    private readonly string ffmpeg;
    private readonly (long Numerator, long Denominator) rate;

    private FfmpegFilm(string path, PictureLimits limits, string ffmpeg, (long, long) rate)
        : base(path)
    {
        this.limits = limits;
        this.ffmpeg = ffmpeg;
        this.rate = rate;
    }

    /// <summary>Whether ffmpeg and ffprobe are installed.</summary>
    public static bool IsInstalled => Find("ffmpeg") is not null && Find("ffprobe") is not null;

    /// <exception cref="FilmException">ffmpeg is not there, or the file holds no film.</exception>
    public static FfmpegFilm Open(string path, PictureLimits limits)
    {
        if ((Find("ffmpeg"), Find("ffprobe")) is not ({ } ffmpeg, { } ffprobe))
        {
            throw new FilmException(
                FilmError.NoDecoder, path, "films are decoded by ffmpeg, and no ffmpeg is installed here",
                "Install it, or give a folder of frames or an animated GIF or WebP.");
        }

        return new FfmpegFilm(path, limits, ffmpeg, RateOf(path, ffprobe));
    }

    private protected override IEnumerable<FilmFrame> Read(CancellationToken cancellationToken)
    {
        string frames = string.Create(CultureInfo.InvariantCulture, $"{rate.Numerator}/{rate.Denominator}");
        using var process = Start(ffmpeg, [
            "-nostdin", "-v", "error", "-protocol_whitelist", "file", "-format_whitelist", Containers, "-i", Input(Name),
            "-map", "0:v:0", "-an", "-sn", "-dn",
            "-r", frames, "-f", "image2pipe", "-c:v", "ppm", "-"]);
        var errors = ReadErrors(process);
        using var stop = cancellationToken.Register(() => Kill(process));
        var duration = TimeSpan.FromSeconds((double)rate.Denominator / rate.Numerator);
        bool isWhole = false;
        try
        {
            var pipe = process.StandardOutput.BaseStream;
            using var buffered = new BufferedStream(pipe, 1 << 16);
            int count = 0;
            for (; Next(buffered) is { } picture; count++)
                yield return new FilmFrame(picture, duration);
            cancellationToken.ThrowIfCancellationRequested();
            process.WaitForExit();
            isWhole = true;
            if (process.ExitCode != 0 || (count == 0 && errors.Result.Length > 0))
                throw Broken(errors.Result);
        }
        finally
        {
            if (!isWhole)
                Kill(process);
        }
    }

    private FilmException Broken(string errors) => new(
        FilmError.Damaged, Name, $"ffmpeg cannot decode it: {FirstLine(errors)}", "Copy or download it again, or convert it.");

    /// <summary>The next picture of a stream of PPM files; null at its end.</summary>
    private Picture? Next(Stream stream)
    {
        int first = stream.ReadByte();
        if (first < 0)
            return null;
        if (first != 'P' || stream.ReadByte() != '6')
            throw Broken("its output is no PPM");
        int width = Number(stream), height = Number(stream), most = Number(stream);
        if (width < 1 || height < 1 || most != byte.MaxValue)
            throw Broken("its output is no PPM of 8 bits");
        if ((long)width * height > limits.MaximumPixels)
        {
            throw new FilmException(FilmError.TooLarge, Name, string.Create(CultureInfo.InvariantCulture,
                $"frames of {width} x {height} pixels are more than the limit of {limits.MaximumPixels / 1e6:0.###} megapixels"),
                "Make it smaller first.");
        }

        byte[] pixels = new byte[checked(width * height * 3)];
        if (stream.ReadAtLeast(pixels, pixels.Length, throwOnEndOfStream: false) < pixels.Length)
            throw Broken("it stopped in the middle of a frame");
        return new Picture(width, height, pixels);
    }

    private static int Number(Stream stream)
    {
        int number = 0, digits = 0;
        while (digits <= MostDigits)
        {
            int next = stream.ReadByte();
            if (next is >= '0' and <= '9')
                (number, digits) = ((number * 10) + next - '0', digits + 1);
            else if (next < 0 || digits > 0)
                break;
        }

        return digits is > 0 and <= MostDigits ? number : -1;
    }

    private static (long Numerator, long Denominator) RateOf(string path, string ffprobe)
    {
        using var process = Start(ffprobe, [
            "-v", "error", "-protocol_whitelist", "file", "-format_whitelist", Containers, "-select_streams", "v:0", "-show_entries",
            "stream=avg_frame_rate,r_frame_rate", "-of", "default=noprint_wrappers=1:nokey=1", Input(path)]);
        var errors = ReadErrors(process);
        string answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new FilmException(
                FilmError.Damaged, path, $"ffmpeg cannot read it: {FirstLine(errors.Result)}", "Copy or download it again, or convert it.");
        }

        string[] rates = answer.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (rates.Length == 0)
            throw new FilmException(FilmError.NoFrames, path, "a film without frames: no stream of pictures is in it", "Give another " +
                "film.");
        // The mean rate comes last, and is 0/0 where nobody knows it.
        foreach (string rate in rates.Reverse())
        {
            string[] parts = rate.Split('/');
            if (parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long over)
                && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long under) && over > 0 && under > 0
                && over <= 1000 * under)
                return (over, under);
        }

        return (25, 1);
    }

    private static Process Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        try
        {
            var process = Process.Start(start) ?? throw new IOException($"'{program}' does not start.");
            process.StandardInput.Close();
            return process;
        }
        catch (Win32Exception e)
        {
            throw new IOException($"'{program}' does not start: {e.Message}. Install ffmpeg anew.", e);
        }
    }

    // The pipe of errors must be emptied while the other is read, and a broken film may fill it without end.
    private static Task<string> ReadErrors(Process process) => Task.Run(() =>
    {
        var kept = new StringBuilder();
        char[] part = new char[1024];
        for (int read; (read = process.StandardError.Read(part)) > 0;)
        {
            if (kept.Length < KeptErrors)
                kept.Append(part, 0, read);
        }

        return kept.ToString();
    });

    private static string FirstLine(string errors)
    {
        string line = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "";
        // It names the file, which the message names already.
        int end = line.LastIndexOf(": ", StringComparison.Ordinal);
        string said = end >= 0 ? line[(end + 2)..] : line;
        return said.Length == 0 ? "no reason is given" : said.TrimEnd('.');
    }

    // A path is no address, whatever it looks like.
    private static string Input(string path) => "file:" + Path.GetFullPath(path);

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It has ended by itself.
        }
    }

    private static string? Find(string program)
    {
        string name = OperatingSystem.IsWindows() ? program + ".exe" : program;
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathRooted).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }
}
