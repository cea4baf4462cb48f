using System.Globalization;
using System.Numerics.Tensors;
using GradCamSharp.Compilation;
using GradCamSharp.Errors;
using GradCamSharp.Methods;
using GradCamSharp.Runtime;
using GradCamSharp.Targets;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using OnnxGrad;

namespace GradCamSharp.Exporting;

/// <summary>Runs an exported model once in plain ONNX Runtime and compares what it answers with what the library does.</summary>
internal static class ExportCheck
{
    // Of a map's largest value. Both sides compute the same graph; what differs is what ONNX Runtime fuses.
    private const double Tolerance = 1e-3;

    // Weights of 11 bits move the CAM methods' maps by 0.5 % in the network that suffers most (docs/export.md).
    private const double Float16Tolerance = 0.02;

    /// <summary>What was found.</summary>
    /// <param name="Difference">
    /// The largest difference of maps, over the map's largest value; not a number where no map could be compared.
    /// </param>
    /// <param name="Notes">What a user should know of.</param>
    public sealed record Outcome(double Difference, IReadOnlyList<string> Notes);

    /// <exception cref="ModelException">ONNX Runtime refuses the file, or it answers otherwise.</exception>
    public static Outcome Run(Explainer explainer, string path, ExportOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var shape = explainer.Input.Shape.With(0, explainer.Input.Shape[0].GetValueOrDefault(2));
        float[] input = new float[shape.Size.Value];
        var random = new Random(Seed: 1);
        for (int i = 0; i < input.Length; i++)
            input[i] = (float)((random.NextDouble() * 2) - 1);
        // There is evidence for the class that is predicted, so that there is something to compare; hardly for any class of noise.
        long first = options.ClassesAsInput
            ? TensorPrimitives.IndexOfMax<float>(explainer.Predict(input, shape, cancellationToken)[0].AsSpan()) : 0;
        IReadOnlyList<ClassRequest> requests = options.ClassesAsInput
            ? [ClassRequest.Index(first), ClassRequest.Index(explainer.ClassCount - 1)]
            : ClassRequest.Top(options.Top);
        var notes = new List<string>();
        var own = RunOriginal(explainer, input, shape);
        var expected = explainer.Explain(input, shape, options.Methods, requests, cancellationToken);
        double worst = double.NaN;
        try
        {
            using var settings = SessionSettings.Create(explainer.Device);
            using var session = new InferenceSession(path, settings);
            using var fed = Feed(session.InputMetadata[explainer.Input.Name], input, shape);
            // The last class is counted from the end, as callers may.
            using var classes = OrtValue.CreateTensorValueFromMemory<long>([first, -1], [1, 2]);
            string[] inputs = options.ClassesAsInput ? [explainer.Input.Name, ExplanationGraph.Classes] : [explainer.Input.Name];
            OrtValue[] values = options.ClassesAsInput ? [fed, classes] : [fed];
            using var run = new RunOptions();
            using var stop = cancellationToken.Register(() => run.Terminate = true);
            using var results = session.Run(run, inputs, values, session.OutputNames);
            var answers = session.OutputNames.Zip(results).ToDictionary(r => r.First, r => r.Second);
            CompareOwn(own, answers, explainer, notes);
            long[]? chosen = options.ClassesAsInput ? null : answers[ExplanationGraph.Classes].GetTensorDataAsSpan<long>().ToArray();
            foreach (var method in options.Methods)
            {
                double difference = CompareMaps(
                    expected, expected.Maps[method], answers[ExplanationGraph.OutputOf(method)], chosen, options);
                if (options.Float16Weights && difference > Float16Tolerance)
                    throw TooCoarse(method, difference);
                worst = Larger(worst, difference);
            }
        }
        catch (OnnxRuntimeException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ModelException($"ONNX Runtime refuses the exported model: {e.Message} Nothing was written; report the model.", e);
        }

        if (double.IsNaN(worst))
        {
            notes.Add((options.Float16Weights ? "With 16-bit weights the check's random input got other classes, or its maps are empty"
                : "The maps of the check's random input are empty") + ", so maps could not be compared. Compare on pictures of your own.");
        }
        if (!options.Float16Weights && worst > Tolerance)
        {
            throw new ModelException(string.Create(CultureInfo.InvariantCulture,
                $"The exported model answers otherwise than the library: its maps differ by {worst:0.0e+0} of their largest value. " +
                $"Nothing was written; report the model that does this."));
        }

        return new Outcome(worst, notes);
    }

    private static ExplanationException TooCoarse(ExplanationMethod method, double difference) => new(
        ExplanationError.Float16TooCoarse,
        string.Create(
            CultureInfo.InvariantCulture,
            $"With weights of 16 bits the maps of {method.Name} differ from the library's by {difference:0.0e+0} " +
            $"of their largest value, more than {Float16Tolerance}. Nothing was written."),
        "Leave the weights at 32 bits, " +
        $"or {(method.IsPixelSpace ? "choose methods that need no gradient of the input, such as gradcam++" : "choose another method")}.");

