using System.Collections.Immutable;
using GradCamSharp.Errors;
using GradCamSharp.Heads;
using GradCamSharp.Targets;
using GradCamSharp.Tests.Methods;
using OnnxGrad;

namespace GradCamSharp.Tests.Heads;

/// <summary>Outputs that are easily taken for something else: they are read right, or said not to be recognised.</summary>
public class RecognitionTests
{
    private const int Side = 64;
    private static int number;

    public static TheoryData<string, string> Models => new()
    {
        { "centres, sizes and offsets of boxes", "not recognised" },
        { "words of a line of text", "not recognised" },
        { "queries and their masks", "not recognised" },
        { "a picture again", "not recognised" },
        { "text regions and their geometry", "not recognised" },
        { "points of a face and how sure they are", "regress" },
        { "distances from anchors", "not recognised" },
        { "two kinds of classes", "not recognised" },
        { "the place of a tracked object", "not recognised" },
        { "text regions", "segment one object" },
        { "classes a pixel", "segment" },
        { "classes", "classify" },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void Describe_OfOutputsLikeOthers_DoesNotMistakeThem(string kind, string task)
    {
        using var explainer = TargetExplainer.From(Model(kind), new TargetOptions());
        Assert.Equal(task, explainer.Describe(cancellationToken: TestContext.Current.CancellationToken).Task);
    }

    [Theory]
    [InlineData("DetrForObjectDetection", "classify")]
    [InlineData("ViTForImageClassification", "classify")]
    [InlineData("SegformerForSemanticSegmentation", "classify")]
    public void Describe_WithAnArchitectureBesideIt_KeepsToWhatTheOutputsAre(string architecture, string task)
    {
        using var explainer = TargetExplainer.From(Model("classes"), new TargetOptions { Architectures = [architecture] });
        Assert.Equal(task, explainer.Describe(cancellationToken: TestContext.Current.CancellationToken).Task);
    }

    [Theory]
    [InlineData("classes", true)]
    [InlineData("classes a pixel", false)]
    [InlineData("distances from anchors", false)]
    [InlineData("text regions", false)]
    [InlineData("words of a line of text", false)]
    public void Is_OfAFileThatDeclaresNoShapes_IsDecidedByARun(string kind, bool isPlain)
    {
        var model = OnnxModel.Parse(WithoutShapes(Model(kind).ToBytes()), "net");
        Assert.All(model.Outputs, o => Assert.Null(o.Shape));
        Assert.Equal(isPlain, PlainClassifier.Is(model));
    }

    [Fact]
    public void Load_TwoInputsThatCouldBeThePicture_AsksWhichOneIs()
    {
        var error = Assert.Throws<ExplanationException>(() => TargetExplainer.From(Tracker(), new TargetOptions()));
        Assert.Contains(
            "Several inputs of 'tracker' could be the picture's: 'template', 'search'.", error.Message, StringComparison.Ordinal);
        using var told = TargetExplainer.From(Tracker(), new TargetOptions { PictureInput = "search" });
        Assert.Equal("search", told.Input.Name);
        var missing = Assert.Throws<ExplanationException>(() => told.Describe(cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains("'template'", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Describe_OfATrackerWithBothInputs_IsSaidNotToBeRecognised()
    {
        using var told = TargetExplainer.From(Tracker(), new TargetOptions { PictureInput = "search" });
        var template = ImmutableDictionary<string, InputTensor>.Empty.Add(
            "template", new InputTensor(new Shape(1, 3, 32, 32), [.. Enumerable.Repeat(0.5, 3 * 32 * 32)]));
        Assert.Equal("not recognised", told.Describe(
            told.Zeros(template), TestContext.Current.CancellationToken).Task);
    }

    [Theory]
    [InlineData(9, null, "9 labels are known and the model has 10 classes")]
    [InlineData(10, null, null)]
    [InlineData(10, "[128, 128]", "the metadata says that pictures are 128 x 128, and the input takes 64 x 64")]
    [InlineData(10, "[64, 64]", null)]
    public void Describe_LabelsAndSizesThatDoNotFit_AreSaid(int labels, string? size, string? doubt)
    {
        var model = Model("classes");
        if (size is not null)
            model.SetMetadata("imgsz", size);
        using var explainer = TargetExplainer.From(model, new TargetOptions
        {
            Labels = new Labels([.. Enumerable.Range(0, labels).Select(i => $"label {i}")]),
        });
        var doubts = explainer.Describe(cancellationToken: TestContext.Current.CancellationToken).Doubts;
        if (doubt is null)
            Assert.Empty(doubts);
        else
            Assert.Contains(doubt, Assert.Single(doubts), StringComparison.Ordinal);
    }

    [Fact]
    public void Describe_OfFewClassesASquare_IsASegmenterWhereTheConfigurationSaysSo()
    {
        var model = Net(("map", (_, f) => Wide(Cells(f, 3))));
        using var unknown = TargetExplainer.From(model, new TargetOptions());
        using var told = TargetExplainer.From(model, new TargetOptions { Architectures = ["UperNetForSemanticSegmentation"] });
        Assert.Equal("not recognised", unknown.Describe(cancellationToken: TestContext.Current.CancellationToken).Task);
        Assert.Equal("segment", told.Describe(cancellationToken: TestContext.Current.CancellationToken).Task);
    }

    [Theory]
    [InlineData("boxes=where:xywh, scores=what:sigmoid")]
    [InlineData("scores=what:softmax, boxes=where:xyxy/norm")]
    [InlineData("boxes=where:yxyx, scores=what:raw")]
    [InlineData("boxes=where:xyxy, scores=what:sigmoid, objectness=sure")]
    public void Explain_BoxesAndScoresThatAreTold_IsADetector(string roles)
    {
        using var explainer = TargetExplainer.From(Unknown(), new TargetOptions { Outputs = OutputRoles.Parse(roles) });
        var description = explainer.Describe(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("detect", description.Task);
        var result = explainer.Explain(
            Bright(), [], Target.Parse("box:5,5,20,20"), TestContext.Current.CancellationToken).Explanations[0];
        Assert.True(double.IsFinite(result.Score));
        Assert.Equal(2, result.Shape.Rank);
    }

    [Theory]
    [InlineData(", masks=mixed, prototypes=forms")]
    [InlineData(", masks=whole")]
    [InlineData(", masks=inside")]
    public void Explain_MasksThatAreTold_AreThoseOfTheBoxes(string masks)
    {
        using var explainer = TargetExplainer.From(WithMasks(), new TargetOptions
        {
            Outputs = OutputRoles.Parse("boxes=where:xywh, scores=what:sigmoid" + masks),
        });
        var cancellation = TestContext.Current.CancellationToken;
        Assert.Equal("segment instances", explainer.Describe(cancellationToken: cancellation).Task);
        var read = explainer.Read(Bright(), cancellation)[0];
        Assert.NotEmpty(read.Masks);
        Assert.Equal("box:0.mask", read.Masks[0].Target.Spec);
        // The score is a sum over a region: it grows by its derivative along the features.
        var found = explainer.Explain(Bright(), [], Target.Parse("box:0.mask"), cancellation).Explanations[0];
        Assert.True(found.Score > 0);
        Assert.Contains(found.Raw.ToArray(), v => v != 0);
    }

    [Theory]
    [InlineData("boxes=nothing:xywh, scores=what", "no output 'nothing'")]
    [InlineData("boxes=what:xywh, scores=where", "has the shape")]
    [InlineData("boxes=where:xywh, scores=what, masks=sure", "masks of 256 boxes are")]
    [InlineData("boxes=where:xywh, scores=what, masks=sure, prototypes=where", "prototypes are [N, M, h, w]")]
    public void Describe_RolesThatDoNotFit_SaysWhatIs(string roles, string message)
    {
        using var explainer = TargetExplainer.From(Unknown(), new TargetOptions { Outputs = OutputRoles.Parse(roles) });
        var error = Assert.ThrowsAny<ModelException>(() => explainer.Describe(cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("boxes=a")]
    [InlineData("scores=a")]
    [InlineData("boxes=a:xyz, scores=b")]
    [InlineData("boxes=a:xyxy, scores=b:tanh")]
    [InlineData("boxes=a:xyxy, boxes=b:xyxy, scores=c")]
    [InlineData("faces=a:xyxy")]
    [InlineData("boxes=a:xyxy, scores=b, prototypes=c")]
    public void Parse_RolesThatAreNone_IsRefused(string roles) => Assert.Throws<ArgumentException>(() => OutputRoles.Parse(roles));

    [Fact]
    public void Parse_NamesThatEndInZero_KeepIt() =>
        Assert.Equal(("boxes:0", "scores:0"), OutputRoles.Parse("boxes=boxes:0:yxyx/norm,scores=scores:0") is var r
            ? (r.Boxes, r.Scores) : default);

    private static TargetInput Bright() => new(
        Enumerable.Range(0, 3 * Side * Side).Select(i => MathF.Sin(i * 0.01f) + 1).ToArray(), new Shape(1, 3, Side, Side));

    private static OnnxModel Unknown() => Net(
        ("where", (_, f) => Rows(f, 4).Sigmoid() * 40), ("what", (_, f) => Rows(f, 5)), ("sure", (_, f) => Rows(f, 1).Sigmoid()));

    // Boxes of 30 pixels in the middle, and masks of them in every form.
    private static OnnxModel WithMasks() => Net(
        ("where", (_, f) => (Rows(f, 4).Sigmoid() * 0.01) + 30), ("what", (_, f) => Rows(f, 5)), ("mixed", (_, f) => Rows(f, 3).Sigmoid()),
        ("forms", (_, f) => Cells(f, 3).Sigmoid()), ("whole", (_, f) => Cells(f, 256).Sigmoid()),
        ("inside", (_, f) => Cells(f, 256).Reshape(new Shape(256, 1, 16, 16)).Sigmoid()));

    // A crop of what is followed, and the picture where it is looked for.
    private static OnnxModel Tracker()
    {
        var model = OnnxModel.Create("tracker");
        Tensor Features(string name, long side) => Convolved(
            model.Graph.Input(name, ElementType.Float, new Shape(1, 3, side, side)), 3, 8, 3, Window.Square(stride: 4, pad: 1)).Relu();
        var template = Features("template", 32).MeanSpatial();
        var found = Features("search", Side) * template;
        model.Graph.Output("score_map", Cells(found, 1).Sigmoid());
        model.Graph.Output("size_map", Cells(found, 2).Sigmoid());
        model.Graph.Output("offset_map", Cells(found, 2));
        return OnnxModel.Parse(model.ToBytes(), "tracker");
    }

    private static OnnxModel Model(string kind) => kind switch
    {
        "centres, sizes and offsets of boxes" => Net(
            ("hm", (_, f) => Cells(f, 20).Sigmoid()), ("wh", (_, f) => Cells(f, 2)), ("reg", (_, f) => Cells(f, 2))),
        "words of a line of text" => Net(("softmax_2.tmp_0", (_, f) => Vector(f, 40, 97).Softmax(2))),
        "queries and their masks" => Net(
            ("class_queries_logits", (_, f) => Vector(f, 20, 21)), ("masks_queries_logits", (_, f) => Cells(f, 20))),
        "a picture again" => Net(("reconstruction", (_, f) => Wide(Cells(f, 3)).Sigmoid())),
        "text regions and their geometry" => Net(("score", (_, f) => Cells(f, 1).Sigmoid()), ("geometry", (_, f) => Cells(f, 5))),
        "points of a face and how sure they are" => Net(("preds", (_, f) => Vector(f, 1404)), ("conf", (_, f) => Vector(f, 1))),
        "distances from anchors" => Net(("scores", (_, f) => Rows(f, 21).Softmax(2)), ("boxes", (_, f) => Rows(f, 4))),
        "two kinds of classes" => Net(("upper", (_, f) => Vector(f, 7)), ("lower", (_, f) => Vector(f, 9))),
        "the place of a tracked object" => Net(
            ("score_map", (_, f) => Cells(f, 1).Sigmoid()), ("size_map", (_, f) => Cells(f, 2).Sigmoid()), ("offset", (_, f) =>
                Cells(f, 2))),
        "text regions" => Net(("sigmoid_0.tmp_0", (_, f) => Wide(Cells(f, 1)).Sigmoid())),
        "classes a pixel" => Net(("out", (_, f) => Wide(Cells(f, 21))), ("aux", (_, f) => Wide(Cells(f, 21)))),
        _ => Net(("scores", (_, f) => Vector(f, 10))),
    };

    private static OnnxModel Net(params (string Name, Func<Graph, Tensor, Tensor> Make)[] outputs)
    {
        var model = OnnxModel.Create("net");
        var x = model.Graph.Input("x", ElementType.Float, new Shape(1, 3, Side, Side));
        var features = Convolved(x, 3, 8, 3, Window.Square(stride: 4, pad: 1)).Relu();
        foreach (var (name, make) in outputs)
            model.Graph.Output(name, make(model.Graph, features));
        return OnnxModel.Parse(model.ToBytes(), "net");
    }

    /// <summary>
    /// The file with its outputs' shapes left out: fields 7 (graph), 12 (output), 2 (type), 1 (tensor), of which 2 is the shape.
    /// </summary>
    private static byte[] WithoutShapes(ReadOnlySpan<byte> message, int depth = 0)
    {
        ReadOnlySpan<int> path = [7, 12, 2, 1, 2];
        var kept = new List<byte>();
        for (int at = 0; at < message.Length;)
        {
            int start = at;
            ulong tag = Number(message, ref at);
            int wire = (int)(tag & 7);
            if (wire != 2)
            {
                if (wire == 0)
                    Number(message, ref at);
                else
                    at += wire == 1 ? 8 : 4;
                kept.AddRange(message[start..at]);
                continue;
            }

            int length = (int)Number(message, ref at);
            var content = message.Slice(at, length);
            at += length;
            if ((int)(tag >> 3) != path[depth])
            {
                kept.AddRange(message[start..at]);
            }
            else if (depth + 1 < path.Length)
            {
                byte[] own = WithoutShapes(content, depth + 1);
                Put(kept, tag);
                Put(kept, (ulong)own.Length);
                kept.AddRange(own);
            }
        }

        return [.. kept];

        static ulong Number(ReadOnlySpan<byte> bytes, ref int at)
        {
            ulong value = 0;
            for (int shift = 0; ; shift += 7)
            {
                byte next = bytes[at++];
                value |= (ulong)(next & 127) << shift;
                if (next < 128)
                    return value;
            }
        }

        static void Put(List<byte> bytes, ulong value)
        {
            for (; value > 127; value >>= 7)
                bytes.Add((byte)((value & 127) | 128));
            bytes.Add((byte)value);
        }
    }

    private static Tensor Convolved(Tensor x, int from, int to, int kernel, Window window) => x.Conv(
        x.Graph.Weights($"w{from}-{to}-{number++}", new Shape(to, from, kernel, kernel),
            [.. Enumerable.Range(0, to * from * kernel * kernel).Select(i => MathF.Cos(i * 0.7f))]), null, window);

    private static Tensor Cells(Tensor features, int channels) => Convolved(features, 8, channels, 3, Window.Square(pad: 1));

    private static Tensor Rows(Tensor features, int numbers) =>
        Cells(features, numbers).Reshape(new Shape(1, numbers, 256)).Transpose([0, 2, 1]);

    // Each cell four times along both axes.
    private static Tensor Wide(Tensor cells) => cells.Graph.Append(
        "Resize", [cells, null, cells.Graph.Constant(ElementType.Float, new Shape(4), 1, 1, 4, 4)], ElementType.Float,
        new Shape(1, cells.Shape[1], Side, Side), ("mode", "nearest"));

    private static Tensor Vector(Tensor features, params long[] lengths)
    {
        long count = lengths.Aggregate(1L, (a, b) => a * b);
        float[][] weights = [.. Enumerable.Range(0, (int)count).Select(c => Enumerable.Range(0, 8).Select(k =>
            MathF.Sin((c * 8) + k)).ToArray())];
        var made = TinyNetwork.Dense(features.MeanSpatial(), $"dense-{count}-{number++}", weights);
        return lengths.Length == 1 ? made : made.Reshape(new Shape([1, .. lengths.Select(l => (Dimension)l)]));
    }
}
