using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Explaining;
using GradCamSharp.Cli.Reporting;
using GradCamSharp.Films;
using GradCamSharp.Imaging;
using GradCamSharp.Output;
using GradCamSharp.Visualizing;

namespace GradCamSharp.Cli.Commands;

/// <summary><c>gradcam visualize</c>: what a class, or a channel, looks like to a network.</summary>
internal static class VisualizeCommand
{
    private static readonly TimeSpan FrameTime = TimeSpan.FromMilliseconds(80), LastFrameTime = TimeSpan.FromSeconds(2);

    public static Command Create()
    {
        var defaults = new ClassModelOptions();
        var classes = CommandOption.Of<string?>("--class", "C", "The class: an index or a label.");
        var channel = CommandOption.Of<int?>("--channel", "K", "A channel of the layer instead, from 0; --layer names another layer.");
        var steps = CommandOption.Of<int>("--steps", "T", defaults.Steps, "How many steps, each a gradient.");
        var rate = CommandOption.Of<double>("--rate", "X", defaults.Rate, "How large a step is, in the units of the network's input.");
        var decay = CommandOption.Of<double>("--decay", "X", defaults.Decay, "The share of the picture that each step takes away, 0 to 1.");
        var jitter = CommandOption.Of<int>(
            "--jitter", "PIXELS", defaults.Jitter, "By how much the picture is shifted at most before a step.");
        var blur = CommandOption.Of<double>("--blur", "PIXELS", defaults.Blur, "The standard deviation of the blur; 0 for none.");
        var every = CommandOption.Of<int>("--every", "STEPS", defaults.Every, "After how many steps the picture is blurred.");
        var seed = CommandOption.Of<long>("--seed", "S", defaults.Seed, "The seed of the shifts: the same seed gives the same picture.");
        var output = CommandOption.Output("DIR", "The folder that the picture and its growth are written to.");
        output.DefaultValueFactory = _ => "./explanations";
        var json = JsonOutput.Option();
        var command = new Command("visualize", "Draws what a class, or a channel of a layer, looks like to a network, and how it grew.")
        {
            classes, channel, steps, rate, decay, jitter, blur, every, seed, output, json,
        };
        var named = new ModelArgument(command);
        var model = new ModelOptions(command, modelOption: false);
        command.SetRun((parsed, cancellationToken) =>
        {
            var options = UsageException.Check(() => Checked(new ClassModelOptions
            {
                Steps = CommandOption.Within(parsed, steps, 1, 100_000),
                Rate = parsed.GetValue(rate),
                Decay = parsed.GetValue(decay),
                Jitter = CommandOption.Within(parsed, jitter, 0, 10_000),
                Blur = parsed.GetValue(blur),
                Every = CommandOption.Within(parsed, every, 1, 100_000),
                Seed = parsed.GetValue(seed),
            }));
            string? wanted = parsed.GetValue(classes);
            if ((wanted is null) == (parsed.GetValue(channel) is null))
                throw new UsageException("Say what is to be drawn: --class C, or --channel K.");
            string path = named.Path(parsed, cancellationToken);
            using var loaded = LoadedModel.ForPictures(path, model.Explainer(parsed), model.Preprocess(parsed), model.Labels(parsed));
            var runs = new RunLine();
            var unit = Unit.Of(loaded, wanted, parsed.GetValue(channel));
            var grown = unit.Grow(loaded, options, runs, cancellationToken);
            runs.Clear();
            string stem = Path.Combine(parsed.GetValue(output)!, $"{Stem(path)}.{unit.File}");
            AtomicFile.Write($"{stem}.png", stream => PictureEncoder.WritePng(grown.Picture, stream));
            AtomicFile.Write($"{stem}.webp", stream => Animate(grown, stream));
            int[] lengths = [1, .. grown.Shape.Select(l => (int)l)];
            AtomicFile.Write($"{stem}.npy", stream => Npy.Write(stream, grown.Values.Span, lengths));
            if (parsed.GetValue(json))
                JsonOutput.Write(Console.Out, Document(path, unit, options, grown, stem));
            else
                Say(Console.Out, unit, grown, stem);
            return CommandRun.Done;
        });
        return command;
    }

    private static ClassModelOptions Checked(ClassModelOptions options)
    {
        options.Check();
        return options;
    }

    private static void Animate(ClassModel grown, Stream stream)
    {
        var animation = AnimationWriter.WebP(stream, grown.Picture.Size);
        foreach (var frame in grown.Growth.SkipLast(1))
            animation.Add(frame, FrameTime);
        animation.Add(grown.Picture, LastFrameTime);
        animation.Complete();
    }

    private static void Say(TextWriter output, Unit unit, ClassModel grown, string stem)
    {
        output.WriteLine(FormattableString.Invariant(
            $"{unit.Title}: the score grew from {grown.Scores[0]:0.00} to {grown.Scores[^1]:0.00} in {grown.Scores.Count - 1} steps"));
        output.WriteLine($"{stem}.png");
        output.WriteLine($"{stem}.webp");
        output.WriteLine($"{stem}.npy");
    }

    private static JsonObject Document(string path, Unit unit, ClassModelOptions options, ClassModel grown, string stem) => new()
    {
        ["model"] = path,
        ["class"] = unit.Class,
        ["label"] = unit.Label,
        ["layer"] = unit.Layer?.Name,
        ["channel"] = unit.Channel,
        ["parameters"] = new JsonObject
        {
            ["steps"] = options.Steps,
            ["rate"] = options.Rate,
            ["decay"] = options.Decay,
            ["jitter"] = options.Jitter,
            ["blur"] = options.Blur,
            ["every"] = options.Every,
            ["seed"] = options.Seed,
        },
        ["scores"] = new JsonArray([.. grown.Scores.Select(s => (JsonNode?)s)]),
        ["files"] = new JsonObject { ["picture"] = $"{stem}.png", ["growth"] = $"{stem}.webp", ["raw"] = $"{stem}.npy" },
    };

    // Models of hubs are all called model.onnx, in folders of their own.
    private static string Stem(string path) => Path.GetFileName(path) == "model.onnx"
        ? Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path)))! : Path.GetFileNameWithoutExtension(path);

    /// <summary>What is drawn: a class, or a channel of a layer.</summary>
    private sealed record Unit(string Title, string File, long? Class, string? Label, Layers.Layer? Layer, int? Channel)
    {
        public static Unit Of(LoadedModel loaded, string? named, int? channel)
        {
            if (channel is { } number)
            {
                var layer = loaded.Explainer.Layer;
                return new Unit(
                    FormattableString.Invariant($"channel {number} of {layer.Name}"), FormattableString.Invariant($"channel{number}"),
                    null, null, layer, number);
            }

            // A rank is of a picture's predictions, and there is none.
            if (ClassOption.Parse([named!], loaded.Labels, loaded.Explainer.ClassCount) is not [var one]
                || !long.TryParse(one.ToString(), CultureInfo.InvariantCulture, out long index))
            {
                throw new UsageException($"--class takes one class here, an index or a label, not '{named}'.");
            }

            return new Unit(
                loaded.Labels[index], FormattableString.Invariant($"class{index}"), index, loaded.Labels[index], null, null);
        }

        public ClassModel Grow(LoadedModel loaded, ClassModelOptions options, RunLine runs, CancellationToken cancellationToken) =>
            Class is { } @class ? ClassModel.OfClass(loaded.Pictures, @class, options, runs, cancellationToken)
                : ClassModel.OfChannel(loaded.Pictures, Layer!, Channel!.Value, options, runs, cancellationToken);
    }
}
