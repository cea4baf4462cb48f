using System.Globalization;
using System.Text.Json;

namespace GradCamSharp.Models;

/// <summary>Which frames of a film a model of clips takes.</summary>
/// <param name="Length">How many frames a clip has; null where nothing says.</param>
/// <param name="Stride">Every how manieth frame is taken.</param>
/// <param name="Source">Where that comes from, in words.</param>
public sealed record ClipSampling(int? Length, int Stride, string Source)
{
    private const int Longest = 4096;

    private static readonly string[] Lengths = ["num_frames", "clip_length", "frames"];

    private static readonly string[] Strides =
        ["frame_sample_rate", "frame_sampling_rate", "sampling_rate", "frame_stride", "temporal_stride"];

    /// <summary>Looks for it in config.json and preprocessor_config.json beside the model, and in its metadata.</summary>
    /// <param name="modelPath">The model's file.</param>
    /// <param name="metadata">Its metadata.</param>
    /// <exception cref="InvalidDataException">A file is not JSON, or a number is out of its range.</exception>
    public static ClipSampling Find(string modelPath, IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        string folder = Path.GetDirectoryName(Path.GetFullPath(modelPath)) ?? ".";
        int? length = null, stride = null;
        var sources = new List<string>();
        foreach (string name in (string[])["config.json", "preprocessor_config.json"])
        {
            string file = Path.Combine(folder, name);
            if (!File.Exists(file))
                continue;
            using var document = Parse(file);
            Note(Find(document.RootElement, Lengths, file), Find(document.RootElement, Strides, file), $"{name} beside the model");
        }

        Note(Find(metadata, Lengths), Find(metadata, Strides), "the model's metadata");
        return new ClipSampling(
            length, stride ?? 1,
            sources.Count == 0 ? "every frame: nothing beside the model or in its metadata says otherwise" : string.Join(" and ", sources));

        void Note(int? ownLength, int? ownStride, string source)
        {
            if ((length ?? ownLength) == length && (stride ?? ownStride) == stride)
                return;
            length ??= ownLength;
            stride ??= ownStride;
            sources.Add(source);
        }
    }

    private static JsonDocument Parse(string file)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllText(file), new()
            {
                AllowTrailingCommas = true,
                CommentHandling = JsonCommentHandling.Skip,
            });
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{file}' is not JSON: {e.Message}", e);
        }
    }

    private static int? Find(JsonElement root, string[] names, string file)
    {
        if (root.ValueKind != JsonValueKind.Object)
            return null;
        foreach (string name in names)
        {
            if (root.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.Number)
            {
                return found.TryGetInt32(out int number) && number is >= 1 and <= Longest ? number
                    : throw new InvalidDataException($"'{file}': '{name}' is {found}; it should be from 1 to {Longest}.");
            }
        }

        return null;
    }

    private static int? Find(IReadOnlyDictionary<string, string> metadata, string[] names)
    {
        foreach (string name in names)
        {
            if (metadata.TryGetValue(name, out string? text)
                && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= Longest)
                return number;
        }

        return null;
    }
}
