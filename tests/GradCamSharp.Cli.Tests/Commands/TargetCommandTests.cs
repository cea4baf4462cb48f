using System.Text.Json;

namespace GradCamSharp.Cli.Tests.Commands;

/// <summary><c>gradcam describe</c>, and <c>gradcam explain</c> of models that are no classifiers.</summary>
public sealed class TargetCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("gradcam-targets-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("picodet_s_320", "detect", "box:0")]
    [InlineData("yunet_n_320", "detect", "box:0")]
    [InlineData("ultraface_rfb_320", "detect", "box:0")]
    [InlineData("espnetv2_voc", "segment", "class:top1@mask")]
    [InlineData("osnet_x0_25", "embed", null)]
    [InlineData("fsanet_1x1", "not recognised", null)]
    public void Describe_OfRealModels_SaysTaskReasonAndTarget(string model, string task, string? target)
    {
        var result = CommandLine.RunTool("describe", Model(model), "--json");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(task, result.Json.GetProperty("task").GetString());
        Assert.Equal(target, result.Json.GetProperty("target").GetString());
        Assert.NotEmpty(result.Json.GetProperty("reason").GetString()!);
    }

    [Theory]
    [InlineData("picodet_s_320")]
    [InlineData("yunet_n_320")]
    [InlineData("ultraface_rfb_320")]
    public void Describe_WithAPicture_FindsWhatTheReferenceDecoderFinds(string model)
    {
        var expected = JsonDocument.Parse(File.ReadAllText(SharedData.Path($"targets/models/{model}/expected.json"))).RootElement;
        foreach (var photo in expected.EnumerateObject())
        {
            var found = CommandLine.RunTool("describe", Model(model), SharedData.Path($"photos/{photo.Name}"), "--json").Json
                .GetProperty("detections").EnumerateArray().ToList();
            foreach (var wanted in photo.Value.EnumerateArray())
                Assert.Contains(found, f => IsSame(f, wanted));
        }

        static bool IsSame(JsonElement found, JsonElement wanted) =>
            found.GetProperty("class").GetInt64() == wanted.GetProperty("cls").GetInt64()
            && Math.Abs(found.GetProperty("score").GetDouble() - wanted.GetProperty("score").GetDouble()) < 1e-3
            && Numbers(found).Zip(Numbers(wanted)).All(b => Math.Abs(b.First - b.Second) < 1);

        static IEnumerable<double> Numbers(JsonElement box) => box.GetProperty("box").EnumerateArray().Select(v => v.GetDouble());
    }

    [Fact]
    public void Explain_ABoxOfADetector_DrawsItByItsOwnLevel()
    {
        var result = CommandLine.RunTool(
            "explain", SharedData.Path("photos/demo/both.png"), "--model", Model("picodet_s_320"), "--target", "box:dog,box:cat", "-o",
                folder, "--json");
        Assert.Equal(0, result.ExitCode);
        var explained = result.Json.GetProperty("results")[0];
        Assert.Equal("detect", explained.GetProperty("task").GetString());
        Assert.Equal("dog", explained.GetProperty("detections")[0].GetProperty("label").GetString());
        var dog = explained.GetProperty("explanations")[0];
        Assert.Equal("hirescam", dog.GetProperty("method").GetString());
        Assert.Equal("box:dog", dog.GetProperty("target").GetProperty("spec").GetString());
        // Strongest inside the dog's own box: 76,14 86 x 132.
        double[] box = [.. dog.GetProperty("box").EnumerateArray().Select(v => v.GetDouble())];
        Assert.InRange(box[0] + (box[2] / 2), 76, 162);
        Assert.InRange(box[1] + (box[3] / 2), 14, 146);
        Assert.True(File.Exists(Path.Combine(folder, "both.hirescam.boxdog.overlay.png")));
    }

    [Fact]
    public void Report_OfADetector_DrawsWhatIsDetectedAndNamesTheTarget()
    {
        var result = CommandLine.RunTool(
            "explain", SharedData.Path("photos/demo/both.png"), "--model", Model("picodet_s_320"), "-o", folder, "--save", "report");
        Assert.Equal(0, result.ExitCode);
        string html = File.ReadAllText(Path.Combine(folder, "index.html"));
        Assert.Contains("what is detected", html);
        Assert.Contains("<span class=\"box\"", html);
        Assert.Contains("HiResCAM: box:0 (dog 0.90 at 76,14 86x132), layer ", html);
    }

    [Fact]
    public void Explain_AClassOfASegmenter_MeansItsMask()
    {
        var result = CommandLine.RunTool(
            "explain", SharedData.Path("photos/demo/both.png"), "--model", Model("espnetv2_voc"), "--class", "dog", "-o", folder,
                "--save", "raw", "--json");
        Assert.Equal(0, result.ExitCode);
        var dog = result.Json.GetProperty("results")[0].GetProperty("explanations")[0];
        Assert.Equal("dog", dog.GetProperty("class").GetProperty("label").GetString());
        // What the reference has: the sum of the dog's logits over its mask.
        Assert.InRange(dog.GetProperty("target").GetProperty("value").GetDouble(), 380_812, 380_892);
    }

    [Fact]
    public void Explain_TwoPicturesOfAnEmbedding_ShowsWhatMakesThemAlike()
    {
        string photo = SharedData.Path("photos/demo/both.png");
        var result = CommandLine.RunTool(
            "explain", photo, "--model", Model("osnet_x0_25"), "--target", $"similarity:{photo}", "-o", folder, "--json");
        Assert.Equal(0, result.ExitCode);
        var own = result.Json.GetProperty("results")[0].GetProperty("explanations")[0].GetProperty("target").GetProperty(
            "value").GetDouble();
        Assert.Equal(1, own, 1e-5);
    }

    [Theory]
    [InlineData("osnet_x0_25", "", "similarity:")]
    [InlineData("picodet_s_320", "box:zebra", "detections of zebra")]
    [InlineData("picodet_s_320", "mask:0", "Its targets are box:0")]
    [InlineData("espnetv2_voc", "class:sheep", "No pixel is given to sheep")]
    public void Explain_WhatTheModelLacks_SaysWhatItHas(string model, string target, string message)
    {
        string[] asked = target.Length > 0 ? ["--target", target] : [];
        var result = CommandLine.RunTool(
            ["explain", SharedData.Path("photos/demo/both.png"), "--model", Model(model), "-o", folder, .. asked]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(message, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_NoTarget_IsWrongUsage()
    {
        var result = CommandLine.RunTool("explain", SharedData.Path("photos/demo/both.png"), "--target", "dog");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("'dog' is no target", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_AClassAsATarget_IsTheClassifiersOwnWay()
    {
        string sample = Path.Combine(SharedData.RepositoryRoot(), "samples", "umbrellas.jpg");
        var byClass = CommandLine.RunTool("explain", sample, "--class", "teapot", "-o", folder, "--save", "raw", "--json");
        var byTarget = CommandLine.RunTool("explain", sample, "--target", "class:teapot", "-o", folder, "--save", "raw", "--json");
        Assert.Equal(0, byTarget.ExitCode);
        Assert.Equal(
            byClass.Json.GetProperty("results")[0].GetProperty("explanations").GetRawText(),
            byTarget.Json.GetProperty("results")[0].GetProperty("explanations").GetRawText());
    }

    [Fact]
    public void Explain_AFolderOfFramesByAModelOfClips_IsOneFilm()
    {
        string frames = Directory.CreateDirectory(Path.Combine(folder, "frames")).FullName;
        for (int i = 0; i < 10; i++)
            File.Copy(SharedData.Path("photos/demo/both.png"), Path.Combine(frames, $"{i}.png"));
        string video = SharedData.Path("targets/cases/video/model.onnx");
        var result = CommandLine.RunTool(
            "explain", frames, "--model", video, "-o", folder, "--save", "overlay,gif,strip,raw,report", "--frame-rate", "5", "--json");
        Assert.Equal(0, result.ExitCode);
        var film = result.Json.GetProperty("results")[0];
        Assert.Equal(10, film.GetProperty("film").GetProperty("frames").GetInt32());
        Assert.Equal(2, film.GetProperty("film").GetProperty("seconds").GetDouble());
        var explained = film.GetProperty("explanations")[0];
        Assert.Equal(2, explained.GetProperty("parts").GetArrayLength());
        string raw = explained.GetProperty("files").GetProperty("raw").GetString()!;
        Assert.Equal([2, 4, 4, 6], GradCamSharp.Output.Npy.Read<float>(raw).Shape);
        foreach (string file in (string[])["frames.gradcam++.ctop1.overlay.webp", "frames.gradcam++.ctop1.overlay.gif", "index.html"])
            Assert.True(File.Exists(Path.Combine(folder, file)), file);
    }

    [Fact]
    public void Check_ATargetOfAPicture_ComparesItWithTheBlackBox()
    {
        var result = CommandLine.RunTool(
            "check", Model("picodet_s_320"), SharedData.Path("photos/demo/both.png"), "--target", "box:dog", "--masks", "40", "--json");
        Assert.Equal(0, result.ExitCode);
        var compared = result.Json.GetProperty("targets")[0];
        Assert.Equal("drise", compared.GetProperty("black_box").GetString());
        // So few masks say little: that the two maps are compared at all is what is tested here.
        Assert.InRange(compared.GetProperty("correlation").GetDouble(), -1, 1);
        Assert.InRange(compared.GetProperty("relative_standard_error").GetDouble(), 0, 1);
    }

    [Theory]
    [InlineData("--text", "a dog", "takes no texts")]
    [InlineData("--outputs", "boxes=a:xyz,scores=b", "does not say how a box is written")]
    [InlineData("--outputs", "boxes=a:xyxy", "lacks boxes or scores")]
    [InlineData("--frame-rate", "0", "above 0")]
    public void Explain_WhatCannotBe_IsWrongUsage(string option, string value, string message)
    {
        var result = CommandLine.RunTool(
            "explain", SharedData.Path("photos/demo/both.png"), "--model", Model("picodet_s_320"), "-o", folder, option, value);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_AFilmWithoutFrames_SaysSo()
    {
        string empty = Directory.CreateDirectory(Path.Combine(folder, "empty")).FullName;
        var result = CommandLine.RunTool("explain", empty, "--model", SharedData.Path("targets/cases/video/model.onnx"), "-o", folder);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("a film without frames", result.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(folder));
    }

    [Fact]
    public void Layers_OfADetector_MarksALevelEach()
    {
        var result = CommandLine.RunTool("layers", Model("picodet_s_320"), "--json");
        Assert.Equal(0, result.ExitCode);
        var marked = result.Json.GetProperty("layers").EnumerateArray().Where(l => l.GetProperty("default").GetBoolean());
        Assert.Equal(4, marked.Count());
    }

    private static string Model(string name) => SharedData.Path($"targets/models/{name}/model.onnx");
}
