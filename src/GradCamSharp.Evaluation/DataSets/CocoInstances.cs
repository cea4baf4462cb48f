using System.Text.Json;
using GradCamSharp.Imaging;

namespace GradCamSharp.Evaluation.DataSets;

/// <summary>COCO's instances JSON: its pictures, and the boxes in each.</summary>
internal sealed class CocoInstances
{
    private const double FurthestPixel = 1 << 20;

    private readonly Dictionary<long, string> categories = [];
    private readonly Dictionary<long, List<Mark>> marks = [];

    /// <summary>Name and id of each picture.</summary>
    public List<(string Name, long Id)> Pictures { get; } = [];

    /// <summary>Reads the file once, from beginning to end; polygons and run lengths are passed over.</summary>
    /// <exception cref="InvalidDataException">It is not such a file; the message names file and line.</exception>
    public static CocoInstances Read(string path)
    {
        var instances = new CocoInstances();
        using var json = new JsonTokens(path);
        json.Expect(JsonTokenType.StartObject, "not an instances file: it does not begin with an object");
        bool hasPictures = false, hasObjects = false;
        while (json.NextProperty() is { } property)
        {
            switch (property)
            {
                case "images":
                    instances.ReadPictures(json);
                    hasPictures = true;
                    break;
                case "annotations":
                    instances.ReadMarks(json);
                    hasObjects = true;
                    break;
                case "categories":
                    instances.ReadCategories(json);
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        if (!hasPictures || !hasObjects)
            throw new InvalidDataException($"{path}: not an instances file: it has no {(hasPictures ? "annotations" : "images")}.");
        return instances;
    }

    /// <summary>The objects of a picture, crowds marked as difficult.</summary>
    /// <exception cref="InvalidDataException">An object's category is not in the file.</exception>
    public IReadOnlyList<AnnotatedObject> Objects(long picture, string path) => !marks.TryGetValue(picture, out var found) ? []
        : [.. found.Select(mark => new AnnotatedObject(
            categories.TryGetValue(mark.Category, out string? name) ? name
                : throw new InvalidDataException($"{path}: a picture's annotation has the category {mark.Category}, " +
                    "which the file does not list."),
            mark.Box, mark.IsCrowd))];

    private void ReadPictures(JsonTokens json)
    {
        json.Expect(JsonTokenType.StartArray, "images is no array");
        while (json.NextItem())
        {
            var (id, name) = ReadNamed(json, "an image", "file_name");
            Pictures.Add((name ?? throw json.Wrong("an image without file_name"), id ?? throw json.Wrong($"the image {name} without id")));
        }
    }

    private static (long? Id, string? Name) ReadNamed(JsonTokens json, string what, string nameKey)
    {
        long? id = null;
        string? name = null;
        for (string? key = First(json, what); key is not null; key = json.NextProperty())
        {
            if (key == "id")
                id = json.ReadInteger($"{what}'s id");
            else if (key == nameKey)
                name = json.ReadText($"{what}'s {nameKey}");
            else
                json.Skip();
        }

        return (id, name);
    }

    private void ReadMarks(JsonTokens json)
    {
        json.Expect(JsonTokenType.StartArray, "annotations is no array");
        while (json.NextItem())
        {
            long? picture = null, category = null;
            PixelBox? box = null;
            bool isCrowd = false;
            for (string? key = First(json, "an annotation"); key is not null; key = json.NextProperty())
            {
                switch (key)
                {
                    case "image_id":
                        picture = json.ReadInteger("image_id");
                        break;
                    case "category_id":
                        category = json.ReadInteger("category_id");
                        break;
                    case "bbox":
                        box = ReadBox(json);
                        break;
                    case "iscrowd":
                        isCrowd = json.ReadInteger("iscrowd") != 0;
                        break;
                    default:
                        json.Skip();
                        break;
                }
            }

            if (picture is null || category is null || box is null)
                throw json.Wrong($"an annotation without {(picture is null ? "image_id" : category is null ? "category_id" : "bbox")}");
            // COCO has a few boxes of no width or height: nothing that could be found.
            if (box.Value.Width == 0 || box.Value.Height == 0)
                continue;
            if (!marks.TryGetValue(picture.Value, out var list))
                marks[picture.Value] = list = [];
            list.Add(new Mark(category.Value, box.Value, isCrowd));
        }
    }

    private void ReadCategories(JsonTokens json)
    {
        json.Expect(JsonTokenType.StartArray, "categories is no array");
        while (json.NextItem())
        {
            var (id, name) = ReadNamed(json, "a category", "name");
            categories[id ?? throw json.Wrong("a category without id")] = name ?? throw json.Wrong("a category without name");
        }
    }

    // NextItem has read the beginning of the item already.
    private static string? First(JsonTokens json, string what) =>
        json.Type == JsonTokenType.StartObject ? json.NextProperty() : throw json.Wrong($"{what} is no object");

    // x, y, width, height with fractions, edges counted from the picture's corner: the pixels whose centres lie inside, but at least one of
    // a box that is no line or point.
    private static PixelBox ReadBox(JsonTokens json)
    {
        json.Expect(JsonTokenType.StartArray, "bbox is no array");
        var sides = (Span<double>)stackalloc double[4];
        for (int i = 0; i < sides.Length; i++)
        {
            sides[i] = json.ReadNumber("a bbox's side");
            if (!(Math.Abs(sides[i]) <= FurthestPixel))
                throw json.Wrong("a bbox that no picture can hold");
        }

        json.Expect(JsonTokenType.EndArray, "a bbox has four numbers");
        if (!(sides[2] > 0 && sides[3] > 0))
            return default;
        int left = Edge(sides[0]), top = Edge(sides[1]);
        return new PixelBox(left, top, Math.Max(Edge(sides[0] + sides[2]) - left, 1), Math.Max(Edge(sides[1] + sides[3]) - top, 1));
    }

    private static int Edge(double position) => Math.Max((int)Math.Ceiling(position - 0.5), 0);

    private readonly record struct Mark(long Category, PixelBox Box, bool IsCrowd);
}
