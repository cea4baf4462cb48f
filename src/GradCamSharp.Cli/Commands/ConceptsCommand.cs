using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Explaining;
using GradCamSharp.Cli.Reporting;
using GradCamSharp.Concepts;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using Shape = OnnxGrad.Shape;

namespace GradCamSharp.Cli.Commands;

/// <summary><c>gradcam concepts</c>: which channels of a layer a class's score passes through, and what excites them.</summary>
internal static class ConceptsCommand
{
    private const int Height = 160;
    private const string Gradient = "gradient";

    public static Command Create()
    {
        var picture = new Argument<string>("PICTURE") { Description = "The picture." };
        var @class = CommandOption.Of<string>("--class", "C", "top1", "One class: an index, a label, or top1, top2 ...");
        var count = CommandOption.Of<int>("--count", "N", 6, "How many channels, those that most of the score passes through.");
        var channels = CommandOption.Of<string?>("--channel", "LIST", "These channels, a comma list from 0, in place of the strongest.");
        var reference = CommandOption.Of<string?>(
            "--reference", "FOLDER",
            "Pictures, of which the parts that excite each channel most are shown. What is found is kept beside the output, so that a " +
            "search that was stopped goes on, and the next picture's needs none.");
        var rule = CommandOption.Of<string>(
            "--method", "M", Gradient,
            $"How the score is shared out: {Gradient}, or by the rules of {string.Join(", ", RelevanceMethods.All.Select(m => m.Name))}.");
        var patches = CommandOption.Of<int>("--patches", "N", 6, "How many such parts a channel.");
        var output = CommandOption.Output("DIR", "The folder that files are written to.");
        output.DefaultValueFactory = _ => "./concepts";
        var save = CommandOption.Of<string>(
            "--save", "LIST", "sheet",
            "A comma list of sheet (one PNG: a row a channel) and raw (.npy, the maps [M, H, W], not normalised).");
        var json = JsonOutput.Option();
        var command = new Command(
            "concepts", "Shows which channels of a layer speak for a class in a picture, where, and what excites them.")
        {
            picture, @class, count, channels, rule, reference, patches, output, save, json,
        };
        var model = new ModelOptions(command);
        command.SetRun((parsed, cancellationToken) =>
        {
            string file = parsed.GetValue(picture)!;
            if (InputFiles.IsTensor(file) || Directory.Exists(file))
                throw new UsageException($"PICTURE is one picture, and not '{file}'.");
            int wanted = CommandOption.Within(parsed, count, 1, 1000), parts = CommandOption.Within(parsed, patches, 1, 100);
            var kinds = Kinds(parsed.GetValue(save)!);
            int[]? named = parsed.GetValue(channels) is { } list ? Numbers(list) : null;
            var relevance = Rule(parsed.GetValue(rule)!);
            string path = model.ModelPath(parsed, cancellationToken);
            using var loaded = LoadedModel.ForPictures(path, model.Explainer(parsed), model.Preprocess(parsed), model.Labels(parsed));
            var requests = ClassOption.Parse([parsed.GetValue(@class)!], loaded.Labels, loaded.Explainer.ClassCount);
            if (requests is not [var request])
                throw new UsageException($"--class names one class here, and '{parsed.GetValue(@class)}' is {requests.Count}.");
            if (!parsed.GetValue(json))
                loaded.SayLayer();

            var concepts = new ConceptExplainer(loaded.Pictures) { Rule = relevance };
            var shown = PictureDecoder.Decode(file);
            var found = named is null ? concepts.Explain(shown, request, Math.Min(wanted, concepts.ChannelCount), cancellationToken)
                : concepts.Explain(shown, request, named, cancellationToken);
            var files = new ResultFiles(parsed.GetValue(output)!, new SaveOptions(kinds, ColorMap.Turbo, 0.75f));
            var search = parsed.GetValue(reference) is { } folder
                ? Search(concepts, folder, parts, files.Folder, cancellationToken) : null;
            var written = Write(files, file, found, search, kinds, cancellationToken);
            if (parsed.GetValue(json))
                JsonOutput.Write(Console.Out, Json(path, file, concepts, found, search, written));
            else
                Table(Console.Out, found, search, written);
            return CommandRun.Done;
        });
        return command;
    }

    private static ReferenceSearch Search(
        ConceptExplainer concepts, string folder, int patches, string output, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
            throw new UsageException($"--reference '{folder}' is no folder. Name a folder of pictures.");
        var pictures = InputFiles.Expand([folder], output, Console.Error.WriteLine);
        if (pictures is [var only] && only == folder)
            throw new UsageException($"There are no pictures in --reference '{folder}'.");
        var search = new ReferenceSearch(concepts, pictures, patches, Path.Combine(output, "references.json"));
        var progress = new ProgressLine(search.Total, "pictures searched", search.Done);
        try
        {
            search.Run(progress, cancellationToken);
        }
        finally
        {
            progress.Clear();
        }

        foreach (var (file, problem) in search.Failed)
            Console.Error.WriteLine($"{file}: left out. {problem}");
        return search;
    }

