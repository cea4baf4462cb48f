using GradCamSharp.Errors;
using OnnxGrad;

namespace GradCamSharp.Analysis;

/// <summary>The input of a model that takes the picture.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Type">The type of its elements: float, double, float16 or uint8. Callers give floats; they are converted.</param>
/// <param name="Declared">The shape that the file declares; lengths may be open.</param>
/// <param name="Shape">
/// The shape at which the model runs, [N, C, spatial...] or [N, spatial..., C]; N is open where the model leaves it open.
/// </param>
/// <param name="IsChannelsLast">Whether the channels are the last axis.</param>
/// <param name="LayoutReason">Why the channels are taken to lie there.</param>
public sealed record ModelInput(string Name, ElementType Type, Shape Declared, Shape Shape, bool IsChannelsLast, string LayoutReason)
{
    // As many frames as most networks for videos take.
    private const int UsualFrames = 16;

    /// <summary>Which axes of a clip are its frames and its channels; null where the input is no clip of several frames.</summary>
    public ClipAxes? Clip => Shape.Rank == 5 ? ClipAxes.Of(Name, Declared) : null;

    /// <summary>The number of channels C.</summary>
    public long Channels => Shape[ChannelAxis].Value;

    /// <summary>The axis of the channels.</summary>
    internal int ChannelAxis => Clip?.Channels ?? (IsChannelsLast ? Shape.Rank - 1 : 1);

    /// <summary>The lengths of the spatial axes: [H, W] of a picture, [T, H, W] of a clip.</summary>
    public Shape Spatial => Clip is { } clip ? new Shape([.. Enumerable.Range(1, 4).Where(a => a != clip.Channels).Select(a => Shape[a])])
        : Shape.Slice(IsChannelsLast ? 1 : 2, Shape.Rank - 2);

    /// <summary>Finds a model's input for pictures; lengths that it leaves open get a value, but for the batch.</summary>
    /// <param name="model">The model.</param>
    /// <param name="height">The height where it is open.</param>
    /// <param name="width">The width where it is open.</param>
    /// <exception cref="ModelException">No input takes a picture, or more than one input must be fed.</exception>
    internal static ModelInput Find(OnnxModel model, long height, long width)
    {
        var inputs = model.Inputs;
        if (inputs.Count != 1)
        {
            throw new ModelException(
                $"'{model.Name}' has {inputs.Count} inputs ({string.Join(", ", inputs.Select(i => $"'{i.Name}'"))}); " +
                "a model that takes one picture has one. Export the part that takes the picture.");
        }

        var input = inputs[0];
        if (input.Type is not (ElementType.Float or ElementType.Double or ElementType.Float16 or ElementType.UInt8))
        {
            throw new ModelException($"The input '{input.Name}' of '{model.Name}' holds values of type {input.Type}; " +
                "pictures are fed as float, double, float16 or uint8. Export the model with one of these.");
        }

        if (input.Shape is not { Rank: >= 3 } declared)
        {
            throw new ModelException(
                $"The input '{input.Name}' of '{model.Name}' has the shape {input.Shape?.ToString() ?? "unknown"}; " +
                "pictures are [N, C, H, W]. Export the model with a declared input shape.");
        }

        return Laid(input, declared, height, width, null);
    }

