using System.Globalization;
using GradCamSharp.Errors;
using OnnxGrad;

namespace GradCamSharp.Layers;

/// <summary>The kinds of <see cref="LayerFormat"/>.</summary>
public enum LayerFormatKind
{
    /// <summary>[N, K, spatial...].</summary>
    Nchw,

    /// <summary>[N, spatial..., K].</summary>
    Nhwc,

    /// <summary>[N, T, K], as in vision transformers.</summary>
    Tokens,
}

/// <summary>How a layer's output is laid out; of tokens also which of them are positions of the picture, and how those lie.</summary>
public readonly record struct LayerFormat
{
    private const string Advice = "Give the layer's format, or choose another layer.";

    private const string Forms = "nchw, nhwc, tokens, and tokens:HxW or tokens:HxW+L for H rows of W tokens behind L others";

    /// <summary>[N, K, spatial...].</summary>
    public static LayerFormat Nchw { get; }

    /// <summary>[N, spatial..., K].</summary>
    public static LayerFormat Nhwc { get; } = new() { Kind = LayerFormatKind.Nhwc };

    /// <summary>[N, T, K], where the graph is to say how the tokens lie.</summary>
    public static LayerFormat Tokens { get; } = new() { Kind = LayerFormatKind.Tokens };

    /// <summary>The kind.</summary>
    public LayerFormatKind Kind { get; private init; }

    /// <summary>Of tokens, how those that are positions lie: height and width. Null where that is not said, and for other kinds.</summary>
    public Shape? Grid { get; private init; }

    /// <summary>How many tokens, such as a class token, stand in front of the grid's.</summary>
    public long Leading { get; private init; }

    /// <summary>How many tokens stand behind the grid's.</summary>
    public long Trailing { get; private init; }

    /// <summary>Tokens that lie in a grid, row by row.</summary>
    /// <param name="grid">Height and width; every length at least 1.</param>
    /// <param name="leading">How many other tokens stand in front.</param>
    /// <param name="trailing">How many other tokens stand behind.</param>
    public static LayerFormat TokensOf(Shape grid, long leading = 0, long trailing = 0)
    {
        if (grid.Rank == 0 || grid.Any(l => l.Value < 1))
            throw new ArgumentException($"A grid of tokens has lengths of at least 1, and not {grid}.", nameof(grid));
        ArgumentOutOfRangeException.ThrowIfNegative(leading);
        ArgumentOutOfRangeException.ThrowIfNegative(trailing);
        return new() { Kind = LayerFormatKind.Tokens, Grid = grid, Leading = leading, Trailing = trailing };
    }

    /// <summary>The format of a name: nchw, nhwc, tokens, tokens:HxW, tokens:HxW+L, or tokens:HxW+L+R with R tokens behind.</summary>
    /// <exception cref="ArgumentException">There is no such format.</exception>
    public static LayerFormat Parse(string name) => name?.ToUpperInvariant() switch
    {
        "NCHW" => Nchw,
        "NHWC" => Nhwc,
        "TOKENS" => Tokens,
        { } other when other.StartsWith("TOKENS:", StringComparison.Ordinal)
            && ParseGrid(other["TOKENS:".Length..]) is { } tokens => tokens,
        _ => throw new ArgumentException($"There is no layer format '{name}'. The formats are {Forms}."),
    };

    /// <summary>The name on the command line, which <see cref="Parse"/> takes: of tokens with their grid, where it is known.</summary>
    public string Name()
    {
        if (Kind != LayerFormatKind.Tokens)
            return Kind == LayerFormatKind.Nhwc ? "nhwc" : "nchw";
        if (Grid is not { } grid)
            return "tokens";
        string behind = Trailing > 0 ? string.Create(CultureInfo.InvariantCulture, $"+{Trailing}") : "";
        string others = Leading > 0 || Trailing > 0 ? string.Create(CultureInfo.InvariantCulture, $"+{Leading}{behind}") : "";
        return $"tokens:{string.Join('x', grid)}{others}";
    }

    /// <inheritdoc/>
    public override string ToString() => Name();

    /// <summary>The shape of the map: the spatial lengths of a layer's output.</summary>
    /// <exception cref="ModelException">The shape does not fit the format, or how the tokens lie is not known.</exception>
    public Shape Spatial(Shape shape, string layer)
    {
        switch (Kind)
        {
            case LayerFormatKind.Tokens when shape.Rank == 3 && shape[1].IsKnown:
                if (Grid is not { } grid)
                {
                    throw new ExplanationException(
                        ExplanationError.UnknownLayout,
                        $"{Counted(shape, layer)}how they lie in the picture does not follow from the graph.{Example(shape)}", Advice);
                }

                return grid.Size + Leading + Trailing == shape[1]
                    ? grid
                    : throw new ExplanationException(
                        ExplanationError.UnknownLayout,
                        $"{Counted(shape, layer)}'{Name()}' is for {grid.Size + Leading + Trailing}.{Example(shape)}", Advice);
            case LayerFormatKind.Nhwc when shape.Rank >= 3:
                return shape.Slice(1, shape.Rank - 2);
            case LayerFormatKind.Nchw when shape.Rank >= 3:
                return shape.Slice(2, shape.Rank - 2);
            default:
                throw new ExplanationException(
                    ExplanationError.UnknownLayout, $"The layer '{layer}' has the shape {shape}, which is not {Name()}.",
                    "Choose another layer or another layer format.");
        }
    }

    /// <summary>The layer's values, or their gradient, as [N, K, spatial...].</summary>
    internal Tensor ToChannelsFirst(Tensor value, string layer)
    {
        var spatial = Spatial(value.Shape, layer);
        switch (Kind)
        {
            case LayerFormatKind.Tokens:
                var grid = value.Slice(1, Leading, Leading + spatial.Size.Value);
                return grid.Transpose([0, 2, 1]).Reshape(new Shape([value.Shape[0], value.Shape[2], .. spatial]));
            case LayerFormatKind.Nhwc:
                return value.Transpose([0, value.Rank - 1, .. Enumerable.Range(1, value.Rank - 2).Select(i => (long)i)]);
            default:
                return value;
        }
    }

    private static string Counted(Shape shape, string layer) => $"The layer '{layer}' has {shape[1]} tokens, and ";

    /// <summary>A layout of the right size: the grid nearest to a square, as an example alone.</summary>
    private static string Example(Shape shape)
    {
        long tokens = shape[1].Value;
        var (leading, height) = ((long[])[1, 0]).Where(l => tokens > l)
            .Select(l => (Leading: l, Height: LargestDivisorToRoot(tokens - l))).MaxBy(e => e.Height);
        var example = TokensOf(new Shape(height, (tokens - leading) / height), leading);
        return $" A layout is tokens:HxW+L, H rows of W tokens behind L others: {example.Name()}, for example.";
    }

    private static long LargestDivisorToRoot(long number)
    {
        long divisor = Math.Max(1, (long)Math.Sqrt(number));
        while (number % divisor != 0)
            divisor--;
        return divisor;
    }

    private static LayerFormat? ParseGrid(string text)
    {
        string[] parts = text.Split('+');
        long?[] lengths = [.. parts[0].Split('X').Select(Number)], others = [.. parts.Skip(1).Select(Number)];
        return lengths.Length > 3 || others.Length > 2 || Array.Exists(lengths, l => l is null or 0) || Array.Exists(others, o => o is null)
            ? null
            : TokensOf(new Shape([.. lengths.Select(l => l!.Value)]), others.ElementAtOrDefault(0) ?? 0, others.ElementAtOrDefault(1) ?? 0);
    }

    // Six digits are more tokens than any network has, and no product of them overflows.
    private static long? Number(string text) =>
        text.Length <= 6 && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
}
