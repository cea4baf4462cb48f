using System.Text.Json;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Commands;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Output;

namespace GradCamSharp.Cli.Tests.Bindings;

/// <summary>A model exported by the command line, an input for it, and the maps that <c>gradcam explain</c> writes of that input.</summary>
internal sealed class ExportedCase : IDisposable
{
    public const string UsualMethods = "gradcam++,gradcam,saliency,lrp-epsilon-plus-flat,attnlrp";
    private readonly string folder = Directory.CreateTempSubdirectory("gradcam-bindings-").FullName;
    private readonly int top;
    private readonly string methods;

    /// <param name="model">A name or a file.</param>
    /// <param name="tensor">A .npy file, of which the first item is taken, or null for the sample picture.</param>
    /// <param name="top">How many classes are explained.</param>
    /// <param name="methods">The methods.</param>
    public ExportedCase(string model, string? tensor, int top, string methods)
    {
        this.top = top;
        this.methods = methods;
        string npy = tensor is null ? PreparedSample(model) : FirstItem(tensor);
        Assert.Equal(0, CommandLine.Run(ExportCommand.Create(), model, "-o", Model, "--method", methods, "--top", $"{top}").ExitCode);
        var explained = CommandLine.Run(
            ExplainCommand.Create(), npy, "--model", model, "--method", methods, "--class", $"top{top}",
            "--save", "raw", "--output", folder, "--json");
        Assert.Equal(0, explained.ExitCode);
        var explanations = explained.Json.GetProperty("results")[0].GetProperty("explanations").EnumerateArray();
        Classes = [.. explanations.Select(e => e.GetProperty("class").GetProperty("index").GetInt64()).Distinct()];
        var input = Npy.Read<float>(npy);
        Shape = string.Join(',', input.Shape);
        Values = System.Runtime.InteropServices.MemoryMarshal.AsBytes(input.Values.AsSpan()).ToArray();
        File.WriteAllBytes(Input, Values);
        Stem = Path.GetFileNameWithoutExtension(npy);
    }

    public string Model => Path.Combine(folder, "model.onnx");

    public string Input => Path.Combine(folder, "input.bin");

    public string Shape { get; }

    public byte[] Values { get; }

    private long[] Classes { get; }

    private string Stem { get; }

    /// <summary>What a binding answered, as JSON, against the command line's classes and maps.</summary>
    public void Check(JsonElement answer)
    {
        Assert.False(answer.TryGetProperty("error", out var error), error.ToString());
        Assert.Equal("int64", answer.GetProperty("explain_classes").GetProperty("type").GetString());
        Assert.Equal(Classes, answer.GetProperty("explain_classes").GetProperty("data").EnumerateArray().Select(v => v.GetInt64()));
        foreach (var method in CamMethods.Parse(methods))
        {
            var output = answer.GetProperty("explain_" + method.Name.Replace("+", "plus", StringComparison.Ordinal)
                .Replace('-', '_'));
            var expected = Npy.Read<float>(Path.Combine(folder, $"{Stem}.{method.Name}.npy"));
            float[] actual = [.. output.GetProperty("data").EnumerateArray().Select(v => v.GetSingle())];
            Assert.Equal("float32", output.GetProperty("type").GetString());
            Assert.Equal(expected.Shape, output.GetProperty("dims").EnumerateArray().Select(d => d.GetInt32()));
            Assert.Equal(top, expected.Shape[1]);
            float largest = expected.Values.Max(Math.Abs);
            Assert.NotEqual(0, largest);
            Assert.Equal(expected.Values, actual, (e, a) => Math.Abs(e - a) <= 1e-4 * largest);
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string FirstItem(string tensor)
    {
        var all = Npy.Read<float>(tensor);
        if (all.Shape[0] == 1)
            return tensor;
        string path = Path.Combine(folder, "item.npy");
        float[] first = all.Values[..(all.Values.Length / all.Shape[0])];
        AtomicFile.Write(path, stream => Npy.Write(stream, first, [1, .. all.Shape.Skip(1)]));
        return path;
    }

    private string PreparedSample(string model)
    {
        using var explainer = PictureExplainer.Load(ModelOptions.Resolve(model));
        var picture = PictureDecoder.Decode(Path.Combine(SharedData.RepositoryRoot(), "samples", "umbrellas.jpg"));
        var prepared = explainer.Preprocessing.Prepare(picture);
        float[] values = new float[3 * prepared.Input.Width * prepared.Input.Height];
        prepared.WriteTo(values, 3, channelsLast: false);
        string path = Path.Combine(folder, "sample.npy");
        AtomicFile.Write(path, stream => Npy.Write(stream, values, [1, 3, prepared.Input.Height, prepared.Input.Width]));
        return path;
    }
}
