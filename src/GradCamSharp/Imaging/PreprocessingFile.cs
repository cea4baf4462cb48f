using System.Text.Json;

namespace GradCamSharp.Imaging;

/// <summary>Reads preprocessing in the form of Hugging Face's preprocessor_config.json.</summary>
public static class PreprocessingFile
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is not such a file; the message names the file and the key.</exception>
    public static Preprocessing Load(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new InvalidDataException($"There is no preprocessing '{path}': it is neither a file nor one of torch, caffe, tf, unit.");
        if (file.Length > 1 << 20)
            throw new InvalidDataException($"'{path}' has {file.Length} bytes; a preprocessor_config.json has a few hundred.");
        return Parse(File.ReadAllText(path), path);
    }

    /// <summary>Reads JSON text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="InvalidDataException">A key does not hold what it should.</exception>
    public static Preprocessing Parse(string json, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return Read(document.RootElement, name);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{name}' is not JSON: {e.Message}", e);
        }
    }

    private static Preprocessing Read(JsonElement root, string name)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw Wrong("the whole", "an object");
        var crop = Flag("do_center_crop", Has("crop_size")) ? Size("crop_size") : (null, null);
        var size = Flag("do_resize", true) ? Size("size") : (null, null);
        if (Number("crop_pct") is { } share && size.Edge is { } edge && edge < 384)
            (size, crop) = (((int)(edge / share), null), (null, new PixelSize(edge, edge)));
        bool normalize = Flag("do_normalize", Has("image_mean"));
        return new Preprocessing
        {
            ShortestEdge = size.Edge,
            ExactSize = size.Exact,
            CropSize = crop.Exact ?? (crop.Edge is { } side ? new PixelSize(side, side) : null),
            Filter = Number("resample") is { } filter && filter is >= 0 and <= 5 && filter == Math.Floor(filter) ? (ResampleFilter)filter : Has("resample") ? throw Wrong("resample", "a number from 0 to 5") : ResampleFilter.Bilinear,
            Scale = Flag("do_rescale", true) ? (float)(Number("rescale_factor") ?? 1.0 / 255) : 1,
            Mean = normalize ? Three("image_mean") : [0, 0, 0],
            Deviation = normalize ? Three("image_std") : [1, 1, 1],
            IsBgr = Flag("do_flip_channel_order", false),
        };

        InvalidDataException Wrong(string key, string wanted) => new($"'{name}': {key} should be {wanted}. See docs/model-metadata.md for the form.");
        bool Has(string key) => root.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null;
        bool Flag(string key, bool otherwise) => !Has(key) ? otherwise : root.GetProperty(key).ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw Wrong(key, "true or false"),
        };
        double? Number(string key) => !Has(key) ? null : root.GetProperty(key).ValueKind == JsonValueKind.Number ? root.GetProperty(key).GetDouble() : throw Wrong(key, "a number");
        float[] Three(string key)
        {
            if (!Has(key) || root.GetProperty(key).ValueKind != JsonValueKind.Array || root.GetProperty(key).GetArrayLength() is not (1 or 3)
                || root.GetProperty(key).EnumerateArray().Any(v => v.ValueKind != JsonValueKind.Number))
                throw Wrong(key, "three numbers");
            float[] values = [.. root.GetProperty(key).EnumerateArray().Select(v => v.GetSingle())];
            if (key == "image_std" && values.Any(v => v <= 0))
                throw Wrong(key, "three numbers above 0");
            return values.Length == 3 ? values : [values[0], values[0], values[0]];
        }

        (int? Edge, PixelSize? Exact) Size(string key)
        {
            if (!Has(key))
                return (null, null);
            var value = root.GetProperty(key);
            if (value.ValueKind == JsonValueKind.Number)
                return (Pixels(value, key), null);
            if (value.ValueKind == JsonValueKind.Object)
            {
                if (value.TryGetProperty("shortest_edge", out var shortest))
                    return (Pixels(shortest, key), null);
                if (value.TryGetProperty("height", out var height) && value.TryGetProperty("width", out var width))
                    return (null, new PixelSize(Pixels(width, key), Pixels(height, key)));
            }

            throw Wrong(key, "a number, {\"shortest_edge\": ...} or {\"height\": ..., \"width\": ...}");
        }

        int Pixels(JsonElement value, string key) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int pixels) && pixels is >= 1 and <= 8192
            ? pixels
            : throw Wrong(key, "a number of pixels from 1 to 8192");
    }
}
