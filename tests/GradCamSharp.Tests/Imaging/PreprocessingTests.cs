using GradCamSharp.Imaging;
using GradCamSharp.Output;
using OnnxGrad;

namespace GradCamSharp.Tests.Imaging;

public class PreprocessingTests
{
    [Theory]
    [InlineData("both.png")]
    [InlineData("collies.JPG")]
    [InlineData("dog_cat.jfif")]
    [InlineData("dogs.png")]
    [InlineData("horses.jpg")]
    [InlineData("multiple_dogs.jpg")]
    [InlineData("puppies.jpg")]
    [InlineData("snake.JPEG")]
    [InlineData("water-bird.JPEG")]
    public void Prepare_DemoPhoto_IsTheReferenceTensor(string photo)
    {
        var preprocessing = PreprocessingFile.Load(SharedData.Path("models/squeezenet1.1/preprocessor_config.json"));
        var prepared = preprocessing.Prepare(PictureDecoder.Decode(SharedData.Path("photos/demo/" + photo)));
        var expected = Npy.Read<float>(SharedData.Path($"real/{Path.GetFileNameWithoutExtension(photo)}.input.npy")).Values;

        var actual = new float[3 * 224 * 224];
        prepared.WriteTo(actual);

        Assert.Equal(expected.Length, actual.Length);
        var mean = expected.Zip(actual, (e, a) => Math.Abs((double)e - a)).Average();
        Assert.InRange(mean, 0, 0.01);
    }

    [Theory]
    [InlineData("torch", (0 - 0.485) / 0.229, (0.2 - 0.456) / 0.224, (1 - 0.406) / 0.225)]
    [InlineData("caffe", 255 - 103.939, 51 - 116.779, 0 - 123.68)]
    [InlineData("tf", -1, -0.6, 1)]
    [InlineData("unit", 0, 0.2, 1)]
    public void WriteTo_Preset_ScalesAndOrders(string name, double first, double second, double third)
    {
        // R, G, B = 0, 51, 255: 51 / 255 = 0.2
        var tensor = new float[3];
        Uncropped(Preprocessing.Preset(name)!).Prepare(new Picture(1, 1, [0, 51, 255])).WriteTo(tensor);
        Assert.Equal([first, second, third], tensor.Select(v => (double)v), (a, b) => Math.Abs(a - b) < 1e-4);
    }

    /// <remarks>
    /// 256 * 500 / 366 = 349.73: 350 or 349. (350 - 224) / 2 = 63; (349 - 224) / 2 = 62.5, to the even number 62. 226 * 303 / 301 = 227.50;
    /// (227 - 224) / 2 = 1.5, to the even number 2, and (226 - 224) / 2 = 1. 19 / 10 of 30 is 57 whichever way it is reckoned.
    /// </remarks>
    [Theory]
    [InlineData("torch", 256, 224, 500, 366, 350, 256, 63, 16)]
    [InlineData("torchvision", 256, 224, 500, 366, 349, 256, 62, 16)]
    [InlineData("torchvision", 256, 224, 366, 500, 256, 349, 16, 62)]
    [InlineData("torch", 226, 224, 303, 301, 228, 226, 2, 1)]
    [InlineData("torchvision", 226, 224, 303, 301, 227, 226, 2, 1)]
    [InlineData("torch", 7, 4, 7, 7, 7, 7, 1, 1)]
    [InlineData("torchvision", 7, 4, 7, 7, 7, 7, 2, 2)]
    [InlineData("torchvision", 5, 4, 5, 5, 5, 5, 0, 0)]
    [InlineData("torchvision", 19, 10, 10, 30, 19, 57, 4, 24)]
    [InlineData("torchvision", 5, 8, 5, 5, 5, 5, -1, -1)]
    public void Prepare_SizeAndCrop_FollowTheConvention(
        string preset, int edge, int crop, int width, int height, int resizedWidth, int resizedHeight, int left, int top)
    {
        var preprocessing = Preprocessing.Preset(preset)! with { ShortestEdge = edge, CropSize = new PixelSize(crop, crop) };
        var geometry = preprocessing.Prepare(TestPictures.Pattern(width, height)).Geometry;
        Assert.Equal(new PixelSize(resizedWidth, resizedHeight), geometry.Resized);
        Assert.Equal(new PixelBox(left, top, crop, crop), geometry.Crop);
    }

