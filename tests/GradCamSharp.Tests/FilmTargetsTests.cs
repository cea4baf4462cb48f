using GradCamSharp.Films;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Output;
using GradCamSharp.Targets;
using GradCamSharp.Tests.Methods;
using OnnxGrad;

namespace GradCamSharp.Tests;

public sealed class FilmTargetsTests : IDisposable
{
    private const int Side = 8, Length = 4;

    private readonly string folder = Directory.CreateTempSubdirectory("gradcam-clips-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("[N, C, T, H, W]")]
    [InlineData("[N, T, C, H, W]")]
    [InlineData("[N, T, H, W, C]")]
    public void Explain_ABrightFrame_LightsUpThere(string layout)
    {
        using var model = Load(Clips(layout));
        Assert.Equal(Length, model.Sampling.Length);
        var parts = Explain(model, Bright(11, 6));
        Assert.Equal([(0, 4), (4, 4), (8, 3)], parts.Select(p => (p.First, p.Frames.Count)));
        Assert.Equal([false, true, false], parts.Select(p => p.Explanations[0].Explanation.Score > 1));
        var explained = parts[1].Explanations[0];
        Assert.Equal("[4, 8, 8]", explained.Explanation.Shape.ToString());
        Assert.Equal([0f, 0f, 1f, 0f], Enumerable.Range(0, 4).Select(i => explained.MapOf(i).Values.ToArray().Max()));
        Assert.Equal(explained.MapOf(2).Size, parts[1].Frames[2].Picture.Size);
    }

    [Fact]
    public void Explain_TheLastClipOfAFilm_ReachesBack()
    {
        using var model = Load(Clips("[N, C, T, H, W]"));
        // Frames 5 to 8 are the last clip, of which 8 alone is new.
        var parts = Explain(model, Bright(9, 7));
        Assert.Equal((8, 1), (parts[2].First, parts[2].Frames.Count));
        Assert.True(parts[2].Explanations[0].Explanation.Score > 1);
        Assert.Equal(0, parts[2].Explanations[0].MapOf(0).Values.ToArray().Max());
    }

    [Fact]
    public void Explain_AFilmShorterThanAClip_HoldsTheLastFrameAndSaysSo()
    {
        using var model = Load(Clips("[N, C, T, H, W]"));
        var part = Assert.Single(Explain(model, Bright(2, 1)));
        Assert.Equal(2, part.Frames.Count);
        Assert.Contains(part.Notes, n => n.Contains("the last frame is held", StringComparison.Ordinal));
        Assert.Equal([0f, 1f], Enumerable.Range(0, 2).Select(i => part.Explanations[0].MapOf(i).Values.ToArray().Max()));
    }

    [Fact]
    public void Explain_EveryThirdFrame_SpreadsAMapOverThree()
    {
        File.WriteAllText(Path.Combine(folder, "config.json"), """{"num_frames": 4, "frame_sample_rate": 3}""");
        using var model = Load(Clips("[N, C, T, H, W]"));
        Assert.Equal(3, model.Sampling.Stride);
        var part = Assert.Single(Explain(model, Bright(12, 6)));
        float[] strongest = [.. Enumerable.Range(0, 12).Select(i => part.Explanations[0].MapOf(i).Values.ToArray().Max())];
        // The third slice is of frames 6 to 8, its middle is frame 7; between two slices the map is linear.
        Assert.Equal(1, strongest[7], 1e-5);
        Assert.Equal(2f / 3, strongest[6], 1e-5);
        Assert.Equal(1f / 3, strongest[5], 1e-5);
        Assert.Equal(0, strongest[3], 1e-5);
    }

    [Fact]
    public void Explain_AFilmByAModelOfPictures_GoesFrameByFrame()
    {
        string path = Path.Combine(folder, "pictures.onnx");
        File.WriteAllBytes(path, TinyNetwork.Pooled(new Shape(1, 3, Side, Side), [1, 1, 1], [-1, 0, 1]).ToBytes());
        using var model = Load(path);
        var parts = Explain(model, Bright(5, 3));
        Assert.Equal([0, 1, 2, 3, 4], parts.Select(p => p.First));
        Assert.Equal(3, parts.MaxBy(p => p.Explanations[0].Explanation.Score)!.First);
    }

    [Fact]
    public void Explain_ByRise_MasksPlacesAndTimesButNoColours()
    {
        using var model = Load(Clips("[N, T, C, H, W]"));
        var rise = new Rise { Masks = 60, Cells = new NumberList(2) };
        var part = model.Explain(
            Bright(4, 2), [rise], Target.Parse("class:0"), cancellationToken: TestContext.Current.CancellationToken).Single();
        Assert.Equal("[4, 8, 8]", part.Explanations[0].Explanation.Shape.ToString());
    }

    [Fact]
    public void Explain_TheReferenceOfAVideoTransformer_HasItsMapsFromAFilmToo()
    {
        string path = SharedData.Path("targets/cases/video/model.onnx");
        var clip = Npy.Read<float>(SharedData.Path("targets/cases/video/input.pixel_values.npy"));
        using var whole = TargetExplainer.Load(path);
        Assert.Equal([8, 32, 48], whole.Input.Spatial.Select(l => l.Value));
        using var model = FilmTargets.Load(path, preprocess: "unit");
        var part = model.Explain(
            Bright(8, 3, 48, 32), [], Target.Parse("class:4"), cancellationToken: TestContext.Current.CancellationToken).Single();
        Assert.Equal("[4, 4, 6]", part.Explanations[0].Explanation.Shape.ToString());
        var numbers = new float[clip.Values.Length];
        Array.Fill(numbers, 1, 3 * 3 * 32 * 48, 3 * 32 * 48);
        var same = whole.Explain(
            new TargetInput(numbers, new Shape(1, 8, 3, 32, 48)), [], Target.Parse("class:4"), TestContext.Current.CancellationToken);
        Assert.Equal(same.Explanations[0].Raw.ToArray(), part.Explanations[0].Explanation.Raw.ToArray());
    }

    [Fact]
    public void Load_OfAModelOfClipsForPictures_SaysThatItTakesFilms()
    {
        var error = Assert.Throws<ModelException>(() => PictureTargets.Load(Clips("[N, C, T, H, W]")));
        Assert.Contains("Give a film", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_ArraysOneByOne_AreOneFile()
    {
        string path = Path.Combine(folder, "maps.npy");
        using (var stream = File.Create(path))
        {
            var sequence = new NpySequence(stream, new Shape(2, 2));
            for (int i = 0; i < 300; i++)
                sequence.Add([i, 1, 2, 3]);
            sequence.Complete();
        }

        var read = Npy.Read<float>(path);
        Assert.Equal([300, 2, 2], read.Shape);
        Assert.Equal([299, 1, 2, 3], read.Values[^4..]);
    }

    private static FilmTargets Load(string path) => FilmTargets.Load(path, new TargetOptions { Task = "classify" }, "unit");

    private static List<FilmPart> Explain(FilmTargets model, Film film) => [.. model.Explain(
        film, [new HiResCam()], Target.Parse("class:0"), cancellationToken: TestContext.Current.CancellationToken)];

    /// <summary>A black film with one white frame.</summary>
    private Film Bright(int frames, int bright, int width = Side, int height = Side)
    {
        string frame = Path.Combine(folder, $"film-{frames}-{bright}-{width}");
        Directory.CreateDirectory(frame);
        for (int i = 0; i < frames; i++)
        {
            byte[] pixels = new byte[width * height * 3];
            Array.Fill(pixels, i == bright ? byte.MaxValue : byte.MinValue);
            using var stream = File.Create(Path.Combine(frame, $"{i}.png"));
            PictureEncoder.WritePng(new Picture(width, height, pixels), stream);
        }

        return Film.Open(frame);
    }

    /// <summary>A network of clips whose layer is its rectified input, and whose first score is the layer's sum.</summary>
    private string Clips(string layout)
    {
        var model = OnnxModel.Create("clips");
        var (shape, order) = layout switch
        {
            "[N, T, C, H, W]" => (new Shape(1, Length, 3, Side, Side), new long[] { 0, 2, 1, 3, 4 }),
            "[N, T, H, W, C]" => (new Shape(1, Length, Side, Side, 3), [0, 4, 1, 2, 3]),
            _ => (new Shape(1, 3, Length, Side, Side), [0, 1, 2, 3, 4]),
        };
        var x = model.Graph.Input("clip", ElementType.Float, shape).Transpose(order);
        int size = 3 * Length * Side * Side;
        var features = TinyNetwork.Named("features", x.Relu());
        float[] none = new float[size], all = new float[size];
        Array.Fill(all, 1);
        model.Graph.Output("scores", TinyNetwork.Dense(features, "head", all, none));
        string path = Path.Combine(folder, $"clips-{order[1]}.onnx");
        File.WriteAllBytes(path, model.ToBytes());
        return path;
    }
}
