using System.Diagnostics;
using System.Text.Json;
using GradCamSharp.Films;
using GradCamSharp.Imaging;
using GradCamSharp.Targets;
using GradCamSharp.Web.Serving;
using GradCamSharp.Web.Tests.Hosting;

namespace GradCamSharp.Web.Tests.Serving;

/// <summary>Films by HTTP.</summary>
public sealed partial class TargetsApiTests
{
    [Fact]
    public async Task Models_OfClips_SayHowLongThese()
    {
        var json = JsonDocument.Parse(await api.Client.GetStringAsync("/api/models")).RootElement;
        var video = json.GetProperty("models").EnumerateArray().Single(m => m.GetProperty("name").GetString() == "video");
        Assert.Equal(8, video.GetProperty("clip").GetProperty("frames").GetInt32());
        Assert.Equal(GradCamSharp.Films.Film.HasDecoder, json.GetProperty("limits").GetProperty("films").GetBoolean());
    }

    [Fact]
    public async Task Film_OfAnAnimation_HasTheLibrarysMapsAFrame()
    {
        byte[] gif = Animation(10);
        var answer = await Film(gif, "maps=float32&frames=jpeg&method=gradcam&target=class:4");
        var result = answer.Deserialize<FilmSchema>(Strict)!.Results[0];
        using var model = FilmTargets.Load(TargetsFixture.PathOf("video"));
        var film = GradCamSharp.Films.Film.Open(() => new MemoryStream(gif), "film");
        var parts = model.Explain(film, [new GradCamSharp.Methods.GradCam()], Target.Parse("class:4")).ToList();
        Assert.Equal((10, 8), (result.Film.Frames, result.Film.Clip));
        Assert.Equal(1, result.Film.Seconds, 1e-6);
        Assert.Equal([(0, 8), (8, 2)], result.Explanations[0].Parts.Select(p => (p.First, p.Frames)));
        Assert.Equal(parts.Select(p => p.Explanations[0].Explanation.Score), result.Explanations[0].Parts.Select(p => p.Value),
            (e, a) => Math.Abs(e - a) < 1e-4);
        var expected = parts.SelectMany(p => Enumerable.Range(0, p.Frames.Count).Select(p.Explanations[0].ValuesOf)).ToList();
        Assert.Equal([4, 6], result.Explanations[0].Maps!.Shape);
        Assert.Equal(10, result.Explanations[0].Maps!.Frames.Count);
        foreach (var (values, sent) in expected.Zip(result.Explanations[0].Maps!.Frames))
            Assert.Equal(values, Floats(sent), (e, a) => Math.Abs(e - a) < 1e-4);
        var frame = PictureDecoder.Decode(new MemoryStream(Convert.FromBase64String(result.Frames[9].Jpeg!)), "frame");
        Assert.Equal(new PixelSize(48, 32), frame.Size);
    }

    [Fact]
    public async Task Film_Overlays_AreDrawnOnTheFrames()
    {
        var answer = await Film(Animation(2), "maps=overlay&colormap=inferno");
        var maps = answer.Deserialize<FilmSchema>(Strict)!.Results[0].Explanations[0].Maps!;
        Assert.Equal(("jpeg", 2), (maps.Form, maps.Frames.Count));
        var overlay = PictureDecoder.Decode(new MemoryStream(Convert.FromBase64String(maps.Frames[1])), "overlay");
        Assert.Equal(new PixelSize(48, 32), overlay.Size);
    }

    [Fact]
    public async Task Film_ThatFfmpegReads_IsExplained()
    {
        Assert.SkipUnless(GradCamSharp.Films.Film.HasDecoder, "ffmpeg is not installed: films other than GIF and WebP are not read.");
        string folder = Directory.CreateTempSubdirectory("gradcam-mp4-").FullName, path = Path.Combine(folder, "a.mp4");
        var start = new ProcessStartInfo("ffmpeg", [
            "-v", "error", "-f", "lavfi", "-i", "testsrc=size=96x64:rate=10:duration=1", "-pix_fmt", "yuv420p", path]);
        using (var process = Process.Start(start)!)
            await process.WaitForExitAsync();
        string[] before = TemporaryFilms();
        var answer = await Film(await File.ReadAllBytesAsync(path), "frames=jpeg");
        Assert.Equal(10, answer.GetProperty("results")[0].GetProperty("frames").GetArrayLength());

        // A list of other files is no film: who sent one could see those of the server.
        byte[] list = System.Text.Encoding.UTF8.GetBytes(
            $"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile://{path}\n#EXT-X-ENDLIST\n");
        var refused = await api.Client.PostAsync("/api/film?model=video", ApiFixture.Form(list, "film"));
        Assert.Equal(422, (int)refused.StatusCode);
        Assert.DoesNotContain(Path.GetTempPath(), await RunningServer.Reason(refused));
        Assert.Empty(TemporaryFilms().Except(before));
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("film?model=detector", "film", "gif", 422, "Send a picture to /api/explain")]
    [InlineData("film?model=video&frames=png", "film", "gif", 400, "none or jpeg")]
    [InlineData("film?model=video", "image", "gif", 400, "takes the film as 'film'")]
    [InlineData("film?model=video&picture=0123456789abcdef0123456789abcdef", "film", "gif", 400, "no parameter 'picture'")]
    [InlineData("film?model=video&target=box:0", "film", "gif", 422, "class:")]
    [InlineData("film?model=video", "film", "long", 422, "more than 256 frames")]
    [InlineData("film?model=video", "film", "cut", 422, "truncated")]
    [InlineData("film?model=video", "film", "text", 422, "ffmpeg")]
    [InlineData("explain?model=video", "image", "gif", 422, "Send a film to /api/film")]
    [InlineData("describe?model=video", "image", "gif", 422, "Send a film to /api/film")]
    public async Task Film_ThatCannotBe_SaysTheWayOut(string path, string field, string kind, int status, string reason)
    {
        byte[] film = kind switch
        {
            "long" => Animation(257),
            "cut" => Animation(10)[..^400],
            "text" => "no film"u8.ToArray(),
            _ => Animation(2),
        };
        var response = await api.Client.PostAsync("/api/" + path, ApiFixture.Form(film, field));
        string said = await RunningServer.Reason(response);
        Assert.True(status == (int)response.StatusCode, said);
        Assert.Contains(reason, said);
        Assert.DoesNotContain(Path.GetTempPath(), said);
    }

    /// <summary>A GIF of 48 x 32 pixels, a tenth of a second a frame, over which a bright square moves.</summary>
    internal static byte[] Animation(int frames)
    {
        using var stream = new MemoryStream();
        var writer = AnimationWriter.Gif(stream, new PixelSize(48, 32));
        for (int frame = 0; frame < frames; frame++)
        {
            byte[] pixels = new byte[48 * 32 * 3];
            for (int y = 8; y < 20; y++)
                Array.Fill(pixels, (byte)220, ((y * 48) + (frame * 3 % 36)) * 3, 12 * 3);
            writer.Add(new Picture(48, 32, pixels), TimeSpan.FromMilliseconds(100));
        }

        writer.Complete();
        return stream.ToArray();
    }

    private static string[] TemporaryFilms() => Directory.GetDirectories(Path.GetTempPath(), "gradcam-film-*");

    private async Task<JsonElement> Film(byte[] film, string query)
    {
        var response = await api.Client.PostAsync("/api/film?model=video&" + query, ApiFixture.Form(film, "film"));
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }
}
