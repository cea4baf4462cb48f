using Microsoft.ML.OnnxRuntime;

namespace OnnxGrad.Tests.Model;

public sealed class SharedWeightsTests : IDisposable
{
    private const int Size = 64;

    private readonly string folder = Directory.CreateTempSubdirectory("shared-weights-").FullName;

    private string Path => System.IO.Path.Combine(folder, "model.onnx");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void OpenSession_QuantisedConvolutions_RunWithSharedWeights()
    {
        // The runtime cannot share what it packs of their weights.
        var model = OnnxModel.Load(System.IO.Path.Combine(SharedData.Path("models/shufflenet_v2_int8"), "model.onnx"));
        using var weights = SharedWeights.Open(model);
        using var options = Runtime.Options(GraphOptimizationLevel.ORT_ENABLE_ALL);
        using var first = model.OpenSession(options, weights);
        using var more = Runtime.Options(GraphOptimizationLevel.ORT_ENABLE_ALL);
        using var second = model.OpenSession(more, weights);
        var feeds = Runtime.Feeds(first);
        Runtime.AssertEqual(Runtime.Run(first, feeds), Runtime.Run(second, feeds), 0);
    }

    [Fact]
    public void OpenSession_TwoSessionsOfOneFile_ShareItsWeights()
    {
        Save(2);
        var model = OnnxModel.Load(Path);
        using var first = SharedWeights.Open(model);
        using var second = SharedWeights.Open(OnnxModel.Load(Path));
        using var one = Open(model, first);
        long bytes = first.Bytes;
        using var other = Open(model.Copy(), second);

        Assert.Equal(Size * Size * sizeof(float), bytes);
        Assert.Equal(bytes, second.Bytes);
        Assert.Equal(Run(one), Run(other));
        Assert.Equal(2 * Size, Run(one)[0]);
    }

    [Fact]
    public void Open_FileWrittenAnew_ReadsTheNewWeights()
    {
        Save(2);
        var model = OnnxModel.Load(Path);
        using var before = SharedWeights.Open(model);
        using (Open(model, before))
        {
            Save(3);
            File.SetLastWriteTimeUtc(Path, File.GetLastWriteTimeUtc(Path).AddSeconds(5));
            var anew = OnnxModel.Load(Path);
            using var after = SharedWeights.Open(anew);
            using var session = Open(anew, after);
            Assert.Equal(3 * Size, Run(session)[0]);
        }
    }

    [Fact]
    public void Dispose_OneOfTwoOwners_LeavesTheOthersWeights()
    {
        Save(2);
        var model = OnnxModel.Load(Path);
        var first = SharedWeights.Open(model);
        using var second = SharedWeights.Open(model);
        Open(model, first).Dispose();
        first.Dispose();
        first.Dispose();

        using var session = Open(model, second);
        Assert.Equal(2 * Size, Run(session)[0]);
        Assert.Throws<ObjectDisposedException>(() => Open(model, first));
    }

    [Fact]
    public void OpenSession_ConstantThatTheRuntimeTransposes_IsNotShared()
    {
        // The runtime cancels the two transpositions and transposes what is added, under its old name.
        var model = OnnxModel.Create();
        var x = model.Graph.Input("x", ElementType.Float, new Shape(1, Size, Size));
        float[] values = [.. Enumerable.Range(0, Size * Size).Select(i => (float)i)];
        var added = x.Transpose([0, 2, 1]) + model.Graph.Weights("c", new Shape(1, Size, Size), values);
        model.Graph.Output("y", added.Transpose([0, 2, 1]));
        model.Save(Path);

        var loaded = OnnxModel.Load(Path);
        using var weights = SharedWeights.Open(loaded);
        using var session = Open(loaded, weights);
        using var input = OrtValue.CreateTensorValueFromMemory(new float[Size * Size], [1, Size, Size]);
        using var run = new RunOptions();
        using var results = session.Run(run, ["x"], [input], ["y"]);
        Assert.Equal(values[1], results[0].GetTensorDataAsSpan<float>()[Size]);
        Assert.Equal(values[Size], results[0].GetTensorDataAsSpan<float>()[1]);
    }

    [Fact]
    public void OpenSession_ModelInMemory_NeedsNoFile()
    {
        Save(2);
        var model = OnnxModel.Parse(File.ReadAllBytes(Path));
        using var weights = SharedWeights.Open(model);
        using var session = Open(model, weights);
        Assert.Equal(2 * Size, Run(session)[0]);
        Assert.Equal(0, weights.Bytes);
    }

    private void Save(float value)
    {
        var model = OnnxModel.Create();
        var x = model.Graph.Input("x", ElementType.Float, new Shape(1, Size));
        float[] values = new float[Size * Size];
        Array.Fill(values, value);
        model.Graph.Output("y", x.MatMul(model.Graph.Weights("w", new Shape(Size, Size), values)));
        model.Save(Path);
    }

    private static InferenceSession Open(OnnxModel model, SharedWeights weights)
    {
        using var options = new SessionOptions();
        return model.OpenSession(options, weights);
    }

    private static float[] Run(InferenceSession session)
    {
        float[] ones = new float[Size];
        Array.Fill(ones, 1);
        using var input = OrtValue.CreateTensorValueFromMemory(ones, [1, Size]);
        using var run = new RunOptions();
        using var results = session.Run(run, ["x"], [input], ["y"]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
