using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GradCamSharp.Imaging;

/// <summary>Reads and writes preprocessing in the form of Hugging Face's preprocessor_config.json, in its many variants.</summary>
public sealed class PreprocessingFile
{
    private const int LongestEdge = 8192, LongestFile = 1 << 20;

    /// <summary>Classes whose plain number for "size" means both sides; for all others it is the shortest edge if a crop follows.</summary>
    private static readonly string[] SquareTypes = ["ViT", "DeiT", "Beit", "Swin"];

    private readonly JsonObject keys;
    private readonly string source;

    private PreprocessingFile(JsonObject keys, string source) => (this.keys, this.source) = (keys, source);

    private string Type => Text("image_processor_type") ?? Text("feature_extractor_type") ?? "";

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is not such a file; the message names the file and the key.</exception>
    public static Preprocessing Load(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            throw new InvalidDataException(
                $"There is no preprocessing '{path}': it is neither a file nor one of torch, torchvision, caffe, tf, unit, yolo.");
        }

        if (file.Length > LongestFile)
            throw new InvalidDataException($"'{path}' has {file.Length} bytes; a preprocessor_config.json has a few hundred.");
        return Parse(File.ReadAllText(path), path);
    }

    /// <summary>Reads JSON text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="InvalidDataException">A key does not hold what it should.</exception>
    public static Preprocessing Parse(string json, string name)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(json, documentOptions: new()
            {
                AllowTrailingCommas = true,
                CommentHandling = JsonCommentHandling.Skip,
                AllowDuplicateProperties = false,
            });
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{name}' is not JSON: {e.Message}", e);
        }

        return root is JsonObject keys
            ? new PreprocessingFile(keys, name).Read()
            : throw new InvalidDataException($"'{name}' should be an object like Hugging Face's preprocessor_config.json. " +
                "See docs/model-metadata.md for the form.");
    }

    /// <summary>Writes preprocessing in that form, so that <see cref="Parse"/> reads the same from it.</summary>
    /// <returns>JSON.</returns>
    public static string ToJson(Preprocessing preprocessing)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        var json = new JsonObject { ["do_resize"] = preprocessing.ShortestEdge is not null || preprocessing.ExactSize is not null };
        if (preprocessing.ExactSize is { } exact)
            json["size"] = Sides(exact);
        if (preprocessing.Letterbox is { } letterbox)
        {
            json["letterbox"] = new JsonObject
            {
                ["fill"] = letterbox.Fill,
                ["position"] = letterbox.IsCentred ? "center" : "top_left",
            };
        }
        if (preprocessing.ExactSize is null && preprocessing.ShortestEdge is { } edge)
            json["size"] = new JsonObject { ["shortest_edge"] = edge };
        json["resample"] = (int)preprocessing.Filter;
        if (preprocessing.Convention == ResizeConvention.Torchvision)
            json["resize_convention"] = "torchvision";
        json["do_center_crop"] = preprocessing.CropSize is not null;
        if (preprocessing.CropSize is { } crop)
            json["crop_size"] = Sides(crop);
        json["do_rescale"] = preprocessing.Scale != 1;
        if (preprocessing.Scale != 1)
            json["rescale_factor"] = preprocessing.Scale;
        json["do_flip_channel_order"] = preprocessing.IsBgr;
        json["do_normalize"] = true;
        json["image_mean"] = new JsonArray([.. preprocessing.Mean.Select(v => (JsonNode)v)]);
        json["image_std"] = new JsonArray([.. preprocessing.StandardDeviation.Select(v => (JsonNode)v)]);
        return json.ToJsonString();

        static JsonObject Sides(PixelSize size) => new() { ["height"] = size.Height, ["width"] = size.Width };
    }

    private static string Largest => float.MaxValue.ToString("g3", CultureInfo.InvariantCulture);

    private static bool IsWhole(double number, int least, int most) => number >= least && number <= most && number == Math.Floor(number);

    private Preprocessing Read()
    {
        if (Flag("do_pad", false)) throw Wrong("do_pad", "false: padding is not supported");
        var (edge, exact, crop) = Sizes();
        bool normalize = Flag("do_normalize", keys["image_mean"] is not null);
        float[] mean = normalize ? Channels("image_mean", 0) : [0, 0, 0];
        // EfficientNet's "rescale_offset" takes 1 off after rescaling, before the mean.
        if (Flag("rescale_offset", false))
            mean = [mean[0] + 1, mean[1] + 1, mean[2] + 1];
        return new Preprocessing
        {
            ShortestEdge = edge,
            ExactSize = exact,
            CropSize = crop,
            Letterbox = Bars(exact),
            Filter = Filter(),
            Convention = Convention(),
            Scale = Flag("do_rescale", true) ? Rescaling() : 1,
            Mean = mean,
            StandardDeviation = normalize ? Channels("image_std", 1) : [1, 1, 1],
            IsBgr = Flag("do_flip_channel_order", false),
        };
    }

    private (int? ShortestEdge, PixelSize? Exact, PixelSize? Crop) Sizes()
    {
        bool crops = Flag("do_center_crop", keys["crop_size"] is not null);
        PixelSize? crop = crops ? Size("crop_size") : null;
        if (!Flag("do_resize", keys["size"] is not null))
            return (null, null, crop);
        if (keys["size"] is not { } size)
            throw Wrong("size", "there where do_resize is true");
        if (size is JsonObject { Count: > 0 } sides && sides["shortest_edge"] is { } side)
        {
            if (sides["longest_edge"] is not null)
                throw Wrong("size", "{\"shortest_edge\": ...} or {\"height\": ..., \"width\": ...}; a longest_edge is not supported");
            return Cropped(Edge("size", side), crop);
        }

        if (size is not JsonValue)
            return (null, Size("size"), crop);
        int edge = Edge("size", size);
        bool isSquare = Flag("default_to_square", !crops || SquareTypes.Any(t => Type.StartsWith(t, StringComparison.OrdinalIgnoreCase)));
        return isSquare && CropShare() is null ? (null, new PixelSize(edge, edge), crop) : Cropped(edge, crop);
    }

    /// <summary>
    /// ConvNeXt: below 384 pixels the shortest edge becomes size / crop_pct and the middle is cut out; from 384 on all is squeezed.
    /// </summary>
    private (int? ShortestEdge, PixelSize? Exact, PixelSize? Crop) Cropped(int edge, PixelSize? crop) =>
        CropShare() is not { } share ? (edge, null, crop)
        : edge < 384 ? ((int)(edge / share), null, new PixelSize(edge, edge))
        : (null, new PixelSize(edge, edge), null);

    private double? CropShare()
    {
        double? share = Number("crop_pct") ?? (Type.StartsWith("ConvNext", StringComparison.OrdinalIgnoreCase) ? 224 / 256.0 : null);
        return share is null or (> 0.1 and <= 1) ? share : throw Wrong("crop_pct", "a number above 0.1, up to 1");
    }

    private Letterbox? Bars(PixelSize? size)
    {
        if (keys["letterbox"] is not { } node)
            return null;
        if (size is null || node is not JsonObject bars)
            throw Wrong("letterbox", "{\"fill\": 114, \"position\": \"center\"}, beside a size of height and width");
        double fill = bars["fill"] is null ? 114 : bars["fill"] is JsonValue v && v.TryGetValue(out double f) ? f : -1;
        string position = bars["position"] is JsonValue p && p.TryGetValue(out string? text) ? text : "center";
        return IsWhole(fill, 0, 255) && position is "center" or "top_left"
            ? new Letterbox((byte)fill, position == "center")
            : throw Wrong("letterbox", "a fill from 0 to 255 and the position \"center\" or \"top_left\"");
    }

    private ResampleFilter Filter() => Number("resample") is not { } filter ? ResampleFilter.Bilinear
        : IsWhole(filter, 0, 5) ? (ResampleFilter)filter
        : throw Wrong("resample", "a number from 0 to 5");

    private ResizeConvention Convention() => keys["resize_convention"] is null ? ResizeConvention.Nearest : Text("resize_convention") switch
    {
        "nearest" => ResizeConvention.Nearest,
        "torchvision" => ResizeConvention.Torchvision,
        _ => throw Wrong("resize_convention", "\"nearest\" or \"torchvision\""),
    };

    private PixelSize Size(string key) => keys[key] switch
    {
        JsonObject o when o["height"] is { } height && o["width"] is { } width => new(Edge(key, width), Edge(key, height)),
        JsonObject o when o["shortest_edge"] is { } edge => new(Edge(key, edge), Edge(key, edge)),
        JsonArray { Count: 2 } a => new(Edge(key, a[1]), Edge(key, a[0])),
        JsonValue v => new(Edge(key, v), Edge(key, v)),
        _ => throw Wrong(key, "a number, {\"shortest_edge\": ...} or {\"height\": ..., \"width\": ...}"),
    };

    private int Edge(string key, JsonNode? node) =>
        node is JsonValue v && v.TryGetValue(out double number) && IsWhole(number, 1, LongestEdge)
            ? (int)number
            : throw Wrong(key, $"a number of pixels from 1 to {LongestEdge}");

    private float[] Channels(string key, float otherwise)
    {
        double[] given = keys[key] switch
        {
            null => [otherwise],
            JsonValue v when v.TryGetValue(out double all) => [all],
            JsonArray { Count: 1 or 3 } a => [.. a.Select(n =>
                n is JsonValue v && v.TryGetValue(out double one) ? one : throw Wrong(key, "three numbers"))],
            _ => throw Wrong(key, "three numbers"),
        };
        // In the precision that is computed with: 2e307 is infinite there, and 1e-60 is 0.
        float[] values = Array.ConvertAll(given, v => (float)v);
        if (!values.All(float.IsFinite))
            throw Wrong(key, $"three numbers of 32 bits, at most {Largest}");
        if (key == "image_std" && values.Any(v => !(v > 0)))
            throw Wrong(key, "three numbers above 0");
        return values.Length == 3 ? values : [values[0], values[0], values[0]];
    }

    private float Rescaling() => (float)(Number("rescale_factor") ?? 1.0 / 255) is var factor && float.IsFinite(factor)
        ? factor : throw Wrong("rescale_factor", $"a number of 32 bits, at most {Largest}");

    private bool Flag(string key, bool otherwise) => keys[key] switch
    {
        null => otherwise,
        JsonValue v when v.TryGetValue(out bool flag) => flag,
        _ => throw Wrong(key, "true or false"),
    };

    private double? Number(string key) => keys[key] switch
    {
        null => null,
        JsonValue v when v.TryGetValue(out double number) && double.IsFinite(number) => number,
        _ => throw Wrong(key, "a number"),
    };

    private string? Text(string key) => keys[key] is JsonValue v && v.TryGetValue(out string? text) ? text : null;

    private InvalidDataException Wrong(string key, string wanted) =>
        new($"'{source}': {key} should be {wanted}. See docs/model-metadata.md for the form.");
}
