using System.CommandLine;
using GradCamSharp.Cli.Reporting;
using GradCamSharp.Evaluation.Scenes;

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
        var count = new Option<int>("--count")
        {
            Description = "How many pictures.",
            DefaultValueFactory = static _ => 100,
        };
        var seed = new Option<long>("--seed")
        {
            Description = "The same seed draws the same pictures.",
            DefaultValueFactory = static _ => 1,
        };
        var size = new Option<int>("--size")
        {
            Description = "Width and height in pixels, 64 to 2048.",
            DefaultValueFactory = static _ => 256,
        };
        var single = new Option<double>("--single")
        {
            Description = "The share of pictures with one object.",
            DefaultValueFactory = static _ => 0.3,
        };
        var least = new Option<int>("--min")
        {
            Description = "The fewest objects in the other pictures.",
            DefaultValueFactory = static _ => 2,
        };
        var most = new Option<int>("--max")
        {
            Description = "The most objects in a picture, at most 5.",
            DefaultValueFactory = static _ => 5,
        };
        var classes = new Option<string[]>("--class")
        {
            Description = "Draw this class only; may be repeated.",
            DefaultValueFactory = static _ => [],
        };
        var command = new Command("scenes", "Draws a data set of scenes with known objects, boxes and masks, in PASCAL VOC's layout.")
        {
            folder, count, seed, size, single, least, most, classes,
        };
        command.SetRun((parsed, cancellationToken) =>
        {
            var options = new SceneOptions
            {
                Count = parsed.GetValue(count),
                Seed = parsed.GetValue(seed),
                Size = parsed.GetValue(size),
                SingleShare = parsed.GetValue(single),
                MinObjects = parsed.GetValue(least),
                MaxObjects = parsed.GetValue(most),
                Classes = parsed.GetValue(classes) ?? [],
            };
            Draw(parsed.GetRequiredValue(folder), options, cancellationToken);
            return CommandRun.Done;
        });
        return command;
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
            throw new UsageException(e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The scenes could not be written to '{folder}': {e.Message}", e);
        }
        finally
        {
            progress.Clear();
        }

        Console.Out.WriteLine($"{options.Count} scenes in {folder}");
    }
}
