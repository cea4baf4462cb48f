using GradCamSharp.Imaging;

namespace GradCamSharp.Audit.Tests.Scanning;

/// <summary>
/// Pictures of noise with a mark: in the first 10 at one place, in the next 8 at a place of each, in the last 6 nowhere. The figures that
/// tests compare with were computed from the same pictures by scan.py and audit.py of the design's prototype.
/// </summary>
internal static class SyntheticPictures
{
    public const int Count = 24, Side = 48, MapSide = 6, Channels = 10;

    public static PixelSize Size { get; } = new(Side, Side);

    public static Picture[] Pictures { get; } = Draw();

    public static float[][] Maps { get; } = [.. Enumerable.Range(0, Count).Select(Map)];

    public static float[][] Parts { get; } = [.. Numbers(Count * Channels, 5).Select(v => v - 100f).Chunk(Channels)];

    private static Picture[] Draw()
    {
        byte[] mark = Numbers(8 * 12, 99), pixels = Numbers(Count * Side * Side * 3, 7);
        for (int i = 0; i < 18; i++)
        {
            int top = i < 10 ? 30 : 5 + (2 * (i - 10)), left = i < 10 ? 10 : 20 + (i % 3);
            for (int k = 0; k < mark.Length; k++)
            {
                int at = (((i * Side) + top + (k / 12)) * Side) + left + (k % 12);
                pixels.AsSpan(3 * at, 3).Fill(mark[k]);
            }
        }

        return [.. pixels.Chunk(Side * Side * 3).Select(p => new Picture(Side, Side, p))];
    }

    private static float[] Map(int i)
    {
        float[] map = [.. Numbers(MapSide * MapSide, (uint)(1000 + i)).Select(v => (float)(v % 4))];
        if (i < 10)
            map[(4 * MapSide) + 1] = map[(4 * MapSide) + 2] = 40 + i;
        else if (i < 18)
            map[((9 + (2 * (i - 10))) * MapSide / Side * MapSide) + 3] = 50;
        return map;
    }

    // A linear congruential generator, the same in any language.
    private static byte[] Numbers(int count, uint seed)
    {
        byte[] numbers = new byte[count];
        for (int i = 0; i < count; i++)
        {
            seed = unchecked((seed * 1664525) + 1013904223);
            numbers[i] = (byte)(seed >> 24);
        }

        return numbers;
    }
}
