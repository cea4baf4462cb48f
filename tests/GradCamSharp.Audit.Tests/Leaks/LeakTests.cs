using GradCamSharp.Audit.Leaks;
using GradCamSharp.Imaging;

namespace GradCamSharp.Audit.Tests.Leaks;

public sealed class LeakTests
{
    [Fact]
    public void Pairs_OfHashes_AreAllWithinFourBits()
    {
        // The first differs from the second by 2 bits, from the third by 4 in four of the five parts, from the fourth by 5.
        ulong[] hashes = [0, (1UL << 63) | 1, (1UL << 5) | (1UL << 20) | (1UL << 30) | (1UL << 45), 0x1F, ulong.MaxValue];
        Assert.Equal([(0, 1, 2), (0, 2, 4)], DifferenceHash.Pairs(hashes, null, 4).Where(p => p.First == 0));
        Assert.Equal([(0, 1, 2)], DifferenceHash.Pairs([0], [ulong.MaxValue, 3], 4));
    }

    [Fact]
    public void Of_ABrighterCopy_IsTheSameHash()
    {
        byte[] pixels = [.. Enumerable.Range(0, 3 * 40 * 30).Select(i => (byte)((i * 7) + (i / 120 * 31) % 97 / 2))];
        byte[] brighter = [.. pixels.Select(p => (byte)((p / 2) + 60))];
        int distance = DifferenceHash.Distance(
            DifferenceHash.Of(new Picture(40, 30, pixels)), DifferenceHash.Of(new Picture(40, 30, brighter)));
        Assert.InRange(distance, 0, 4);
    }

    [Fact]
    public void Read_OfAJpegHeader_TellsTablesAndCamera()
    {
        byte[] exif =
        [
            .. "Exif\0\0II"u8, 42, 0, 8, 0, 0, 0, 1, 0, 0x10, 0x01, 2, 0, 4, 0, 0, 0, (byte)'K', (byte)'9', 0, 0,
        ];
        byte[] file =
        [
            0xFF, 0xD8, 0xFF, 0xE1, 0, (byte)(exif.Length + 2), .. exif, 0xFF, 0xDB, 0, 5, 1, 2, 3, 0xFF, 0xDA, 0, 2,
        ];
        var (tables, camera) = FileTraits.Read(file);
        Assert.Equal("K9", camera);
        Assert.Equal(8, tables.Length);
        for (int length = 0; length < file.Length; length++)
            FileTraits.Read(file.AsSpan(0, length));
        Assert.Equal(("", ""), FileTraits.Read("PNG"u8));
    }

    [Fact]
    public void Find_OfAClassWithItsOwnCamera_TellsIt()
    {
        var traits = Enumerable.Range(0, 60).Select(i => new FileTraits(
            new PixelSize(100, 80), 1000 + (i * 37 % 50), "", i % 3 == 0 ? "Nikon" : "Canon", 40, 0, 0)).ToList();
        string[] classes = [.. Enumerable.Range(0, 60).Select(i => i % 3 == 0 ? "tench" : i % 3 == 1 ? "church" : "truck")];
        var leak = Assert.Single(LeakFinder.Find(traits, classes, 1));
        Assert.Equal("camera", leak.What);
        Assert.Equal("tench", leak.Class);
        Assert.Contains("'Nikon' in 100 % of tench, in 0 % of the others", leak.Sentence, StringComparison.Ordinal);
    }
}
