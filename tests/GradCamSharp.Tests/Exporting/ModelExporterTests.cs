using GradCamSharp.Compilation;
using GradCamSharp.Errors;
using GradCamSharp.Exporting;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Models;
using GradCamSharp.Targets;
using GradCamSharp.Tests.Checking;
using GradCamSharp.Tests.Methods;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using OnnxGrad;

namespace GradCamSharp.Tests.Exporting;

public sealed class ModelExporterTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("gradcam-export-").FullName;

    private string Out => Path.Combine(folder, "out.onnx");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("scenes-vgg", "gradcam++,gradcam,saliency")]
    [InlineData("scenes-resnet", "gradcam++,cam,guided-gradcam++")]
    public void Export_ShippedNetwork_GivesTheLibrarysMapsAndTheModelsOwnOutputsAtAnyBatch(string name, string methods)
    {
        string path = Shipped(name);
        using var explainer = Explainer.Load(path);
        var chosen = CamMethods.Parse(methods);
        var exported = explainer.Export(Out, new ExportOptions { Methods = chosen, Top = 2 }, Token);
        Assert.InRange(exported.Difference, 0, 1e-5);
        using var session = new ExportedSession(Out);
        using var plain = new ExportedSession(path);
        foreach (int items in (int[])[1, 2, 3])
        {
            var shape = explainer.Input.Shape.With(0, items);
            float[] input = Random(shape.Size.Value);
            var expected = explainer.Explain(input, shape, chosen, ClassRequest.Top(2), Token);
            var actual = session.Run((explainer.Input.Name, ExportedSession.Floats(input, shape.ToArray())));
            Assert.Equal(expected.Classes.SelectMany(c => c), actual["explain_classes"].GetTensorDataAsSpan<long>().ToArray());
            foreach (var method in chosen)
            {
                var map = actual["explain_" + method.Name.Replace("+", "plus", StringComparison.Ordinal).Replace('-', '_')];
                Assert.Equal(expected.Maps[method].Shape.ToArray(), map.GetTensorTypeAndShape().Shape);
                Close(expected.Maps[method].Values.ToArray(), map, 1e-5);
            }

            foreach (var (output, value) in plain.Run((explainer.Input.Name, ExportedSession.Floats(input, shape.ToArray()))))
                Close(value.GetTensorDataAsSpan<float>().ToArray(), actual[output], 1e-5);
        }

        var explanations = exported.Outputs.Skip(plain.Session.OutputNames.Count + 1).Select(o => o.Name);
        Assert.Equal([.. plain.Session.OutputNames, "explain_classes", .. explanations], session.Session.OutputNames);
        Assert.Equal(plain.Session.InputNames, session.Session.InputNames);
    }

    [Fact]
    public void Export_AllMethods_UsesStandardOperatorsAlone()
    {
        using var explainer = Explainer.From(SmallNetwork.Create().Model, new ExplainerOptions());
        ExplanationMethod[] methods =
            [.. CamMethods.All.OfType<GraphMethod>().Where(m => m is { TakesOneClass: false } and not AttentionMethod)];
        explainer.Export(Out, new ExportOptions { Methods = methods, Top = 3 }, Token);
        var written = OnnxModel.Load(Out);
        Assert.All(written.Graph.Nodes, n => Assert.Equal("", n.Domain));
        Assert.Equal(OnnxModel.OldestOpset, written.Opset);
        Assert.Equal(2 + methods.Length, written.Outputs.Count);
        Assert.All(written.Outputs.Skip(1), o => Assert.Equal(3, o.Shape!.Value[1]));
        Assert.Equal([ElementType.Int64], written.Outputs.Where(o => o.Name == "explain_classes").Select(o => o.Type));
    }

    [Fact]
    public void Export_MethodsThatAreNoPartOfTheGraph_AreRefused()
    {
        using var explainer = Explainer.From(SmallNetwork.Create().Model, new ExplainerOptions());
        string many = Assert.Throws<ModelException>(
            () => explainer.Export(Out, new ExportOptions { Methods = [new Rise()] }, Token)).Message;
        Assert.Contains("The method 'rise' runs the network many times", many, StringComparison.Ordinal);
        string single = Assert.Throws<ModelException>(
            () => explainer.Export(Out, new ExportOptions { Methods = [new ShapleyCam()], Top = 2 }, Token)).Message;
        Assert.Contains("A graph explains one class alone by 'shapleycam'", single, StringComparison.Ordinal);
        Assert.False(File.Exists(Out));
    }

    [Fact]
    public void Export_ClassesAsInput_ExplainsThoseOfEachItem()
    {
        using var explainer = Explainer.From(SmallNetwork.Create().Model, new ExplainerOptions());
        explainer.Export(Out, new ExportOptions { ClassesAsInput = true, Methods = CamMethods.Parse("gradcam,saliency") }, Token);
        using var session = new ExportedSession(Out);
        float[] input = Random(2 * 3 * 8 * 8);
        var fed = ("x", ExportedSession.Floats(input, 2, 3, 8, 8));
        // Row 0 asks for classes 3 and 1, row 1 for 0 and the last one.
        var actual = session.Run(fed, ("explain_classes", ExportedSession.Ints([3, 1, 0, -1], 2, 2)));
        var everywhere = session.Run(fed, ("explain_classes", ExportedSession.Ints([3, 1], 1, 2)));
        Assert.Equal(["scores", "explain_gradcam", "explain_saliency"], session.Session.OutputNames);
        foreach (var method in CamMethods.Parse("gradcam,saliency"))
        {
            ClassRequest[] classes = [.. Enumerable.Range(0, 5).Select(c => ClassRequest.Index(c))];
            var all = explainer.Explain(input, new Shape(2, 3, 8, 8), [method], classes, Token).Maps[method];
            string output = "explain_" + method.Name;
            Close([.. all[0, 3], .. all[0, 1], .. all[1, 0], .. all[1, 4]], actual[output], 1e-5);
            Close([.. all[0, 3], .. all[0, 1], .. all[1, 3], .. all[1, 1]], everywhere[output], 1e-5);
        }
    }

    [Fact]
    public void Export_ModelOf16BitFloats_KeepsTheTypesOfItsInputsAndOutputs()
    {
        string path = SharedData.Path("models/squeezenet1.1/model-fp16.onnx");
        using var explainer = Explainer.Load(path);
        var exported = explainer.Export(Out, cancellationToken: Token);
        using var session = new ExportedSession(Out);
        using var plain = new ExportedSession(path);
        foreach (var (name, declared) in plain.Session.OutputMetadata.Concat(plain.Session.InputMetadata))
        {
            var actual = session.Session.OutputMetadata.GetValueOrDefault(name) ?? session.Session.InputMetadata[name];
            Assert.Equal(declared.ElementDataType, actual.ElementDataType);
        }

        Assert.Equal(TensorElementType.Float, session.Session.OutputMetadata["explain_gradcamplusplus"].ElementDataType);
        Assert.Contains(exported.Notes, n => n.Contains("16-bit", StringComparison.Ordinal));
        // Weights stay in 16 bits.
        Assert.InRange(exported.Bytes, 2_400_000, 2_700_000);
    }

    [Fact]
    public void Export_Float16Weights_HalvesTheFileAndKeepsInputsOutputsAndMaps()
    {
        using var explainer = Explainer.Load(Shipped("scenes-resnet"));
        var whole = explainer.Export(Path.Combine(folder, "whole.onnx"), cancellationToken: Token);
        var exported = explainer.Export(Out, new ExportOptions { Float16Weights = true }, Token);
        using var session = new ExportedSession(Out);
        Assert.All(session.Session.InputMetadata.Values, v => Assert.Equal(TensorElementType.Float, v.ElementDataType));
        Assert.Equal(TensorElementType.Float, session.Session.OutputMetadata["probabilities"].ElementDataType);
        Assert.InRange(exported.Bytes / (double)whole.Bytes, 0.5, 0.52);
        Assert.InRange(exported.Difference, 1e-7, 0.01);
    }

    [Fact]
    public void Export_Float16WeightsThatMoveTheMaps_IsRefusedWithTheCauseAndTheWayOut()
    {
        File.WriteAllText(Out, "old");
        using var explainer = Explainer.Load(Shipped("scenes-vgg"));
        var options = new ExportOptions { Float16Weights = true, Methods = CamMethods.Parse("guided-gradcam++") };
        var refused = Assert.Throws<ExplanationException>(() => explainer.Export(Out, options, Token));
        Assert.Contains("guided-gradcam++", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ExplanationError.Float16TooCoarse, refused.Kind);
        Assert.Contains("no gradient of the input", refused.Message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(Out));
    }

    [Fact]
    public void Export_ANetworkOfManyClasses_IsComparedOnAMapThatIsNotEmpty()
    {
        using var explainer = Explainer.Load(SharedData.Path("models/squeezenet1.1/model.onnx"));
        var exported = explainer.Export(Out, new ExportOptions { Float16Weights = true }, Token);
        // Its weights are numbers of 16 bits already. Empty maps would not be compared: the difference would be no number.
        Assert.Equal(0, exported.Difference);
    }

    [Fact]
    public void Export_ExternalData_KeepsTheWeightsBesideTheModel()
    {
        using var explainer = Explainer.Load(Shipped("scenes-resnet"));
        var whole = explainer.Export(Path.Combine(folder, "whole.onnx"), cancellationToken: Token);
        Assert.Null(whole.DataPath);
        var exported = explainer.Export(Out, new ExportOptions { ExternalData = true }, Token);
        Assert.Equal(Out + ".data", exported.DataPath);
        Assert.Equal(exported.Bytes, new FileInfo(Out).Length + new FileInfo(Out + ".data").Length);
        float[] input = Random(3 * 160 * 160);
        using var apart = new ExportedSession(Out);
        using var together = new ExportedSession(whole.Path);
        var image = ("image", ExportedSession.Floats(input, 1, 3, 160, 160));
        var expected = together.Run(image)["explain_gradcamplusplus"].GetTensorDataAsSpan<float>().ToArray();
        Close(expected, apart.Run(image)["explain_gradcamplusplus"], 0);
    }

    [Theory]
    [InlineData(19)]
    [InlineData(21)]
    [InlineData(23)]
    public void Export_NewerOpset_IsWrittenForItAndRuns(long opset)
    {
        using var explainer = Explainer.From(SmallNetwork.Create().Model, new ExplainerOptions());
        ExplanationMethod[] methods = [.. CamMethods.All.OfType<GraphMethod>().Where(m => m is not AttentionMethod)];
        var exported = explainer.Export(Out, new ExportOptions { Opset = opset, Methods = methods }, Token);
        Assert.Equal(opset, exported.Opset);
        Assert.Equal(opset, OnnxModel.Load(Out).Opset);
        Assert.InRange(exported.Difference, 0, 1e-5);
    }

    [Theory]
    [InlineData(17)]
    [InlineData(24)]
    public void Export_OpsetOutOfReach_IsRefused(long opset)
    {
        using var explainer = Explainer.From(SmallNetwork.Create().Model, new ExplainerOptions());
        var refusal = Assert.Throws<ModelException>(() => explainer.Export(Out, new ExportOptions { Opset = opset }, Token));
        Assert.Contains("18", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public void Export_OpenHeightAndWidth_AreFixedAndSaid()
    {
        var model = TinyNetwork.Pooled(new Shape(Dimension.Batch, 3, new Dimension("H"), new Dimension("W")), [1, 2, 3], [3, -1, 0.5f]);
        using var explainer = Explainer.From(model, new ExplainerOptions { Layer = "features", OpenInputSize = new PixelSize(4, 4) });
        var exported = explainer.Export(Out, cancellationToken: Token);
        Assert.Equal(new Shape(Dimension.Batch, 3, 4, 4), exported.Inputs[0].Shape);
        Assert.Contains(exported.Notes, n => n.Contains("[N, 3, 4, 4]", StringComparison.Ordinal));
    }

    [Fact]
    public void Export_OverTheModelItself_IsRefusedAlsoOverALink()
    {
        string path = Path.Combine(folder, "model.onnx");
        SmallNetwork.Create().Model.Save(path);
        byte[] before = File.ReadAllBytes(path);
        string link = Directory.CreateSymbolicLink(Path.Combine(folder, "link"), folder).FullName;
        using var explainer = Explainer.Load(path);
        Assert.Throws<ModelException>(() => explainer.Export(path, cancellationToken: Token));
        Assert.Throws<ModelException>(() => explainer.Export(Path.Combine(link, "model.onnx"), cancellationToken: Token));
        Assert.Equal(before, File.ReadAllBytes(path));
    }

    [Fact]
    public void Export_ExportedModel_IsRefusedByName()
    {
        string path = Path.Combine(folder, "model.onnx");
        SmallNetwork.Create().Model.Save(path);
        using (var explainer = Explainer.Load(path))
            explainer.Export(Out, cancellationToken: Token);
        using var again = Explainer.Load(Out);
        var refused = Assert.Throws<ModelException>(() => again.Export(Path.Combine(folder, "b.onnx"), cancellationToken: Token));
        Assert.Contains("already", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Export_Metadata_SaysWhatIsInside()
    {
        string path = Path.Combine(folder, "model.onnx");
        SmallNetwork.Create().Model.Save(path);
        var sidecars = new SidecarFiles(Preprocessing.Caffe, "a test", new Labels(["a", "b, c", "d", "e", "ä"]), "a test");
        using (var explainer = Explainer.Load(path))
        {
            var options = new ExportOptions { Methods = CamMethods.Parse("gradcam,gradcam++"), Top = 2, SidecarFiles = sidecars };
            explainer.Export(Out, options, Token);
        }

        var metadata = OnnxModel.Load(Out).Metadata;
        Assert.Equal("gradcam,gradcam++", metadata[ExportMetadata.Methods]);
        Assert.Equal("top2", metadata[ExportMetadata.Classes]);
        Assert.Equal(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path))),
            metadata[ExportMetadata.SourceSha256]);
        Assert.Matches(@"^\d+\.\d+\.\d+", metadata[ExportMetadata.Version]);
        var found = SidecarFiles.Find(Out, metadata);
        Assert.Equal("ä", found.Labels[4]);
        Assert.Equal("b, c", found.Labels[1]);
        Assert.Equal(Preprocessing.Caffe.Mean, found.Preprocessing.Mean);
        Assert.True(found.Preprocessing.IsBgr);
        Assert.Equal(new PixelSize(8, 8), found.Preprocessing.InputSize);
    }

    [Fact]
    public void Export_Twice_GivesTheSameBytes()
    {
        using var explainer = Explainer.From(SmallNetwork.Create().Model, new ExplainerOptions());
        explainer.Export(Out, new ExportOptions { Top = 2 }, Token);
        byte[] first = File.ReadAllBytes(Out);
        explainer.Export(Out, new ExportOptions { Top = 2 }, Token);
        Assert.Equal(first, File.ReadAllBytes(Out));
    }

    [Fact]
    public void Export_OverAnOlderExport_ReplacesItAndLeavesNothingElse()
    {
        File.WriteAllText(Out, "old");
        File.WriteAllText(Out + ".data", "old weights");
        using var explainer = Explainer.Load(Shipped("scenes-resnet"));
        explainer.Export(Out, new ExportOptions { ExternalData = true }, Token);
        Assert.True(OnnxModel.Load(Out).HasExternalData);
        Assert.Equal([Out, Out + ".data"], Directory.GetFileSystemEntries(folder).Order(StringComparer.Ordinal));
        using var session = new ExportedSession(Out);
        Assert.Contains("explain_gradcamplusplus", session.Session.OutputNames);
    }

    [Fact]
    public void Export_CancelledInItsCheck_LeavesTheOldFilesAsTheyWere()
    {
        File.WriteAllText(Out, "old");
        File.WriteAllText(Out + ".data", "old weights");
        using var explainer = Explainer.Load(Shipped("scenes-resnet"));
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Token);
        bool written = false;
        var methods = new WatchedMethods(() =>
        {
            written |= Directory.EnumerateFiles(folder, "out.onnx", SearchOption.AllDirectories).Any(f => new FileInfo(f).Length > 100);
            if (written)
                source.Cancel();
        });
        var options = new ExportOptions { Methods = methods, ExternalData = true };
        Assert.ThrowsAny<OperationCanceledException>(() => explainer.Export(Out, options, source.Token));
        Assert.True(written);
        AssertOldFilesAlone();
    }

    [Fact]
    public void Export_CheckThatFails_LeavesTheOldFilesAsTheyWere()
    {
        File.WriteAllText(Out, "old");
        File.WriteAllText(Out + ".data", "old weights");
        using var explainer = Explainer.Load(Shipped("scenes-resnet"));
        bool written = false;
        var methods = new WatchedMethods(() =>
        {
            written = Directory.EnumerateFiles(folder, "out.onnx", SearchOption.AllDirectories).Any(f => new FileInfo(f).Length > 100);
            if (written)
                throw new ModelException("The check fails.");
        });
        var options = new ExportOptions { Methods = methods, ExternalData = true };
        Assert.Throws<ModelException>(() => explainer.Export(Out, options, Token));
        Assert.True(written);
        AssertOldFilesAlone();
    }

    [Fact]
    public void Export_AfterAKilledExport_RemovesWhatThatLeftAndNothingOfOneThatRuns()
    {
        string killed = Path.Combine(folder, $".out.onnx.{Guid.NewGuid():N}.export");
        string other = Path.Combine(folder, $".other.onnx.{Guid.NewGuid():N}.export");
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(killed).FullName, "out.onnx"), "half");
        Directory.CreateDirectory(other);
        using (var running = new ExportFolder(Out))
        {
            Assert.False(Directory.Exists(killed));
            using var explainer = Explainer.From(SmallNetwork.Create().Model, new ExplainerOptions());
            explainer.Export(Out, cancellationToken: Token);
            Assert.True(Directory.Exists(Path.GetDirectoryName(running.Model)));
        }

        Assert.Equal([other, Out], Directory.GetFileSystemEntries(folder).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Export_ModelThatCannotTakeItsPlace_GivesTheOldWeightsTheirPlaceBack()
    {
        Directory.CreateDirectory(Out);
        File.WriteAllText(Out + ".data", "old weights");
        using var explainer = Explainer.Load(Shipped("scenes-resnet"));
        var failed = Record.Exception(() => explainer.Export(Out, new ExportOptions { ExternalData = true }, Token));
        Assert.True(failed is IOException or UnauthorizedAccessException, failed?.ToString());
        Assert.Equal("old weights", File.ReadAllText(Out + ".data"));
        Assert.Equal([Out, Out + ".data"], Directory.GetFileSystemEntries(folder).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Export_OverTheModelsWeights_IsRefused()
    {
        string path = Path.Combine(folder, "model.onnx"), data = path + ".data";
        OnnxModel.Load(Shipped("scenes-resnet")).Save(path, new SaveOptions { ExternalData = true });
        byte[] before = File.ReadAllBytes(data);
        string elsewhere = Path.Combine(folder, "renamed.onnx");
        File.Move(path, elsewhere);
        using var explainer = Explainer.Load(elsewhere);
        Assert.Contains("weights", Assert.Throws<ModelException>(() => explainer.Export(path, cancellationToken: Token)).Message,
            StringComparison.Ordinal);
        Assert.Contains("weights", Assert.Throws<ModelException>(() => explainer.Export(data, cancellationToken: Token)).Message,
            StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(data));
    }

    [Fact]
    public void Export_Cancelled_LeavesNothing()
    {
        using var explainer = Explainer.From(SmallNetwork.Create().Model, new ExplainerOptions());
        Assert.ThrowsAny<OperationCanceledException>(() => explainer.Export(Out, cancellationToken: new CancellationToken(canceled: true)));
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    private void AssertOldFilesAlone()
    {
        Assert.Equal("old", File.ReadAllText(Out));
        Assert.Equal("old weights", File.ReadAllText(Out + ".data"));
        Assert.Equal([Out, Out + ".data"], Directory.GetFileSystemEntries(folder).Order(StringComparer.Ordinal));
    }

    private static string Shipped(string name) =>
        Path.Combine(SharedData.RepositoryRoot(), "src", "GradCamSharp.Cli", "Models", name + ".onnx");

    private static float[] Random(long count)
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, (int)count).Select(_ => (float)((random.NextDouble() * 2) - 1))];
    }

    private static void Close(float[] expected, OrtValue actual, double tolerance)
    {
        float largest = expected.Max(Math.Abs);
        Assert.Equal(expected, actual.GetTensorDataAsSpan<float>().ToArray(), (e, a) => Math.Abs(e - a) <= tolerance * largest);
    }

    /// <summary>Grad-CAM++, and a call each time that somebody asks for it: so a test knows how far an export is.</summary>
    private sealed class WatchedMethods(Action asked) : IReadOnlyList<ExplanationMethod>
    {
        public int Count => 1;

        public ExplanationMethod this[int index] => CamMethods.Default;

        public IEnumerator<ExplanationMethod> GetEnumerator()
        {
            asked();
            return ((IEnumerable<ExplanationMethod>)[CamMethods.Default]).GetEnumerator();
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
