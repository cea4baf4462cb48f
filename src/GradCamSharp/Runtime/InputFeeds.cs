using GradCamSharp.Errors;
using Microsoft.ML.OnnxRuntime;
using OnnxGrad;

namespace GradCamSharp.Runtime;

/// <summary>A value for each input of a model: what the caller gives, and what follows from the picture.</summary>
internal sealed class InputFeeds : IDisposable
{
    private const long MostElements = 1 << 28;

    private readonly Dictionary<string, OrtValue> values = new(StringComparer.Ordinal);

    /// <summary>The values by name.</summary>
    public IReadOnlyDictionary<string, OrtValue> Values => values;

    /// <summary>What was fed that nobody gave, in words.</summary>
    public IReadOnlyList<string> Assumed { get; private set; } = [];

    /// <summary>Makes the values.</summary>
    /// <param name="model">The model.</param>
    /// <param name="picture">The picture's input: its name, its type, its values and their shape.</param>
    /// <param name="others">What the caller gives for other inputs: a shape, or null for the declared one, and numbers.</param>
    /// <param name="size">The original picture's width and height; the network's where there is no picture.</param>
    /// <exception cref="ExplanationException">An input has no value, or a value does not fit.</exception>
    public static InputFeeds Create(
        OnnxModel model, (string Name, ElementType Type, Memory<float> Values, Shape Shape) picture,
        IReadOnlyDictionary<string, (Shape? Shape, IReadOnlyList<double> Values)> others, (int Width, int Height) size)
    {
        var feeds = new InputFeeds();
        var assumed = new List<string>();
        try
        {
            if (others.Keys.FirstOrDefault(k => model.Inputs.All(i => i.Name != k)) is { } unknown)
            {
                throw new ExplanationException(ExplanationError.MissingInput, $"'{model.Name}' has no input '{unknown}'.",
                    $"Its inputs are {string.Join(", ", model.Inputs.Select(i => $"'{i.Name}'"))}.");
            }

            foreach (var input in model.Inputs)
            {
                if (input.Name == picture.Name)
                {
                    feeds.values[input.Name] = InputValue.Create(picture.Type, picture.Values, picture.Shape.ToArray());
                }
                else if (others.TryGetValue(input.Name, out var given))
                {
                    feeds.values[input.Name] = Create(model, input, given.Shape, given.Values, others);
                }
                else
                {
                    var (rule, numbers) = Follows(input, size) ?? throw new ExplanationException(
                        ExplanationError.MissingInput,
                        $"The input '{input.Name}' {input.Type} {input.Shape} of '{model.Name}' has no value, " +
                        "and none follows from the picture.",
                        "Give it numbers or a .npy file.");
                    feeds.values[input.Name] = Create(model, input, null, numbers, others);
                    assumed.Add($"{input.Name}: {rule}");
                }
            }

            feeds.Assumed = assumed;
            return feeds;
        }
        catch
        {
            feeds.Dispose();
            throw;
        }
    }

    /// <summary>The values of a model without a picture.</summary>
    /// <param name="model">The model.</param>
    /// <param name="given">For each input a shape, or null for the declared one, and numbers.</param>
    /// <exception cref="ExplanationException">A value does not fit.</exception>
    public static InputFeeds Create(OnnxModel model, IReadOnlyDictionary<string, (Shape? Shape, IReadOnlyList<double> Values)> given)
    {
        var feeds = new InputFeeds();
        try
        {
            foreach (var input in model.Inputs)
                feeds.values[input.Name] = Create(model, input, given[input.Name].Shape, given[input.Name].Values, given);
            return feeds;
        }
        catch
        {
            feeds.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var value in values.Values)
            value.Dispose();
    }

    /// <summary>The value of an input that is the same for all pictures, or follows from their size.</summary>
    private static (string Rule, double[] Numbers)? Follows(ValueDeclaration input, (int Width, int Height) size) =>
        input.Name.ToUpperInvariant() switch
        {
            "ORIG_TARGET_SIZES" or "ORIG_SIZE" or "TARGET_SIZES" => ("the picture's width and height", [size.Width, size.Height]),
            "IMAGE_SHAPE" or "IM_SHAPE" or "ORIG_IM_SIZE" => ("the picture's height and width", [size.Height, size.Width]),
            "ATTENTION_MASK" or "PIXEL_MASK" or "SCALE_FACTOR" => ("ones", [1]),
            "TOKEN_TYPE_IDS" => ("zeros", [0]),
            _ => null,
        };