    [Fact]
    public void Preset_UnknownName_IsNull() => Assert.Null(Preprocessing.Preset("keras"));

    [Fact]
    public void WriteTo_BothLayouts_HoldTheSame()
    {
        var prepared = Uncropped(Preprocessing.Caffe).Prepare(TestPictures.Pattern(4, 3));
        float[] planes = new float[36], interleaved = new float[36];
        prepared.WriteTo(planes);
        prepared.WriteTo(interleaved, channelsLast: true);
        for (var i = 0; i < 12; i++)
            for (var c = 0; c < 3; c++) Assert.Equal(planes[(c * 12) + i], interleaved[(i * 3) + c]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Mask_InPixelSpace_IsTheTensorOfTheMaskedPicture(bool channelsLast)
    {
        // Eq. 11: E = L o I in pixel space. 200 * 0.5 = 100, 100 * 0.25 = 25, 40 * 0 = 0; more pixels than a vector has.
        var preprocessing = Uncropped(Preprocessing.Torch);
        float[] mask = [.. Enumerable.Range(0, 39).Select(i => ((float[])[0.5f, 0.25f, 0])[i % 3])];
        var picture = preprocessing.Prepare(ThreeGreys(200, 100, 40));
        float[] tensor = new float[117], expected = new float[117];
        picture.WriteTo(tensor, 3, channelsLast);
        picture.Mask(tensor, mask, tensor, channelsLast);
        preprocessing.Prepare(ThreeGreys(100, 25, 0)).WriteTo(expected, 3, channelsLast);
        Assert.Equal(expected, tensor, (a, b) => Math.Abs(a - b) < 1e-6);

        static Picture ThreeGreys(params byte[] values) =>
            TestPictures.Grey(39, 1, [.. Enumerable.Range(0, 39).Select(i => values[i % 3])]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Mask_InNormalizedSpace_MultipliesTheTensor(bool channelsLast)
    {
        var prepared = Uncropped(Preprocessing.Torch).Prepare(TestPictures.Pattern(1, 2));
        float[] masked = new float[6], plain = new float[6];
        prepared.WriteTo(plain, 3, channelsLast);
        prepared.Mask(plain, [0.5f, 0.5f], masked, channelsLast, MaskSpace.Normalized);
        Assert.Equal(plain.Select(v => v / 2), masked);
    }

    [Fact]
    public void Mask_OneChannel_TakesTheMeanOfTheChannelsForBlack()
    {
        var preprocessing = Uncropped(Preprocessing.Torch);
        float[] tensor = new float[1], expected = new float[1];
        var white = preprocessing.Prepare(TestPictures.Grey(1, 1, 200));
        white.WriteTo(tensor, channels: 1);
        white.Mask(tensor, [0.25f], tensor);
        preprocessing.Prepare(TestPictures.Grey(1, 1, 50)).WriteTo(expected, channels: 1);
        Assert.Equal(expected[0], tensor[0], 1e-6);
    }

    [Fact]
    public void WriteTo_WrongLengths_Throw()
    {
        var prepared = Uncropped(Preprocessing.Unit).Prepare(TestPictures.Pattern(9, 9));
        Assert.Throws<ArgumentException>(() => prepared.WriteTo(new float[10]));
        Assert.Throws<ArgumentException>(() => prepared.WriteTo(new float[4 * 81], channels: 4));
        Assert.Throws<ArgumentException>(() => prepared.Mask(new float[3 * 81], new float[10], new float[3 * 81]));
        Assert.Throws<ArgumentException>(() => prepared.Mask(new float[3 * 81], new float[81], new float[81]));
        Assert.Throws<ArgumentException>(() => prepared.Mask(new float[2 * 81], new float[81], new float[2 * 81]));
    }

    [Fact]
    public void WriteTo_OneChannel_IsPillowsLuma()
    {
        // 0.299 * 220 + 0.587 * 30 + 0.114 * 40 = 87.95
        var tensor = new float[1];
        (Uncropped(Preprocessing.Unit) with { Scale = 1 }).Prepare(new Picture(1, 1, [220, 30, 40])).WriteTo(tensor, channels: 1);
        Assert.Equal(88, tensor[0]);
    }

    [Fact]
    public void WriteTo_OneChannel_AveragesMeanAndDeviation()
    {
        // (0.485 + 0.456 + 0.406) / 3 = 0.449, (0.229 + 0.224 + 0.225) / 3 = 0.226
        var tensor = new float[1];
        Uncropped(Preprocessing.Torch).Prepare(TestPictures.Grey(1, 1, 255)).WriteTo(tensor, channels: 1);
        Assert.Equal((1 - 0.449) / 0.226, tensor[0], 1e-4);
    }

    /// <summary>Of a file only what the crop needs is decoded; it must be what the whole picture has there, to the bit.</summary>
    [Theory]
    [InlineData("textured-444.jpg")]
    [InlineData("textured-422.jpg")]
    [InlineData("textured-420.jpg")]
    [InlineData("textured-progressive.jpg")]
    [InlineData("textured-grey.jpg")]
    [InlineData("textured-cmyk.jpg")]
    [InlineData("orientation6.jpg")]
    [InlineData("alpha.png")]
    [InlineData("two-frames.gif")]
    public void Prepare_File_IsTheSameAsOfTheDecodedPicture(string file)
    {
        AssertSameAsDecoded(TestPictures.File(file));
    }

    /// <summary>What the scans that are missing would have refined the decoder smooths, across the edges of any part.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Prepare_ProgressiveFileWithoutItsLastScans_IsTheSameAsOfTheDecodedPicture(int scans)
    {
        byte[] whole = File.ReadAllBytes(TestPictures.File("textured-progressive.jpg"));
        int end = 0;
        for (int scan = 0; scan <= scans; scan++)
            end += 2 + whole.AsSpan(end + 2).IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        string file = Path.Combine(Directory.CreateTempSubdirectory("gradcam-prepare-").FullName, "first-scans.jpg");
        File.WriteAllBytes(file, [.. whole.AsSpan(0, end), 0xFF, 0xD9]);
        AssertSameAsDecoded(file);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    [Fact]
    public void Prepare_DemoPhotos_AreTheSameAsOfTheDecodedPictures()
    {
        string[] photos = [.. Directory.EnumerateFiles(SharedData.Path("photos/demo"))
            .Where(f => Path.GetExtension(f).ToUpperInvariant() is ".JPG" or ".JPEG" or ".JFIF")];
        Assert.NotEmpty(photos);
        foreach (string path in photos)
        {
            var expected = Preprocessing.Caffe.Prepare(PictureDecoder.Decode(path));
            Assert.Equal(expected.Input.Pixels, Preprocessing.Caffe.Prepare(path).Input.Pixels);
        }
    }

    [Fact]
    public void Prepare_TruncatedOrMissingFile_IsRefused()
    {
        string cut = Path.Combine(Directory.CreateTempSubdirectory("gradcam-prepare-").FullName, "cut.jpg");
        File.WriteAllBytes(cut, File.ReadAllBytes(TestPictures.File("textured-420.jpg"))[..4000]);
        var error = Assert.Throws<PictureException>(() => Preprocessing.Torch.Prepare(cut));
        Assert.Contains("truncated", error.Message, StringComparison.Ordinal);
        Directory.Delete(Path.GetDirectoryName(cut)!, recursive: true);
        Assert.Throws<PictureException>(() => Preprocessing.Torch.Prepare("no/such/picture.jpg"));
        Assert.Throws<PictureException>(() => Preprocessing.Torch.Prepare(
            TestPictures.File("textured-420.jpg"), new PictureLimits { MaximumPixels = 1000 }));
    }

    [Fact]
    public void Prepare_TooTallForTheWantedWidth_IsRefused()
    {
        // 600,000 rows of 2,000 pixels of four bytes are more than an array holds.
        var wide = Preprocessing.Unit with { ShortestEdge = null, ExactSize = new PixelSize(2000, 2000), CropSize = null };
        var error = Assert.Throws<ModelException>(() => wide.Prepare(new Picture(1, 600_000, new byte[1_800_000])));
        Assert.Contains("too narrow", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Prepare_SmallerThanTheCrop_IsPaddedWithBlack()
    {
        var prepared = (Uncropped(Preprocessing.Unit) with { CropSize = new PixelSize(4, 3) }).Prepare(TestPictures.Grey(1, 1, 9));
        Assert.Equal(TestPictures.Grey(4, 3, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0).Pixels, prepared.Input.Pixels);
        Assert.Equal(new Geometry(new(1, 1), new(1, 1), new(-1, -1, 4, 3)), prepared.Geometry);
    }

    [Fact]
    public void Prepare_LandscapePhoto_CutsTheMiddle()
    {
        var prepared = Preprocessing.Torch.Prepare(TestPictures.Pattern(500, 375));
        // 500 * 256 / 375 = 341.33; (341 - 224) / 2 = 58.5; (256 - 224) / 2 = 16
        Assert.Equal(new Geometry(new(500, 375), new(341, 256), new(58, 16, 224, 224)), prepared.Geometry);
        Assert.Equal(new PixelSize(224, 224), prepared.Input.Size);
    }

    [Fact]
    public void Prepare_HairlinePicture_IsRefused() =>
        Assert.Contains(
            "too narrow",
            Assert.Throws<ModelException>(() => Preprocessing.Torch.Prepare(TestPictures.Pattern(1, 30_000))).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData(224, 256)]
    [InlineData(128, 146)]
    [InlineData(448, 512)]
    [InlineData(28, 32)]
    public void ForSize_FixedSize_KeepsTheProportionOfTheCrop(int side, int edge)
    {
        var adapted = Preprocessing.Torch.ForSize(new PixelSize(side, side));
        Assert.Equal((edge, new PixelSize(side, side)), (adapted.ShortestEdge, adapted.CropSize));
    }

    [Fact]
    public void ForSize_WithoutCrop_ResizesToTheSize()
    {
        var adapted = Uncropped(Preprocessing.Unit).ForSize(new PixelSize(32, 16));
        Assert.Equal(new PixelSize(32, 16), adapted.Prepare(TestPictures.Pattern(50, 90)).Input.Size);
    }

    private static void AssertSameAsDecoded(string path)
    {
        var whole = PictureDecoder.Decode(path);
        var cropped = Preprocessing.Torch with { ShortestEdge = 40, CropSize = new PixelSize(24, 17) };
        foreach (var preprocessing in (Preprocessing[])[
            cropped,
            cropped with { ShortestEdge = 90, CropSize = new PixelSize(11, 13), Filter = ResampleFilter.Lanczos },
            cropped with { ShortestEdge = 300, CropSize = new PixelSize(30, 30), Filter = ResampleFilter.Bicubic },
            cropped with { ShortestEdge = 20, CropSize = new PixelSize(64, 8), Filter = ResampleFilter.Nearest },
            cropped with { ShortestEdge = null, ExactSize = new PixelSize(31, 33), CropSize = null },
            cropped with { ShortestEdge = null }])
        {
            PreparedPicture expected = preprocessing.Prepare(whole), actual = preprocessing.Prepare(path);
            Assert.Equal(expected.Geometry, actual.Geometry);
            Assert.Equal(expected.Input.Pixels, actual.Input.Pixels);
        }
    }

    private static Preprocessing Uncropped(Preprocessing preprocessing) => preprocessing with { ShortestEdge = null, CropSize = null };
}
