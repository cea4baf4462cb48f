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
        var count = CommandOption.Of<int>("--count", null, 100, "How many pictures.");
        var seed = CommandOption.Of<long>("--seed", null, 1, "The same seed draws the same pictures.");
        var size = CommandOption.Of<int>("--size", null, 256, "Width and height in pixels, 64 to 2048.");
        var single = CommandOption.Of<double>("--single", null, 0.3, "The share of pictures with one object.");
        var least = CommandOption.Of<int>("--min", null, 2, "The fewest objects in the other pictures.");
        var most = CommandOption.Of<int>("--max", null, 5, "The most objects in a picture, at most 5.");
        var classes = CommandOption.Of<string[]>("--class", null, [], "Draw this class only; may be repeated.");
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