    private static OrtValue Create(
        OnnxModel model, ValueDeclaration input, Shape? given, IReadOnlyList<double> numbers,
        IReadOnlyDictionary<string, (Shape? Shape, IReadOnlyList<double> Values)> others)
    {
        var declared = input.Shape ?? new Shape(numbers.Count);
        long[] shape = given is { } own ? own.ToArray() : Bind(declared, numbers.Count, others);
        long count = 1;
        foreach (long length in shape)
            count = length is >= 0 and <= MostElements && count * length <= MostElements ? count * length : MostElements + 1;
        bool fits = (declared.Rank == shape.Length && declared.Zip(shape).All(l => !l.First.IsKnown || l.First == l.Second))
            && (numbers.Count == count || numbers.Count == 1);
        if (!fits || count > MostElements)
        {
            throw new ExplanationException(
                ExplanationError.MissingInput,
                $"The input '{input.Name}' of '{model.Name}' takes {input.Type} {declared}; given are {numbers.Count} numbers" +
                $"{(given is { } named ? $" of shape {named}" : "")}.", "Give as many as it takes.");
        }

        double At(int i) => numbers.Count == 1 ? numbers[0] : numbers[i];
        T[] Filled<T>(Func<double, T> convert)
        {
            var values = new T[count];
            for (int i = 0; i < values.Length; i++)
                values[i] = convert(At(i));
            return values;
        }

        try
        {
            return Made();
        }
        catch (OverflowException e)
        {
            throw new ExplanationException(
                ExplanationError.MissingInput,
                    $"The input '{input.Name}' of '{model.Name}' takes {input.Type}; a given number does not fit.",
                "Give whole numbers in its range.", e);
        }

        OrtValue Made() => input.Type switch
        {
            ElementType.Float => OrtValue.CreateTensorValueFromMemory(Filled(v => (float)v), shape),
            ElementType.Double => OrtValue.CreateTensorValueFromMemory(Filled(v => v), shape),
            ElementType.Float16 => OrtValue.CreateTensorValueFromMemory(Filled(v => (Float16)(float)v), shape),
            ElementType.Int64 => OrtValue.CreateTensorValueFromMemory(Filled(v => checked((long)Whole(v))), shape),
            ElementType.Int32 => OrtValue.CreateTensorValueFromMemory(Filled(v => checked((int)Whole(v))), shape),
            ElementType.UInt8 => OrtValue.CreateTensorValueFromMemory(Filled(v => checked((byte)Whole(v))), shape),
            ElementType.Bool => OrtValue.CreateTensorValueFromMemory(Filled(v => v != 0), shape),
            _ => throw new ExplanationException(
                ExplanationError.MissingInput, $"The input '{input.Name}' of '{model.Name}' holds {input.Type}, which cannot be given.",
                "Export the model with inputs of numbers."),
        };
    }

    private static double Whole(double number) => number == Math.Floor(number) ? number : throw new OverflowException();

    /// <summary>
    /// The declared shape, open lengths from the other inputs of the same symbol, else 1 and the rest in the last open one.
    /// </summary>
    private static long[] Bind(
        Shape declared, int count, IReadOnlyDictionary<string, (Shape? Shape, IReadOnlyList<double> Values)> others)
    {
        long[] shape = [.. declared.Select(l => l.GetValueOrDefault(1))];
        // A mask of ones is as long as the words that it masks.
        if (count == 1 && declared.UnknownCount > 0
            && others.Values.Select(o => o.Shape).FirstOrDefault(s => s?.Rank == declared.Rank) is { IsStatic: true } alike)
            return [.. declared.Select((l, i) => l.GetValueOrDefault(alike[i].Value))];
        int open = Enumerable.Range(0, declared.Rank).LastOrDefault(i => !declared[i].IsKnown, -1);
        long known = shape.Aggregate(1L, (a, b) => a * b);
        if (open >= 0 && count > 1 && known > 0 && count % known == 0)
            shape[open] = count / known;
        return shape;
    }
}
