using System.CommandLine;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Reporting;
using GradCamSharp.Evaluation;
using GradCamSharp.Scenes;

namespace GradCamSharp.Cli.Commands;

/// <summary><c>gradcam scenes</c>: draws a data set with known objects, boxes and masks.</summary>
internal static class ScenesCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("DIR")
        {
            Description = "The folder to write: JPEGImages, Annotations, Segmentation*, ImageSets/Main.",
        };
        var count = CommandOption.Of<int>("--count", "N", 100, "How many pictures.");
        var seed = CommandOption.Of<long>("--seed", "S", 1, "The same seed draws the same pictures.");
        var size = CommandOption.Of<int>("--size", "PX", 256, "Width and height in pixels, 64 to 2048.");
        var single = CommandOption.Of<double>("--single", "SHARE", 0.3,
            "The share of pictures with one object, 0 to 1; with --plant 1 where it is not given.");
        var least = CommandOption.Of<int>("--min", "N", 2, "The fewest objects in the other pictures.");
        var most = CommandOption.Of<int>("--max", "N", 5, "The most objects in a picture, at most 5.");
        var classes = CommandOption.Of<string[]>("--class", "NAME", [],
            "Draw this class only; may be repeated. With --plant: the class that is marked.");
        var plant = CommandOption.Of<string?>("--plant", "KIND",
            $"Plant a shortcut, a mark in pictures of --class: {string.Join(", ", ScenePlant.Kinds)}.");
        var share = CommandOption.Of<double>("--share", "SHARE", 0.3, "The share of the class's pictures that --plant marks, 0 to 1.");
        var paintOver = CommandOption.Of<double>("--paint-over", "SHARE", 0,
            "The share of marked pictures whose object is painted over, 0 to 1.");
        var command = new Command("scenes", "Draws a data set of scenes with known objects, boxes and masks, in PASCAL VOC's layout.")
        {
            folder, count, seed, size, single, least, most, classes, plant, share, paintOver,
        };
        command.SetRun((parsed, cancellationToken) =>
        {
            bool IsGiven(Option option) => parsed.GetResult(option) is { Implicit: false };
            int fewest = CommandOption.Within(parsed, least, 1, 5), largest = CommandOption.Within(parsed, most, 1, 5);
            if (fewest > largest)
                throw new UsageException("--min takes no larger number than --max.");
            foreach (var option in (Option<double>[])[single, share, paintOver])
            {
                if (parsed.GetValue(option) is not (>= 0 and <= 1))
                    throw new UsageException($"{option.Name} takes a share from 0 to 1.");
            }

            string[] drawn = parsed.GetValue(classes) ?? [];
            foreach (string unknown in drawn.Where(c => !SceneClasses.Names.Contains(c)))
            {
                throw new UsageException($"There is no class '{unknown}'.{Suggestion.For(unknown, SceneClasses.Names)} " +
                    $"Choose from: {string.Join(", ", SceneClasses.Names)}.");
            }

            var planted = Planted(parsed.GetValue(plant), drawn, parsed.GetValue(share), parsed.GetValue(paintOver));
            foreach (var option in (Option<double>[])[share, paintOver])
            {
                if (planted is null && IsGiven(option))
                    throw new UsageException($"{option.Name} says how a mark is planted. Give --plant KIND with it.");
            }

            var options = new SceneOptions
            {
                Count = CommandOption.Within(parsed, count, 1),
                Seed = parsed.GetValue(seed),
                Size = CommandOption.Within(parsed, size, 64, 2048),
                SingleShare = planted is null || IsGiven(single) ? parsed.GetValue(single) : 1,
                MinObjects = fewest,
                MaxObjects = largest,
                Classes = planted is null ? drawn : [],
                Plant = planted,
            };
            Draw(parsed.GetRequiredValue(folder), options, cancellationToken);
            return CommandRun.Done;
        });
        return command;
    }

    private static ScenePlant? Planted(string? kind, string[] classes, double share, double paintOver)
    {
        if (kind is null)
            return null;
        if (!ScenePlant.Kinds.Contains(kind))
        {
            throw new UsageException($"There is no mark '{kind}'.{Suggestion.For(kind, ScenePlant.Kinds)} " +
                $"Choose from: {string.Join(", ", ScenePlant.Kinds)}.");
        }

        if (classes.Length > 1)
            throw new UsageException("--plant marks one class, or all of them where --class is not given.");
        return new ScenePlant { Kind = kind, Class = classes.FirstOrDefault(), Share = share, PaintOver = paintOver };
    }

    private static void Draw(string folder, SceneOptions options, CancellationToken cancellationToken)
    {
        var progress = new ProgressLine(options.Count, "drawn");
        try
        {
            SceneDataSet.Write(folder, options, progress, cancellationToken);
        }
        catch (ArgumentException e)
        {
            throw new UsageException(CommandRun.Message(e));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The scenes could not be written to '{folder}': {CommandRun.Message(e)}", e);
        }
        finally
        {
            progress.Clear();
        }

        string marked = options.Plant is null ? "" : "; plant.json names the marked ones";
        Console.Out.WriteLine($"{Counted.Of(options.Count, "scene")} in {folder}{marked}");
    }
}
