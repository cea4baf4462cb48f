using System.Diagnostics;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using Microsoft.ML.OnnxRuntime;
using OnnxGrad;

namespace GradCamSharp.Benchmarks;

/// <summary>One way to run a network.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Methods">The methods' names, separated by commas.</param>
/// <param name="Classes">How many classes are explained.</param>
/// <param name="Target">The largest ratio to plain inference that is wanted; null for none.</param>
internal sealed record Variant(string Name, string Methods, int Classes, double? Target);

/// <summary>A variant's time, in milliseconds, against the plain inference in the same turns.</summary>
internal sealed record Timing(Variant Variant, double Plain, double Milliseconds)
{
    public double Ratio => Milliseconds / Plain;
}

/// <summary>Measures plain inference and explanations of one network in turn, in one process and on one pool of threads.</summary>
internal static class Benchmark
{
    private const int WarmUps = 3;

    /// <summary>Runs each variant in turn with plain inference and answers with the medians.</summary>
    /// <param name="network">An .onnx file's bytes.</param>
    /// <param name="name">The file's name, for messages.</param>
    /// <param name="variants">The variants.</param>
    /// <param name="runs">How many runs the median is over.</param>
    public static IEnumerable<Timing> Run(Func<byte[]> network, string name, IEnumerable<Variant> variants, int runs)
    {
        string folder = Directory.CreateTempSubdirectory("gradcam-benchmark-").FullName;
        try
        {
            string path = Path.Combine(folder, name + ".onnx");
            File.WriteAllBytes(path, network());
            foreach (var variant in variants)
                yield return Measure(path, variant, runs);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Timing Measure(string path, Variant variant, int runs)
    {
        // The explainer sets up the pool of threads; plain inference shares it.
        using var explainer = Explainer.Load(path);
        using var options = new SessionOptions();
        options.DisablePerSessionThreads();
        using var plain = new InferenceSession(path, options);

        var shape = explainer.Input.Shape.With(0, 1);
        float[] picture = Picture(shape);
        var methods = CamMethods.Parse(variant.Methods);
        var classes = ClassRequest.Top(variant.Classes);
        using var input = OrtValue.CreateTensorValueFromMemory(picture, shape.ToArray());
        using var run = new RunOptions();

        double[] inference = new double[runs], explanation = new double[runs];
        for (int i = -WarmUps; i < runs; i++)
        {
            double first = Time(() => plain.Run(run, [explainer.Input.Name], [input], plain.OutputNames).Dispose());
            double second = Time(() => explainer.Explain(picture, shape, methods, classes));
            if (i >= 0)
                (inference[i], explanation[i]) = (first, second);
        }

        return new Timing(variant, Median.Of(inference), Median.Of(explanation));
    }

    private static double Time(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>Seeded noise in a picture's place.</summary>
    internal static float[] Picture(Shape shape)
    {
        var random = new Random(1);
        float[] values = new float[shape.Size.Value];
        for (int i = 0; i < values.Length; i++)
            values[i] = (4 * random.NextSingle()) - 2;
        return values;
    }
}
