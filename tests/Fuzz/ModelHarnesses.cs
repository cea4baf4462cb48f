using OnnxGrad;

namespace GradCamSharp.Fuzz;

/// <summary>A model's file: reading, the passes that bring it to one form, and the head.</summary>
public sealed class ModelHarness : Harness
{
    public override string Name => "model";

    public override IReadOnlyList<string> Words => SmallModels.Words;

    public override IReadOnlyList<byte[]> Seeds() => SmallModels.All();

    protected override void Take(byte[] input)
    {
        var model = OnnxModel.Parse(input);
        _ = model.ToBytes();
    }
}

/// <summary>A model as an explainer takes it: analysis, layers, compilation and one run.</summary>
public sealed class ExplainerHarness : Harness
{
    public override string Name => "explainer";

    public override IReadOnlyList<string> Words => SmallModels.Words;

    public override IReadOnlyList<byte[]> Seeds() => SmallModels.All();

    protected override void Take(byte[] input)
    {
        using var explainer = Explainer.From(OnnxModel.Parse(input), new ExplainerOptions { Threads = 1 });
        _ = explainer.FindLayers();
        long[] lengths = [.. explainer.Input.Shape.Select(d => d.GetValueOrDefault(8))];
        if (lengths.Aggregate(1.0, (a, b) => a * b) is > 0 and <= 1 << 16)
        {
            var shape = new Shape(lengths);
            float[] batch = new float[(int)shape.Size.Value];
            for (int i = 0; i < batch.Length; i++)
                batch[i] = (i % 7) - 3;
            _ = explainer.Explain(batch, shape, Methods.CamMethods.Parse("gradcam++,gradcam"), Targets.ClassRequest.Top(1));
        }
    }
}
