using System.Text;
using GradCamSharp.Imaging;
using GradCamSharp.Output;
using GradCamSharp.Targets;

namespace GradCamSharp.Fuzz;

/// <summary>Arrays of NumPy.</summary>
public sealed class NpyHarness : Harness
{
    public override string Name => "npy";

    public override IReadOnlyList<string> Words { get; } =
    [
        "'descr': '<f8'", "'descr': '|u1'", "'descr': '>f4'", "'fortran_order': True", "'shape': (999999999, 999999999)", "(2,)", "()",
        "\x93NUMPY",
    ];

    public override IReadOnlyList<byte[]> Seeds()
    {
        using var stream = new MemoryStream();
        Npy.Write(stream, [1, 2, 3, 4, 5, 6], 2, 3);
        using var wide = new MemoryStream();
        Npy.Write(wide, new float[64], 4, 4, 4);
        return [stream.ToArray(), wide.ToArray()];
    }

    // Documented: a value that does not fit the type that is asked for.
    protected override bool IsTyped(Exception exception) => exception is OverflowException || base.IsTyped(exception);

    protected override void Take(byte[] input)
    {
        _ = Npy.Read<float>(new MemoryStream(input), "fuzz.npy");
        _ = Npy.Read<long>(new MemoryStream(input), "fuzz.npy");
    }
}

/// <summary>Preprocessing of Hugging Face's and of our own form.</summary>
public sealed class PreprocessingHarness : Harness
{
    public override string Name => "preprocessing";

    public override IReadOnlyList<string> Words { get; } =
        ["\"size\"", "\"shortest_edge\"", "\"height\"", "\"crop_size\"", "\"image_mean\"", "\"image_std\"", "\"do_resize\"", "\"resample\"",
            "\"rescale_factor\"", "\"letterbox\"", "true", "{\"width\":1}", "[0,0,0]"];

    public override IReadOnlyList<byte[]> Seeds() =>
    [
        """
        {"do_resize":true,"size":{"shortest_edge":256},"resample":2,"do_center_crop":true,"crop_size":{"height":224,"width":224},
        "do_rescale":true,"rescale_factor":0.00392156862745098,"do_normalize":true,
        "image_mean":[0.485,0.456,0.406],"image_std":[0.229,0.224,0.225]}
        """u8.ToArray(),
        """{"size":224,"do_normalize":true,"image_mean":0.5,"image_std":0.5}"""u8.ToArray(),
        """{"do_resize":true,"size":{"height":64,"width":64},"letterbox":{"fill":114,"position":"center"},"do_rescale":true}"""u8.ToArray(),
    ];

    protected override void Take(byte[] input) =>
        _ = PreprocessingFile.ToJson(PreprocessingFile.Parse(Encoding.UTF8.GetString(input), "fuzz.json"));
}

/// <summary>Labels: JSON, as the file's ending tells.</summary>
public sealed class LabelsHarness : Harness
{
    public override string Name => "labels";

    public override IReadOnlyList<string> Words { get; } =
        ["\"id2label\"", "\"0\"", "\"-1\"", "\"999999999\"", "\"label2id\"", "{\"id2label\":{}}"];

    public override IReadOnlyList<byte[]> Seeds() =>
    [
        """["cat","dog, hound","bird"]"""u8.ToArray(),
        """{"id2label":{"0":"cat","1":"dog","2":"bird"}}"""u8.ToArray(),
    ];

    protected override void Take(byte[] input)
    {
        var labels = Labels.Parse(Encoding.UTF8.GetString(input), "fuzz.json");
        _ = labels[labels.Count];
    }
}

/// <summary>The language of targets.</summary>
public sealed class TargetHarness : Harness
{
    public override string Name => "target";

    public override IReadOnlyList<string> Words { get; } =
    [
        "box:", "class:", "mask:", "keypoint:", "value:", "similarity:", "dot:", "token:", "contrast:", "finer:", "rest:", "top", "@mask",
        "@1,2", "[0,1]", "output0", "-", "+", "*", ";", "gamma=", "weights=", "score", "(", ")", "/", "0.5*",
    ];

    public override IReadOnlyList<byte[]> Seeds() =>
    [
        .. ((string[])["class:top3", "class:dog", "class:dog@mask", "class:3@10,20", "box:0", "box:dog/1.x1", "mask:0", "keypoint:nose/0",
            "value", "class:1-class:2", "0.5*class:1+0.5*class:2", "-class:3", "output0[0,5,17]", "finer:top1;gamma=1;weights=probability",
            "contrast:top1", "token:3", "similarity:a.npy"]).Select(Encoding.UTF8.GetBytes),
    ];

    // A text that is no target is an argument that is not one.
    protected override bool IsTyped(Exception exception) => exception is ArgumentException || base.IsTyped(exception);

    protected override void Take(byte[] input) => _ = string.Join(' ', Target.Parse(Encoding.UTF8.GetString(input)));
}
