using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace OnnxGrad.Tests.Oracle;

/// <summary>One of the networks with float64 references: the model, its input and what it must answer.</summary>
internal sealed record OracleCase(string Folder)
{
    public string Model => Path.Combine(Folder, "model.onnx");

    public bool Has(string reference) => File.Exists(Path.Combine(Folder, $"{reference}.npy"));

    /// <summary>A stored array of 32-bit floats or 64-bit integers, row by row.</summary>
    public (Shape Shape, double[] Values) Read(string reference)
    {
        byte[] file = File.ReadAllBytes(Path.Combine(Folder, $"{reference}.npy"));
        int start = 10 + BitConverter.ToUInt16(file, 8);
        string header = Encoding.ASCII.GetString(file, 10, start - 10);
        string lengths = header[(header.IndexOf('(', StringComparison.Ordinal) + 1)..header.IndexOf(')', StringComparison.Ordinal)];
        var shape = new Shape([.. lengths.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(l => long.Parse(l, CultureInfo.InvariantCulture))]);
        var data = file.AsSpan(start);
        return (shape, header.Contains("<f4", StringComparison.Ordinal)
            ? Array.ConvertAll(MemoryMarshal.Cast<byte, float>(data).ToArray(), v => (double)v)
            : Array.ConvertAll(MemoryMarshal.Cast<byte, long>(data).ToArray(), v => (double)v));
    }
}
