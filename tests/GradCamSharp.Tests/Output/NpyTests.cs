using System.Text;
using GradCamSharp.Output;

namespace GradCamSharp.Tests.Output;

public class NpyTests
{
    [Fact]
    public void Write_Matrix_HasNumpysBytes()
    {
        var bytes = Written([1, 2.5f], 1, 2);

        // Magic, version 1.0, header of 118 bytes: 6 + 2 + 2 + 118 = 128, a multiple of 64.
        Assert.Equal([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0], bytes[..8]);
        Assert.Equal(0, (10 + bytes[8] + (bytes[9] << 8)) % 64);
        Assert.StartsWith(
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }", Encoding.ASCII.GetString(bytes[10..]), StringComparison.Ordinal);
        Assert.Equal([(byte)'\n', 0, 0, 0x80, 0x3F, 0, 0, 0x20, 0x40], bytes[^9..]);
    }

    [Theory]
    [InlineData(new int[0], 1)]
    [InlineData(new[] { 3 }, 3)]
    [InlineData(new[] { 2, 1, 2 }, 4)]
    [InlineData(new[] { 0, 5 }, 0)]
    public void Read_WhatWasWritten_IsTheSame(int[] shape, int count)
    {
        var values = Enumerable.Range(1, count).Select(i => i / 3f).ToArray();
        var read = Npy.Read<float>(new MemoryStream(Written(values, shape)), "it");
        Assert.Equal(shape, read.Shape);
        Assert.Equal(values, read.Values);
    }

    [Theory]
    [InlineData("<f8", 1)]
    [InlineData("<f8", 2)]
    [InlineData("<f8", 3)]
    [InlineData("<i8", 1)]
    public void Read_OtherTypesAndVersions_AreConverted(string type, byte version)
    {
        byte[] data = type == "<f8"
            ? [.. BitConverter.GetBytes(2.0), .. BitConverter.GetBytes(-3.0)]
            : [.. BitConverter.GetBytes(2L), .. BitConverter.GetBytes(-3L)];
        var file = Made($"{{'descr': '{type}', 'fortran_order': False, 'shape': (2,), }}", data, version);
        Assert.Equal([2f, -3f], Npy.Read<float>(new MemoryStream(file), "it").Values);
        Assert.Equal([2L, -3L], Npy.Read<long>(new MemoryStream(file), "it").Values);
    }

    [Theory]
    [InlineData("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", "'>f4'")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "'|O'")]
    [InlineData("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1), }", "Fortran")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "shorter than its header says")]
    [InlineData(
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2147483647, 2147483647, 2147483647), }", "shorter than its header says")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,), }", "not possible")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "not that of a plain array")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "not that of a plain array")]
    public void Read_WhatIsNotRead_SaysWhy(string header, string problem)
    {
        var refused = Assert.Throws<InvalidDataException>(() => Npy.Read<float>(new MemoryStream(Made(header, [0, 0, 128, 63])), "a.npy"));
        Assert.StartsWith("a.npy: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_CutAnywhere_IsRefused()
    {
        var whole = Written([1, 2, 3], 3);
        for (var length = 0; length < whole.Length; length++)
            Assert.Throws<InvalidDataException>(() => Npy.Read<float>(new MemoryStream(whole, 0, length), "cut"));
    }

    [Fact]
    public void Read_HeaderLengthOfFourGigabytes_IsRefusedWithoutAllocating() =>
        Assert.Throws<InvalidDataException>(() =>
            Npy.Read<float>(new MemoryStream([0x93, .. "NUMPY"u8, 2, 0, 255, 255, 255, 255, 1, 2, 3]), "it"));

    [Fact]
    public void Write_WrongShape_Throws() => Assert.Throws<ArgumentException>(() => Npy.Write(Stream.Null, [1, 2, 3], 2, 2));

    [Fact]
    public void Read_ReferenceTensor_HasItsShape()
    {
        var read = Npy.Read<float>(SharedData.Path("real/dogs.gradcampp.npy"));
        Assert.Equal([13, 13], read.Shape);
        Assert.Contains(read.Values, v => v > 0);
    }

    private static byte[] Written(float[] values, params int[] shape)
    {
        var stream = new MemoryStream();
        Npy.Write(stream, values, shape);
        return stream.ToArray();
    }

    private static byte[] Made(string header, byte[] data, byte version = 1)
    {
        byte[] length = version == 1 ? BitConverter.GetBytes((ushort)header.Length) : BitConverter.GetBytes(header.Length);
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. Encoding.ASCII.GetBytes(header), .. data];
    }
}