    /// <summary>Finds the picture's input among several.</summary>
    /// <param name="model">The model.</param>
    /// <param name="height">The height where it is open.</param>
    /// <param name="width">The width where it is open.</param>
    /// <param name="named">The input that is the picture's; null where only one can be.</param>
    /// <param name="frames">The number of frames of a clip where it is open; null for the usual one.</param>
    /// <exception cref="ExplanationException">No input can be a picture, several can, or there is none of that name.</exception>
    internal static ModelInput FindPicture(OnnxModel model, long height, long width, string? named, int? frames = null)
    {
        var inputs = model.Inputs;
        var fitting = named is null ? [.. inputs.Where(CanBePicture)] : inputs.Where(i => i.Name == named).ToList();
        if (fitting.Count != 1)
        {
            string all = string.Join(", ", inputs.Select(i => $"'{i.Name}' {i.Type} {i.Shape?.ToString() ?? "of unknown shape"}"));
            throw new ExplanationException(
                ExplanationError.MissingInput,
                fitting.Count > 1
                    ? $"Several inputs of '{model.Name}' could be the picture's: {string.Join(", ", fitting.Select(i => $"'{i.Name}'"))}."
                    : $"No input of '{model.Name}' {(named is null ? "can be a picture's" : $"is called '{named}'")}: {all}.",
                "Name the picture's input.");
        }

        var declared = fitting[0].Shape is { Rank: >= 3 } there ? there : throw new ExplanationException(
            ExplanationError.MissingInput,
                $"The input '{fitting[0].Name}' of '{model.Name}' has the shape {fitting[0].Shape?.ToString() ?? "unknown"}; " +
            "a picture's has three axes or more.",
            "Name another input, or export the model with a declared input shape.");
        return Laid(fitting[0], declared, height, width, frames);
    }

    private static ModelInput Laid(ValueDeclaration input, Shape declared, long height, long width, int? frames)
    {
        if (declared.Rank == 5)
        {
            var clip = ClipAxes.Of(input.Name, declared);
            return new ModelInput(
                input.Name, input.Type, declared, Bind(declared, clip, height, width, frames ?? UsualFrames), clip.Channels == 4,
                    clip.Reason);
        }

        var (isLast, reason) = Layout(declared);
        return new ModelInput(input.Name, input.Type, declared, Bind(declared, isLast, height, width), isLast, reason);
    }

    private static Shape Bind(Shape declared, ClipAxes clip, long height, long width, int frames)
    {
        int widthAxis = clip.Channels == 4 ? 3 : 4;
        return new Shape([.. declared.Select((length, axis) => length.IsKnown ? length : axis == 0 ? Dimension.Batch
            : axis == clip.Channels ? 3 : axis == clip.Frames ? frames : axis == widthAxis ? width : height)]);
    }

    // Three or more axes of which one holds 1, 3 or 4 channels, and sides longer than a list of points has.
    private static bool CanBePicture(ValueDeclaration input) =>
        input.Type is ElementType.Float or ElementType.Double or ElementType.Float16 or ElementType.UInt8
        && input.Shape is { Rank: >= 3 and <= 5 } shape && shape.Skip(1).Any(l => l.GetValueOrDefault(3) is 1 or 3 or 4)
        && shape.Skip(1).Count(l => l.GetValueOrDefault(1000) >= 8) >= 2;

    private static (bool IsChannelsLast, string Reason) Layout(Shape declared)
    {
        if (declared.Rank != 4)
            return (false, "inputs that are no pictures have their channels in front");
        if (declared[3].GetValueOrDefault(-1) is 1 or 3 or 4 && (!declared[1].IsKnown || declared[1].Value > 4))
            return (true, $"the last axis of {declared} has {declared[3]} values, as a picture has channels, and the second has not");
        return (false, !declared[1].IsKnown
            ? $"{declared} does not say where the channels lie, and ONNX has them second"
            : $"the second axis of {declared} has {declared[1]} values");
    }

    private static Shape Bind(Shape declared, bool isLast, long height, long width)
    {
        Dimension[] lengths = [.. declared];
        if (!lengths[0].IsKnown)
            lengths[0] = Dimension.Batch;
        int channels = isLast ? lengths.Length - 1 : 1, widthAxis = lengths.Length - (isLast ? 2 : 1);
        for (int i = 1; i < lengths.Length; i++)
        {
            if (!lengths[i].IsKnown)
                lengths[i] = i == channels ? 3 : i == widthAxis ? width : height;
        }

        return new Shape(lengths);
    }
}
