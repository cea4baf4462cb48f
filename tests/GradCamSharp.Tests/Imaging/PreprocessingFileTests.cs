using GradCamSharp.Imaging;

namespace GradCamSharp.Tests.Imaging;

public class PreprocessingFileTests
{
    public static TheoryData<string, int?, int[]?, int?> Sizes => new()
    {
        { """{"size": {"shortest_edge": 256}, "crop_size": {"height": 224, "width": 224}}""", 256, null, 224 },
        { """{"size": 256, "crop_size": 224, "do_center_crop": true}""", 256, null, 224 },
        { """{"size": 224, "feature_extractor_type": "ViTFeatureExtractor"}""", null, new[] { 224, 224 }, null },
        { """{"size": 256, "crop_size": 224, "image_processor_type": "DeiTImageProcessor"}""", null, new[] { 256, 256 }, 224 },
        { """{"size": {"height": 192, "width": 160}}""", null, new[] { 160, 192 }, null },
        { """{"size": [192, 160]}""", null, new[] { 160, 192 }, null },
        { """{"size": 224, "crop_size": 200, "do_center_crop": false}""", null, new[] { 224, 224 }, null },
        { """{"size": {"shortest_edge": 224}, "crop_pct": 0.875}""", 256, null, 224 },
        { """{"size": 224, "feature_extractor_type": "ConvNextFeatureExtractor"}""", 256, null, 224 },
        { """{"size": 384, "crop_pct": 0.95}""", null, new[] { 384, 384 }, null },
        { """{"do_resize": false, "size": 224, "crop_size": 100}""", null, null, 100 },
        { "{}", null, null, null },
    };

    [Fact]
    public void ToJson_AnyPreprocessing_IsReadBackTheSame()
    {
        Preprocessing[] all =
        [
            Preprocessing.Torch, Preprocessing.Caffe, Preprocessing.Tf, Preprocessing.Unit,
            Preprocessing.Torch with
            {
                ShortestEdge = null, ExactSize = new PixelSize(160, 128), CropSize = null, Filter = ResampleFilter.Bicubic,
            },
            Preprocessing.Unit with { ShortestEdge = null, CropSize = null },
            Preprocessing.Torchvision,
        ];
        foreach (var expected in all)
        {
            var actual = PreprocessingFile.Parse(PreprocessingFile.ToJson(expected), "written");
            Assert.Equal(expected.Mean, actual.Mean);
            Assert.Equal(expected.StandardDeviation, actual.StandardDeviation);
            Assert.Equal(expected with { Mean = actual.Mean, StandardDeviation = actual.StandardDeviation }, actual);
        }
    }

    [Theory]
    [InlineData("\"torchvision\"", ResizeConvention.Torchvision)]
    [InlineData("\"nearest\"", ResizeConvention.Nearest)]
    [InlineData("null", ResizeConvention.Nearest)]
    public void Parse_ResizeConvention_IsUnderstood(string value, ResizeConvention expected) =>
        Assert.Equal(expected, PreprocessingFile.Parse("{\"resize_convention\": " + value + "}", "it").Convention);

    [Theory]
    [InlineData("\"torch\"")]
    [InlineData("1")]
    public void Parse_UnknownResizeConvention_IsRefusedByName(string value)
    {
        var refused = Assert.Throws<InvalidDataException>(() => PreprocessingFile.Parse("{\"resize_convention\": " + value + "}", "it"));
        Assert.Contains("'it': resize_convention should be \"nearest\" or \"torchvision\"", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Parse_EveryFormOfSize_IsUnderstood(string json, int? edge, int[]? exact, int? crop)
    {
        var parsed = PreprocessingFile.Parse(json, "it");
        Assert.Equal(edge, parsed.ShortestEdge);
        Assert.Equal(exact is [var width, var height] ? new PixelSize(width, height) : null, parsed.ExactSize);
        Assert.Equal(crop is { } c ? new PixelSize(c, c) : null, parsed.CropSize);
    }

    [Fact]
    public void Parse_Values_AreScaledAsSaid()
    {
        var parsed = PreprocessingFile.Parse(
            """{"do_flip_channel_order": true, "do_rescale": false, "do_normalize": true, "image_mean": """ +
            """[1, 2, 3], "image_std": [4, 5, 6], "resample": 3}""",
            "it");
        Assert.True(parsed.IsBgr);
        Assert.Equal(1, parsed.Scale);
        Assert.Equal([1, 2, 3], parsed.Mean);
        Assert.Equal([4, 5, 6], parsed.StandardDeviation);
        Assert.Equal(ResampleFilter.Bicubic, parsed.Filter);
    }

    [Fact]
    public void Parse_NothingSaid_RescalesOnly()
    {
        var parsed = PreprocessingFile.Parse("""{"do_normalize": false, "image_mean": [9, 9, 9]}""", "it");
        Assert.Equal(1 / 255f, parsed.Scale);
        Assert.Equal([0, 0, 0], parsed.Mean);
        Assert.Equal([1, 1, 1], parsed.StandardDeviation);
        Assert.Equal(ResampleFilter.Bilinear, parsed.Filter);
    }

    [Fact]
    public void Parse_RescaleOffset_TakesOneOff()
    {
        // EfficientNet: 255 / 127.5 - 1 = 1
        var parsed = PreprocessingFile.Parse("""{"rescale_factor": 0.00784313725490196, "rescale_offset": true}""", "it");
        var tensor = new float[3];
        parsed.Prepare(new Picture(1, 1, [0, 255, 255])).WriteTo(tensor);
        Assert.Equal([-1f, 1f, 1f], tensor, (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Theory]
    [InlineData("not json", "not JSON")]
    [InlineData("[1]", "object")]
    [InlineData("""{"size": {"shortest_edge": 1}, "size": 3}""", "not JSON")]
    [InlineData("""{"size": "large"}""", "size")]
    [InlineData("""{"size": 0}""", "size")]
    [InlineData("""{"size": 1e9}""", "size")]
    [InlineData("""{"size": {"width": 3}}""", "size")]
    [InlineData("""{"size": {"shortest_edge": 3, "longest_edge": 9}}""", "longest_edge")]
    [InlineData("""{"do_resize": true}""", "size")]
    [InlineData("""{"do_resize": 1}""", "do_resize")]
    [InlineData("""{"do_center_crop": true, "size": 3}""", "crop_size")]
    [InlineData("""{"resample": 6}""", "resample")]
    [InlineData("""{"image_mean": [1, 2]}""", "image_mean")]
    [InlineData("""{"image_mean": ["a", 2, 3]}""", "image_mean")]
    [InlineData("""{"do_normalize": true, "image_std": [1, 0, 1]}""", "image_std")]
    [InlineData("""{"do_normalize": true, "image_std": [1, 2e307, 1]}""", "image_std")]
    [InlineData("""{"do_normalize": true, "image_std": 1e-60}""", "image_std")]
    [InlineData("""{"image_mean": -1e39}""", "image_mean")]
    [InlineData("""{"rescale_factor": 1e39}""", "rescale_factor")]
    [InlineData("""{"rescale_factor": "x"}""", "rescale_factor")]
    [InlineData("""{"crop_pct": 2, "size": 3}""", "crop_pct")]
    [InlineData("""{"do_pad": true}""", "do_pad")]
    public void Parse_WhatIsNotUnderstood_NamesFileAndKey(string json, string named)
    {
        var refused = Assert.Throws<InvalidDataException>(() => PreprocessingFile.Parse(json, "model/preprocessor_config.json"));
        Assert.StartsWith("'model/preprocessor_config.json'", refused.Message, StringComparison.Ordinal);
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }
}