    private static Dictionary<string, string> Write(
        ResultFiles files, string source, ConceptExplanation found, ReferenceSearch? search, HashSet<string> kinds,
        CancellationToken cancellationToken)
    {
        var written = new Dictionary<string, string>();
        string stem = files.Stem(source);
        if (kinds.Contains("sheet"))
            written["sheet"] = files.Png($"{stem}.concepts.png", Sheet(found, search, cancellationToken));
        if (kinds.Contains("raw"))
        {
            var size = found.Prepared.Input.Size;
            float[] maps = [.. found.Channels.SelectMany(c => c.Map.ToArray())];
            written["raw"] = files.Array($"{stem}.concepts.npy", maps, new Shape(found.Channels.Count, size.Height, size.Width));
        }

        return written;
    }

    // The picture above, then a row a channel: its conditional map, and the parts of other pictures that excite it.
    private static Picture Sheet(ConceptExplanation found, ReferenceSearch? search, CancellationToken cancellationToken)
    {
        string score = found.Score.ToString("0.00", CultureInfo.InvariantCulture);
        var rows = new List<Picture> { SideBySide.Draw([($"{found.Label}: {score}", found.Picture)], Height) };
        foreach (var channel in found.Channels)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string caption = FormattableString.Invariant($"channel {channel.Index}: {Percent(channel.Share)}");
            List<(string, Picture)> row = [(caption, Rendering.Overlay(found.Picture, channel.HeatMap))];
            foreach (var patch in search?.Of(channel.Index) ?? [])
            {
                var source = PictureDecoder.Decode(patch.File);
                var part = Resampling.Resize(source, source.Size, patch.Part, ResampleFilter.Bilinear);
                row.Add((Path.GetFileNameWithoutExtension(patch.File), part));
            }

            rows.Add(SideBySide.Draw(row, Height));
        }

        return SideBySide.Stack(rows);
    }

    private static void Table(
        TextWriter output, ConceptExplanation found, ReferenceSearch? search, Dictionary<string, string> written)
    {
        var table = new TextTable(">CHANNEL", ">RELEVANCE", ">SHARE", search is null ? "" : "EXCITED MOST BY");
        foreach (var channel in found.Channels)
        {
            var best = search?.Of(channel.Index) ?? [];
            table.Add(
                channel.Index.ToString(CultureInfo.InvariantCulture), channel.Relevance.ToString("0.0000", CultureInfo.InvariantCulture),
                Percent(channel.Share), best.Count > 0 ? $"{Path.GetFileName(best[0].File)} {best[0].Part}" : "");
        }

        output.WriteLine(FormattableString.Invariant(
            $"{found.Label}, class {found.Class}: score {found.Score:0.000}, of which {found.Relevance.Sum():0.000} passes through ") +
            FormattableString.Invariant($"the {found.Relevance.Count} channels of {found.Layer.Name}"));
        table.Write(output);
        foreach (string path in written.Values)
            output.WriteLine(path);
    }

    private static JsonObject Json(
        string model, string picture, ConceptExplainer concepts, ConceptExplanation found, ReferenceSearch? search,
        Dictionary<string, string> written) => new()
        {
            ["model"] = model,
            ["method"] = concepts.Rule?.Name ?? Gradient,
            ["layer"] = JsonOutput.Layer(found.Layer),
            ["input"] = picture,
            ["class"] = found.Class,
            ["label"] = found.Label,
            ["score"] = found.Score,
            ["relevance"] = found.Relevance.Sum(),
            ["channels"] = new JsonArray([.. found.Channels.Select(c => (JsonNode)new JsonObject
            {
                ["channel"] = c.Index,
                ["relevance"] = c.Relevance,
                ["share"] = c.Share,
                ["references"] = new JsonArray([.. (search?.Of(c.Index) ?? []).Select(p => (JsonNode)new JsonObject
                {
                    ["file"] = p.File,
                    ["activation"] = p.Activation,
                    ["box"] = new JsonArray(p.Part.X, p.Part.Y, p.Part.Width, p.Part.Height),
                })]),
            })]),
            ["left_out"] = new JsonArray([.. (search?.Failed ?? []).Select(
                f => (JsonNode)new JsonObject { ["file"] = f.File, ["error"] = f.Problem })]),
            ["files"] = new JsonObject(written.Select(w => KeyValuePair.Create(w.Key, (JsonNode?)w.Value))),
        };

    private static string Percent(double share) => FormattableString.Invariant($"{100 * share:0.0} %");

    private static LayerwiseRelevance? Rule(string name)
    {
        if (name.Equals(Gradient, StringComparison.OrdinalIgnoreCase))
            return null;
        string[] known = [Gradient, .. RelevanceMethods.All.Select(m => m.Name)];
        return RelevanceMethods.All.FirstOrDefault(m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new UsageException(
                $"Channels have no relevance by '{name}'.{Suggestion.For(name, known)} --method takes {string.Join(", ", known)}.");
    }

    private static int[] Numbers(string list) => [.. list.Split(',', StringSplitOptions.TrimEntries).Select(
        part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number
            : throw new UsageException($"--channel takes a comma list of channels from 0, not '{list}'."))];

    private static HashSet<string> Kinds(string list)
    {
        const StringSplitOptions Trimmed = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        var kinds = list.Split(',', Trimmed).Select(k => k.ToLowerInvariant()).ToHashSet();
        return kinds.Count > 0 && kinds.All(k => k is "sheet" or "raw") ? kinds
            : throw new UsageException($"--save takes a comma list of sheet and raw here, not '{list}'.");
    }
}
