using System.Text;
using GradCamSharp.Evaluation.Records;

namespace GradCamSharp.Evaluation.Tests.Records;

public sealed class CsvRowsTests
{
    [Fact]
    public void Append_SpecialCharacters_AreQuotedAsRfc4180Says()
    {
        var text = new StringBuilder();
        CsvRows.Append(text, ["a", "", "b,c", "say \"no\"", "two\nlines"]);
        Assert.Equal("a,,\"b,c\",\"say \"\"no\"\"\",\"two\nlines\"\n", text.ToString());
    }

    [Theory]
    [InlineData("plain", "", "1.5")]
    [InlineData("a,b", "\"", "\"\"")]
    [InlineData("line\r\nfeed", ",", "\n")]
    [InlineData("größe", "\"a\",\"b\"", "x\"y")]
    public void Read_WhatAppendWrote_IsTheSame(params string[] fields)
    {
        var text = new StringBuilder();
        CsvRows.Append(text, fields);
        CsvRows.Append(text, ["next"]);
        byte[] bytes = Encoding.UTF8.GetBytes(text.ToString());
        var rows = CsvRows.Read(new MemoryStream(bytes), "test").ToList();
        Assert.Equal(2, rows.Count);
        Assert.Equal(fields, rows[0].Fields);
        Assert.Equal(bytes.Length, rows[1].End);
    }

    [Fact]
    public void Read_TornLastRow_IsLeftOutAndItsBeginningKnown()
    {
        var rows = CsvRows.Read(new MemoryStream("a,b\n1,\"x\ny\"\n2,\"to"u8.ToArray()), "test").ToList();
        Assert.Equal(2, rows.Count);
        Assert.Equal(["1", "x\ny"], rows[1].Fields);
        Assert.Equal("a,b\n1,\"x\ny\"\n".Length, rows[1].End);
    }

    [Fact]
    public void Read_EndlessRow_IsRefused()
    {
        var stream = new MemoryStream(new byte[2 << 20]);
        Assert.Contains("test", Assert.Throws<InvalidDataException>(() => CsvRows.Read(stream, "test").Count()).Message,
            StringComparison.Ordinal);
    }
}
