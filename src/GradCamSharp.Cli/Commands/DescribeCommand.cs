using System.CommandLine;
using System.Text;
using System.Text.Json;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Explaining;
using GradCamSharp.Cli.Reporting;
using GradCamSharp.Films;
using GradCamSharp.Imaging;
using GradCamSharp.Output;
using OnnxGrad;

namespace GradCamSharp.Cli.Commands;

/// <summary><c>gradcam describe</c>: what a model does, why that is thought, and what it says of a picture.</summary>
internal static class DescribeCommand
{
    public static Command Create()
    {
        var picture = new Argument<string?>("PICTURE")
        {
            Description = "A picture, a film for a model of clips, or a .npy of a preprocessed input: what the model says of it is " +
                "decoded.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var json = JsonOutput.Option();
        var command = new Command("describe",
            "Says what a model does and why that is thought: its task, its outputs, its preprocessing, what would be explained.")
        {
            json,
        };
        var named = new ModelArgument(command);
        command.Arguments.Add(picture);
        var model = new ModelOptions(command, modelOption: false);
        var targets = new TargetArguments(command, explains: false);
        command.SetRun((parsed, cancellationToken) =>
        {
            string path = named.Path(parsed, cancellationToken);
            var texts = GivenTexts.Of(parsed, targets, path, cancellationToken);
            var options = texts.Label(targets.Options(parsed, model.Explainer(parsed), model.Roles(parsed)));
            var others = targets.Inputs(parsed).SetItems(texts.Inputs);
            string? file = parsed.GetValue(picture);
            bool isTensor = file is not null && InputFiles.IsTensor(file);
            if (!isTensor && TryPictures(path, options, parsed, model, others) is { } pictures)
            {
                using (pictures)
                {
                    var description = pictures.Model.Describe(pictures.Model.Zeros(others), cancellationToken);
                    var reading = file is null ? null : pictures.Read(PictureDecoder.Decode(file), others, cancellationToken);
                    Write(parsed.GetValue(json), new Described(
                        path, description, reading, pictures.PreprocessingSource, Prepared(pictures.Preprocessing),
                            pictures.SidecarFiles.LabelsSource,
                        pictures.Model.OtherInputs));
                }

                return CommandRun.Done;
            }

            if (!isTensor && FilmTargets.TakesClips(OnnxModel.Load(path)))
            {
                using var films = FilmTargets.Load(path, options, model.Preprocess(parsed), model.Labels(parsed), others);
                var (length, stride, source) = films.Sampling;
                Write(parsed.GetValue(json), new Described(
                    path, films.Model.Describe(films.Model.Zeros(others), cancellationToken),
                    file is null ? null : films.Read(Film.Open(file), others, cancellationToken), films.PreprocessingSource,
                    Prepared(films.Preprocessing), films.SidecarFiles.LabelsSource, films.Model.OtherInputs)
                {
                    Clips = FormattableString.Invariant($"{length} frames, every {stride}: {source}"),
                });
                return CommandRun.Done;
            }

            var sidecars = Models.SidecarFiles.Find(path, OnnxModel.Load(path).Metadata, model.Preprocess(parsed), model.Labels(parsed));
            using var explainer = TargetExplainer.Load(path, options.WithSidecars(sidecars));
            var input = explainer.Zeros(others);
            if (isTensor)
            {
                var array = Npy.Read<float>(file!);
                input = new TargetInput(array.Values, new Shape([.. array.Shape.Select(l => (long)l)])) { Others = others };
            }

            Write(parsed.GetValue(json), new Described(
                path, explainer.Describe(input, cancellationToken), isTensor ? explainer.Read(input, cancellationToken)[0] : null,
                "none: the input is no picture of 1 or 3 channels", "", sidecars.LabelsSource, explainer.OtherInputs));
            return CommandRun.Done;
        });
        return command;
    }

    // Inputs that are no pictures (videos, tensors of other ranks) are described all the same.
    private static PictureTargets? TryPictures(
        string path, TargetOptions options, ParseResult parsed, ModelOptions model,
        System.Collections.Immutable.ImmutableDictionary<string, InputTensor> others)
    {
        var declared = OnnxModel.Load(path);
        if (FilmTargets.TakesClips(declared) || declared.Inputs.All(i => i.Shape is not { Rank: 4 }))
            return null;
        return PictureTargets.Load(path, options, model.Preprocess(parsed), model.Labels(parsed), others);
    }

    private static string Prepared(Preprocessing p)
    {
        string size = p.ExactSize is { } exact
            ? p.Letterbox is { } bars
                ? FormattableString.Invariant(
                    $"{exact} with bars of grey {bars.Fill}, the picture {(bars.IsCentred ? "in the middle" : "at the upper left")}")
                : $"squeezed to {exact}"
            : p.CropSize is { } crop ? FormattableString.Invariant($"shorter side {p.ShortestEdge}, the middle {crop} cut out")
                : "as it is";
        string scale = p.Scale == 1 ? "0 to 255" : "0 to 1";
        string normal = p.Mean.All(m => m == 0) && p.StandardDeviation.All(s => s == 1) ? ""
            : FormattableString.Invariant($", mean {string.Join(' ', p.Mean)}, deviation {string.Join(' ', p.StandardDeviation)}");
        return $"{size}, {(p.IsBgr ? "BGR" : "RGB")} {scale}{normal}";
    }

    private static void Write(bool json, Described d)
    {
        if (json)
            WriteJson(Console.Out, d);
        else
            WriteText(Console.Out, d);
    }

    private static void WriteText(TextWriter output, Described d)
    {
        var (_, m, reading, source, prepared, labels, others) = d;
        output.WriteLine($"task           {m.Task} ({m.Family})");
        output.WriteLine($"because        {m.Reason}");
        output.WriteLine($"explains       {(m.Target is { } target ? target.Spec : "nothing by itself")}; targets are {m.Examples}");
        output.WriteLine($"input          {m.Input.Name} {m.Input.Type} {m.Input.Declared}, used at {string.Join(" x ", m.Input.Spatial)}");
        foreach (string other in others)
            output.WriteLine($"other input    {other}");
        foreach (string one in m.Outputs)
            output.WriteLine($"output         {one}");
        output.WriteLine($"preprocessing  {(prepared.Length > 0 ? $"{prepared}: " : "")}{source}");
        if (d.Clips is { } clips)
            output.WriteLine($"clips          {clips}");
        output.WriteLine($"labels         {labels ?? "none are known"}");
        foreach (string doubt in m.Doubts)
            output.WriteLine($"doubtful       {doubt}");
        if (reading is null)
            return;
        output.WriteLine();
        foreach (var x in reading.Detections)
        {
            output.WriteLine(FormattableString.Invariant(
                $"box:{x.Index,-3}  {x.Label,-16} {x.Score:0.00}  at {x.Box.X1:0},{x.Box.Y1:0} ") + FormattableString.Invariant(
                $"{x.Box.X2 - x.Box.X1:0}x{x.Box.Y2 - x.Box.Y1:0}  {x.Where}"));
        }

        foreach (var p in reading.Predictions)
            output.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{p.Label,-24} {p.Probability:P1}"));
        if (reading.Summary.Length > 0)
            output.WriteLine(reading.Summary);
        if (m.Task == "detect" && reading.Detections.Count == 0)
            output.WriteLine("Nothing is detected above 0.25.");
    }

    private static void WriteJson(TextWriter output, Described d)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, ExplanationJson.Options(isIndented: true)))
        {
            json.WriteStartObject();
            json.WriteString("model", d.Path);
            DescriptionJson.WriteModel(json, d.Model, d.OtherInputs);
            json.WriteString("preprocessing", d.Preprocessing.Length > 0 ? $"{d.Preprocessing}: {d.Source}" : d.Source);
            json.WriteString("labels", d.Labels);
            if (d.Clips is { } clips)
                json.WriteString("clips", clips);
            if (d.Reading is { } reading)
                DescriptionJson.WriteReading(json, reading);
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(bytes.ToArray()));
    }

    private sealed record Described(
        string Path, ModelDescription Model, TargetReading? Reading, string Source, string Preprocessing, string? Labels,
        IReadOnlyList<string> OtherInputs)
    {
        public string? Clips { get; init; }
    }
}
