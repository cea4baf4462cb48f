using GradCamSharp.Cli.Commands;
using OnnxGrad;

namespace GradCamSharp.Cli.Tests.Commands;

public sealed class LayersCommandTests
{
    [Fact]
    public void Layers_Mnist_ListsThemAndSaysWhichIsTheDefaultAndWhy()
    {
        var result = CommandLine.Run(LayersCommand.Create(), SharedData.Path("models/mnist/model.onnx"));
        Assert.Equal(0, result.ExitCode);
        string[] lines = result.Output.ReplaceLineEndings("\n").Split('\n');
        Assert.Matches("^   LAYER +OPERATOR +SHAPE +MAP +LAYOUT$", lines[0]);
        Assert.Contains(lines, l => System.Text.RegularExpressions.Regex.IsMatch(
            l, @"^\*  ReLU114_Output_0 +Relu +\[1, 16, 14, 14\] +14 x 14 +nchw$"));
        Assert.Contains("* ReLU114_Output_0: the last layer of features", result.Output, StringComparison.Ordinal);
        Assert.Contains("scores: Plus214_Output_0, 10 classes", result.Output, StringComparison.Ordinal);
        Assert.Empty(result.Errors);
    }

    [Fact]
    public void Layers_Json_HasNamesShapesAndTheDefault()
    {
        var json = CommandLine.Run(LayersCommand.Create(), SharedData.Path("models/mnist/model.onnx"), "--json").Json;
        Assert.Equal("ReLU114_Output_0", json.GetProperty("layer").GetProperty("name").GetString());
        var last = json.GetProperty("layers").EnumerateArray().Last();
        Assert.Equal("Relu", last.GetProperty("operator").GetString());
        Assert.Equal([1, 16, 14, 14], last.GetProperty("shape").EnumerateArray().Select(l => l.GetInt64()));
        Assert.True(last.GetProperty("default").GetBoolean());
        Assert.Single(json.GetProperty("layers").EnumerateArray(), l => l.GetProperty("default").GetBoolean());
    }

    [Fact]
    public void Layers_OpenHeightAndWidth_AreThoseOfThePreprocessing()
    {
        using var open = new OpenInput();
        var expected = CommandLine.Run(LayersCommand.Create(), OpenInput.Closed, "--json").Json.GetProperty("layers");
        var actual = CommandLine.Run(LayersCommand.Create(), open.Path, "--json").Json.GetProperty("layers");
        Assert.Equal(expected.GetRawText(), actual.GetRawText());
    }

    [Fact]
    public void Layers_NamedLayer_IsTheOneMarked()
    {
        var result = CommandLine.Run(LayersCommand.Create(), SharedData.Path("models/mnist/model.onnx"), "--layer", "ReLU32_Output_0");
        Assert.Contains("* ReLU32_Output_0: named by the user", result.Output, StringComparison.Ordinal);
    }

    /// <summary>Patches taken by index: nothing in the graph says how they lie in the picture.</summary>
    [Fact]
    public void Layers_TokensThatNothingLaysOut_AreListedWithTheOptionThatHelps()
    {
        using var model = new ScatteredTokens();
        var result = CommandLine.Run(LayersCommand.Create(), model.Path);
        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"(?m)^\*? +\S+ +LayerNormalization +\[1, 4, 6\] +\? +tokens$", result.Output.ReplaceLineEndings("\n"));
        Assert.Contains("has 4 tokens, and how they lie in the picture does not follow", result.Errors, StringComparison.Ordinal);
        Assert.Contains("Say it with --layer-format, or choose another layer with --layer.", result.Errors, StringComparison.Ordinal);

        var layers = CommandLine.Run(LayersCommand.Create(), model.Path, "--json").Json.GetProperty("layers").EnumerateArray();
        Assert.Contains(layers, l => l.GetProperty("map").ValueKind == System.Text.Json.JsonValueKind.Null);

        var given = CommandLine.Run(LayersCommand.Create(), model.Path, "--layer-format", "tokens:2x2");
        Assert.Matches(@"(?m)^\*? +\S+ +LayerNormalization +\[1, 4, 6\] +2 x 2 +tokens:2x2$", given.Output.ReplaceLineEndings("\n"));
        Assert.Empty(given.Errors);
    }

    [Fact]
    public void Layers_ModelAsOption_IsTheArgument()
    {
        string model = SharedData.Path("models/mnist/model.onnx");
        Assert.Equal(
            CommandLine.Run(LayersCommand.Create(), model).Output, CommandLine.Run(LayersCommand.Create(), "--model", model).Output);
        var both = CommandLine.Run(LayersCommand.Create(), model, "--model", "scenes-vgg");
        Assert.Equal(2, both.ExitCode);
        Assert.Contains("Leave one of them out.", both.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_UnknownLayer_FailsWithTheNearestName()
    {
        var result = CommandLine.Run(LayersCommand.Create(), SharedData.Path("models/mnist/model.onnx"), "--layer", "ReLU31_Output_0");
        Assert.Equal(1, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Contains("'ReLU32_Output_0'", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_AbsentFile_IsWrongUsage()
    {
        var result = CommandLine.Run(LayersCommand.Create(), "absent.onnx");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("absent.onnx", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_TextFile_FailsWithoutAStackTrace()
    {
        var result = CommandLine.Run(LayersCommand.Create(), Path.Combine(SharedData.RepositoryRoot(), "LICENSE"));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("LICENSE", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
    }

    private sealed class ScatteredTokens : IDisposable
    {
        private readonly string folder = Directory.CreateTempSubdirectory("gradcam-tokens").FullName;

        public ScatteredTokens()
        {
            var model = OnnxModel.Create("tokens");
            var graph = model.Graph;
            var x = graph.Input("x", ElementType.Float, new Shape(1, 3, 4, 4));
            double[] indices = [.. Enumerable.Range(0, 48).Select(i => (double)(i * 7 % 48))];
            var tokens = x.Reshape(new Shape(1, 48)).Gather(graph.Constant(ElementType.Int64, new Shape(4, 12), indices), 1)
                .MatMul(graph.Weights("patch", new Shape(12, 6), Waves(72)));
            var normalised = graph.Append(
                "LayerNormalization", [tokens, graph.Weights("scale", new Shape(6), Waves(6))], ElementType.Float, tokens.Shape,
                ("axis", -1L));
            var mixed = normalised.MatMul(normalised.TransposeMatrix()).Softmax(-1).MatMul(normalised);
            graph.Output("scores", mixed.Slice(1, 0, 1).Reshape(new Shape(1, 6)).MatMul(graph.Weights("head", new Shape(6, 2), Waves(12))));
            File.WriteAllBytes(Path, model.ToBytes());
        }

        public string Path => System.IO.Path.Combine(folder, "tokens.onnx");

        public void Dispose() => Directory.Delete(folder, recursive: true);

        private static float[] Waves(int count) => [.. Enumerable.Range(1, count).Select(i => MathF.Sin(i))];
    }
}
