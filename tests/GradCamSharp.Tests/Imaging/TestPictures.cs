using GradCamSharp.Imaging;

namespace GradCamSharp.Tests.Imaging;

/// <summary>Small pictures for tests. Those of the folder Pictures show four plain quarters; its make.py says what is in each.</summary>
internal static class TestPictures
{
    public static readonly byte[] Red = [220, 30, 40], Green = [30, 180, 60], Blue = [40, 60, 200], Yellow = [230, 210, 50];

    public static string File(string name) => Path.Combine(SharedData.RepositoryRoot(), "tests/GradCamSharp.Tests/Imaging/Pictures", name);

    public static Picture Decode(string name) => PictureDecoder.Decode(File(name));

    /// <summary>A picture from the values of one channel; R, G and B are equal.</summary>
    public static Picture Grey(int width, int height, params byte[] values)
    {
        var pixels = new byte[width * height * 3];
        for (var i = 0; i < pixels.Length; i++) pixels[i] = values[i / 3];
        return new Picture(width, height, pixels);
    }

    /// <summary>A picture with a different value everywhere and in every channel.</summary>
    public static Picture Pattern(int width, int height)
    {
        var pixels = new byte[width * height * 3];
        for (var i = 0; i < pixels.Length; i++) pixels[i] = (byte)(i * 37 % 251);
        return new Picture(width, height, pixels);
    }

    public static byte[] Pixel(Picture picture, int x, int y) => picture.Row(y).Slice(x * 3, 3).ToArray();
}
