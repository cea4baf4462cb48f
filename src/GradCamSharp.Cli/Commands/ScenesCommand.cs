using System.CommandLine;
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
        command.SetAction((arguments, cancellationToken) => Task.Run(
            () =>
            {
                var options = new SceneOptions
                {
                    Count = arguments.GetValue(count),
                    Seed = arguments.GetValue(seed),
                    Size = arguments.GetValue(size),
                    SingleShare = arguments.GetValue(single),
                    MinObjects = arguments.GetValue(least),
                    MaxObjects = arguments.GetValue(most),
                    Classes = arguments.GetValue(classes) ?? [],
                };
                return Draw(arguments.GetRequiredValue(folder), options, cancellationToken);
            },
            CancellationToken.None));
        return command;
    }

    private static int Draw(string folder, SceneOptions options, CancellationToken cancellationToken)
    {
        try
        {
            SceneDataSet.Write(folder, options, new Every(Math.Max(1, options.Count / 10)), cancellationToken);
            Console.Out.WriteLine($"{options.Count} scenes in {folder}");
            return 0;
        }
        catch (ArgumentException error)
        {
            Console.Error.WriteLine(error.Message);
            return 2;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"The scenes could not be written to '{folder}': {error.Message}");
            return 1;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Cancelled.");
            return 130;
        }
    }

    private sealed class Every(int step) : IProgress<int>
    {
        public void Report(int value)
        {
            if (value % step == 0)
                Console.Error.WriteLine($"{value} drawn");
        }
    }
}
