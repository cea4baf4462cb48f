using GradCamSharp.Errors;
using GradCamSharp.Exporting;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using GradCamSharp.Tests.Oracle;
using Microsoft.ML.OnnxRuntime;

namespace GradCamSharp.Tests.Exporting;

/// <summary>Files that compute the maps of targets: what they answer in the bare runtime against the library.</summary>
public sealed class TargetExportTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("gradcam-export-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("yolov8", null, "p3", 3)]
    [InlineData("yolov5", null, "c3", 3)]
    [InlineData("yolov10", null, "p3", 2)]
    [InlineData("detr", null, "features", 2)]
    [InlineData("rtdetr", null, "f16", 2)]
    [InlineData("embedding", "similarity:vector.npy", "features", 1)]
    [InlineData("embedding_raw", "-similarity:vector.npy", "features", 1)]
    [InlineData("depth", "value@all", "features", 1)]
    [InlineData("saliency", "class:0@mask", "features", 1)]
    [InlineData("segmentation", "class:top1@mask", "features", 1)]
    [InlineData("yolov8", "output0[0,5,46]", "p3", 1)]
    public void Export_OfATarget_ComputesTheLibrarysMaps(string name, string? target, string layer, int top)
    {
        var references = new TargetCase(name);
        using var explainer = references.Load(layer);
        var input = references.Input(explainer);
        // The exported graph takes one picture.
        if (input.Shape[0] != 1)
            input = input with
            {
                Batch = input.Batch[..(int)(input.Shape.Size.Value / input.Shape[0].Value)],
                Shape = input.Shape.With(
                0, 1)
            };
        string path = Path.Combine(folder, "explained.onnx");
        var exported = explainer.Export(path, new TargetExportOptions
        {
            Methods = [new HiResCam(), new GradCam()],
            Target = target is null ? null : Target.Parse(target)[0],
            Top = top,
            Others = input.Others,
            VectorOf = input.VectorOf,
        });
        Assert.Contains(exported.Outputs, o => o.Name == "explain_hirescam");
        var targets = target is null ? Enumerable.Range(0, top).Select(i => Target.Parse($"box:{i}")[0]).ToList()
            : [.. Target.Parse(target)];
        ExplanationMethod[] methods = [new HiResCam(), new GradCam()];
        var expected = explainer.Explain(input, methods, targets, TestContext.Current.CancellationToken);
        using var session = new InferenceSession(path);
        using var feeds = new Feeds(session, input, explainer.Input.Name);
        using var run = new RunOptions();
        foreach (var method in methods)
        {
            using var results = session.Run(run, feeds.Values, ["explain_" + method.Name]);
            float[] maps = results[0].GetTensorDataAsSpan<float>().ToArray();
            float[] wanted = [.. expected.Explanations.Where(e => e.Method == method).SelectMany(e => e.Raw.ToArray())];
            Assert.Equal(wanted.Length, maps.Length);
            double largest = wanted.Max(v => Math.Abs((double)v));
            Assert.All(wanted.Zip(maps), v => Assert.Equal(v.First, v.Second, (largest * 1e-4) + 1e-12));
        }
    }

    [Fact]
    public void Export_OfADetectorsBoxes_TellsWhichRowsTheyAre()
    {
        var references = new TargetCase("yolov8");
        using var explainer = references.Load();
        var input = references.Input(explainer);
        string path = Path.Combine(folder, "explained.onnx");
        explainer.Export(path, new TargetExportOptions { Top = 4 });
        using var session = new InferenceSession(path);
        using var feeds = new Feeds(session, input, explainer.Input.Name);
        using var run = new RunOptions();
        using var results = session.Run(run, feeds.Values, ["explain_rows", "explain_classes", "explain_hirescam"]);
        // What the reference decodes: rows 46, 69, 28, 80 of classes 1, 3, 1, 1.
        Assert.Equal([46, 69, 28, 80], results[0].GetTensorDataAsSpan<long>().ToArray());
        Assert.Equal([1, 3, 1, 1], results[1].GetTensorDataAsSpan<long>().ToArray());
        // Their level is the finest: the maps are those of it alone.
        var expected = explainer.Explain(
            input, [new HiResCam()], Target.Parse("box:0,box:1,box:2,box:3"), TestContext.Current.CancellationToken);
        float[] wanted = [.. expected.Explanations.SelectMany(e => e.Raw.ToArray())];
        Assert.Equal([1, 4, 8, 12], results[2].GetTensorTypeAndShape().Shape);
        Assert.All(wanted.Zip(results[2].GetTensorDataAsSpan<float>().ToArray()), v => Assert.Equal(v.First, v.Second, 1e-4));
    }

    [Theory]
    [InlineData("two_stage", "box:0", "depends on what it sees")]
    [InlineData("yolov8", "box:120,80", "cannot be exported")]
    [InlineData("embedding", null, "no natural target")]
    public void Export_WhatAGraphCannotChoose_SaysSo(string name, string? target, string message)
    {
        var references = new TargetCase(name);
        using var explainer = references.Load();
        var error = Assert.Throws<ExplanationException>(() => explainer.Export(
            Path.Combine(folder, "explained.onnx"), new TargetExportOptions { Target = target is null ? null : Target.Parse(target)[0] }));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    }

    /// <summary>The values of a model's inputs.</summary>
    private sealed class Feeds : IDisposable
    {
        public Feeds(InferenceSession session, TargetInput input, string picture)
        {
            foreach (string name in session.InputNames)
            {
                if (name == picture)
                {
                    Values[name] = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, input.Batch, input.Shape.ToArray());
                    continue;
                }

                var other = input.Others[name];
                Values[name] = OrtValue.CreateTensorValueFromMemory<long>(
                    [.. other.Values.Select(v => (long)v)], other.Shape!.Value.ToArray());
            }
        }

        public Dictionary<string, OrtValue> Values { get; } = [];

        public void Dispose()
        {
            foreach (var value in Values.Values)
                value.Dispose();
        }
    }
}