    private static Dictionary<string, float[]>? RunOriginal(Explainer explainer, float[] input, Shape shape)
    {
        if (!File.Exists(explainer.ModelName))
            return null;
        using var settings = SessionSettings.Create(explainer.Device);
        try
        {
            using var session = new InferenceSession(explainer.ModelName, settings);
            using var fed = Feed(session.InputMetadata[explainer.Input.Name], input, shape);
            using var run = new RunOptions();
            using var results = session.Run(run, [explainer.Input.Name], [fed], session.OutputNames);
            return session.OutputNames.Zip(results).ToDictionary(r => r.First, r => Floats(r.Second));
        }
        catch (OnnxRuntimeException)
        {
            // The original may need what the exported model does not: it is no less right for that.
            return null;
        }
    }

    private static void CompareOwn(
        Dictionary<string, float[]>? expected, Dictionary<string, OrtValue> answers, Explainer explainer, List<string> notes)
    {
        foreach (var (name, values) in expected ?? [])
        {
            if (!answers.TryGetValue(name, out var answer))
                throw new ModelException($"The exported model lacks the output '{name}' of '{explainer.ModelName}'.");
            double difference = Relative(values, Floats(answer));
            if (!(difference <= Tolerance))
            {
                notes.Add(string.Create(CultureInfo.InvariantCulture,
                    $"The output '{name}' differs from the original model's by up to {difference:0.0%} of its largest value: " +
                    $"what that one rounds, this one does not, or the other way round."));
            }
        }
    }

    private static double CompareMaps(MapBatch expected, Maps maps, OrtValue answer, long[]? chosen, ExportOptions options)
    {
        var shape = answer.GetTensorTypeAndShape().Shape;
        if (!shape.AsSpan().SequenceEqual(maps.Shape.ToArray()))
        {
            throw new ModelException($"The exported model's map has the shape [{string.Join(", ", shape)}], the library's {maps.Shape}. " +
                "Report the model that does this.");
        }
        float[] actual = Floats(answer);
        int count = (int)maps.Shape[1], size = maps.Values.Length / Math.Max(1, (int)(maps.Shape[0] * count));
        double worst = double.NaN;
        for (int i = 0; i < maps.Shape[0].Value * count; i++)
        {
            if (chosen is not null && chosen[i] != expected.Classes[i / count][i % count])
            {
                if (!options.Float16Weights)
                {
                    throw new ModelException(
                        $"The exported model chose class {chosen[i]} where the library chose {expected.Classes[i / count][i % count]}. " +
                        "Report the model that does this.");
                }
                continue;
            }

            var own = maps.Values.AsSpan().Slice(i * size, size);
            var other = actual.AsSpan(i * size, size);
            // Two empty maps say nothing of what weights do.
            if (own.ContainsAnyExcept(0f) || other.ContainsAnyExcept(0f))
                worst = Larger(worst, Relative(own, other));
        }

        return worst;
    }

    private static double Relative(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        if (expected.Length != actual.Length)
            return double.PositiveInfinity;
        if (expected.IsEmpty)
            return 0;
        float scale = Math.Max(Math.Abs(TensorPrimitives.MaxMagnitude(expected)), Math.Abs(TensorPrimitives.MaxMagnitude(actual)));
        float[] differences = new float[expected.Length];
        TensorPrimitives.Subtract(expected, actual, differences);
        double difference = Math.Abs(TensorPrimitives.MaxMagnitude<float>(differences)) / (double)scale;
        return scale == 0 ? 0 : double.IsNaN(difference) ? double.PositiveInfinity : difference;
    }

    private static double Larger(double a, double b) => double.IsNaN(a) ? b : double.IsNaN(b) ? a : Math.Max(a, b);

    private static OrtValue Feed(NodeMetadata declared, float[] input, Shape shape) => declared.ElementDataType switch
    {
        TensorElementType.Float16 => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(input, v => (Float16)v), shape.ToArray()),
        TensorElementType.BFloat16 => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(input, v => (BFloat16)v), shape.ToArray()),
        _ => OrtValue.CreateTensorValueFromMemory(input, shape.ToArray()),
    };

    private static float[] Floats(OrtValue value) => value.GetTensorTypeAndShape().ElementDataType switch
    {
        TensorElementType.Float => value.GetTensorDataAsSpan<float>().ToArray(),
        TensorElementType.Float16 => Array.ConvertAll(value.GetTensorDataAsSpan<Float16>().ToArray(), v => (float)v),
        TensorElementType.BFloat16 => Array.ConvertAll(value.GetTensorDataAsSpan<BFloat16>().ToArray(), v => (float)v),
        _ => [],
    };
}
