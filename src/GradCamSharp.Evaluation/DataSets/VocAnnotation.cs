using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using GradCamSharp.Imaging;

namespace GradCamSharp.Evaluation.DataSets;

/// <summary>One XML annotation of PASCAL VOC. Its boxes count pixels from 1 and include their last column and row.</summary>
internal static class VocAnnotation
{
    private const long LargestFile = 4 << 20;
    private const double FurthestPixel = 1 << 20;

    /// <summary>The objects in the order of the file; empty where there is no file.</summary>
    /// <exception cref="InvalidDataException">The file is damaged; the message names file and line.</exception>
    public static IReadOnlyList<AnnotatedObject> Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            return [];
        if (file.Length > LargestFile)
            throw new InvalidDataException($"{path}: {file.Length} bytes are too many for an annotation.");
        try
        {
            var settings = new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                MaxCharactersInDocument = LargestFile,
            };
            using var reader = XmlReader.Create(path, settings);
            var root = XDocument.Load(reader, LoadOptions.SetLineInfo).Root!;
            var size = root.Element("size");
            int width = Length(size?.Element("width"), path), height = Length(size?.Element("height"), path);
            return [.. root.Elements("object").Select(o => Parse(o, width, height, path))];
        }
        catch (XmlException e)
        {
            // The reader ends its message with the place, which stands in front here.
            string place = FormattableString.Invariant($" Line {e.LineNumber}, position {e.LinePosition}.");
            string what = e.Message.EndsWith(place, StringComparison.Ordinal) ? e.Message[..^place.Length] : e.Message;
            throw new InvalidDataException(
                FormattableString.Invariant($"{path}, line {Math.Max(e.LineNumber, 1)}: {what} Repair or copy it again."), e);
        }
    }

    private static AnnotatedObject Parse(XElement element, int width, int height, string path)
    {
        string name = element.Element("name")?.Value.Trim() ?? "";
        var bounds = element.Element("bndbox");
        if (name.Length == 0 || bounds is null)
            throw Damaged(path, element, name.Length == 0 ? "an object without a name" : $"the {name} has no bndbox");
        int left = Side(bounds, "xmin", path), top = Side(bounds, "ymin", path);
        int right = Side(bounds, "xmax", path), bottom = Side(bounds, "ymax", path);
        if (right < left || bottom < top)
            throw Damaged(path, bounds, $"the {name}'s box ends before it begins");
        int x = Math.Max(left - 1, 0), y = Math.Max(top - 1, 0);
        // Some annotations name a size that the picture does not have: where a box ends is the picture's affair.
        return x < Math.Min(right, width) && y < Math.Min(bottom, height)
            ? new AnnotatedObject(name, new PixelBox(x, y, right - x, bottom - y), element.Element("difficult")?.Value.Trim() == "1")
            : throw Damaged(path, bounds, $"the {name}'s box lies outside the picture");
    }

    // A few of VOC's own boxes have fractions.
    private static int Side(XElement bounds, string side, string path)
    {
        var element = bounds.Element(side) ?? throw Damaged(path, bounds, $"a box without {side}");
        return double.TryParse(element.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && Math.Abs(value) <= FurthestPixel
            ? (int)Math.Round(value, MidpointRounding.AwayFromZero)
            : throw Damaged(path, element, $"'{element.Value}' is no pixel");
    }

    // Some tools write 0 x 0 where they do not know the size.
    private static int Length(XElement? element, string path)
    {
        if (element is null)
            return int.MaxValue;
        const NumberStyles Spaced = NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;
        return int.TryParse(element.Value, Spaced, CultureInfo.InvariantCulture, out int value) && value >= 0
            ? value == 0 ? int.MaxValue : value
            : throw Damaged(path, element, $"'{element.Value}' is no width or height");
    }

    private static InvalidDataException Damaged(string path, XElement at, string what) =>
        new($"{path}, line {((IXmlLineInfo)at).LineNumber}: {what}.");
}
