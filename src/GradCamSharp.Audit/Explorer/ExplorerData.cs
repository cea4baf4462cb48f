using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using GradCamSharp.Audit.Findings;
using GradCamSharp.Audit.Results;
using GradCamSharp.Imaging;

namespace GradCamSharp.Audit.Explorer;

/// <summary>
/// What the page's script reads: data.js, with the columns of all pictures, and a file a class. Both are scripts, as a page from the disk
/// may read no other files. Assets/audit.js says what the parts are.
/// </summary>
internal sealed class ExplorerData(AuditResult result, PictureOrder order)
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly EvidenceMap? sample = result.Pictures.FirstOrDefault()?.Map;

    /// <summary>Writes data.js.</summary>
    public void Write(Stream stream)
    {
        stream.Write("globalThis.audit = "u8);
        using (var json = new Utf8JsonWriter(stream, Compact))
        {
            json.WriteStartObject();
            WriteSetting(json);
            string[] truths = [.. result.Pictures.Select(p => string.Join(", ", p.Truth)).Distinct().Order(StringComparer.Ordinal)];
            List(json, "truths", truths, json.WriteStringValue);
            List(json, "classes", order.Classes, c => WriteClass(json, c));
            List(json, "findings", result.Findings, f => WriteFinding(json, f));
            List(json, "leaks", result.Leaks, l => WriteLeak(json, l));
            List(json, "twins", result.Twins, t => WriteTwin(json, t));
            WritePictures(json, truths);
            json.WriteEndObject();
        }

        stream.Write(";\n"u8);
    }

    /// <summary>Writes the file of a class: maps in bytes, the nearest pictures, and groups.</summary>
    public void WriteClass(Stream stream, int slot)
    {
        ImmutableArray<int> pictures = order.Classes[slot].Pictures;
        int size = sample is null ? 0 : sample.Height * sample.Width;
        byte[] maps = new byte[pictures.Length * size];
        for (int i = 0; i < pictures.Length; i++)
        {
            var map = result.Pictures[pictures[i]].Map.Values;
            for (int k = 0; k < Math.Min(size, map.Length); k++)
                maps[(i * size) + k] = (byte)Math.Round(Math.Clamp(map[k], 0, 1) * 255);
        }

        stream.Write(Encoding.UTF8.GetBytes(FormattableString.Invariant($"auditClass({slot}, ")));
        using (var json = new Utf8JsonWriter(stream, Compact))
        {
            json.WriteStartObject();
            json.WriteBase64String("maps", maps);
            List(json, "where", pictures, i => Numbers(json, Near(result.Pictures[i].Scan?.NearWhere)));
            List(json, "what", pictures, i => Numbers(json, Near(result.Pictures[i].Scan?.NearWhat)));
            List(json, "clusters", order.Classes[slot].Clusters, cluster => WriteCluster(json, cluster));
            json.WriteEndObject();
        }

        stream.Write(");\n"u8);
    }

    private void WriteCluster(Utf8JsonWriter json, AuditCluster cluster)
    {
        json.WriteStartObject();
        json.WriteString("view", cluster.View == AuditView.Where ? "where" : "what");
        json.WriteString("kind", cluster.Kind == ClusterKind.Spectral ? "spectral" : "k-means");
        json.WriteNumber("wrong", cluster.Wrong);
        List(json, "pictures", cluster.Pictures.Select(order.PlaceOf), json.WriteNumberValue);
        json.WriteEndObject();
    }

    private IEnumerable<int> Near(ImmutableArray<int>? pictures) => (pictures ?? []).Select(order.PlaceOf);

    private void WriteSetting(Utf8JsonWriter json)
    {
        var (model, data, method, layer, explained, _, _, seed) = result.Setting;
        string all = FormattableString.Invariant($"{model}\n{data}\n{method}\n{layer}\n{explained}\n{seed}\n{result.Pictures.Length}");
        json.WriteString("key", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))[..16]);
        json.WriteStartObject("setting");
        json.WriteString("model", model);
        json.WriteString("data", data);
        json.WriteString("method", method);
        json.WriteString("layer", layer);
        json.WriteString("explained", explained == AuditedClass.Predicted ? "predicted" : "label");
        json.WriteEndObject();
        json.WriteStartObject("level");
        json.WriteNumber("sharp", Rounded(result.Level.Sharp));
        json.WriteNumber("aligned", Rounded(result.Level.Aligned));
        json.WriteBoolean("raised", result.Level.IsRaised);
        json.WriteEndObject();
        List(json, "input", [result.Input.Width, result.Input.Height], json.WriteNumberValue);
        List(json, "map", [sample?.Height ?? 1, sample?.Width ?? 1], json.WriteNumberValue);
        byte[] colors = new byte[256 * 3];
        for (int i = 0; i < 256; i++)
            (colors[3 * i], colors[(3 * i) + 1], colors[(3 * i) + 2]) = ColorMap.Turbo[i / 255f];
        json.WriteBase64String("colors", colors);
        json.WriteNumber("errors", result.Errors);
    }

    private void WriteClass(Utf8JsonWriter json, AuditClass item)
    {
        json.WriteStartObject();
        json.WriteString("label", item.Label);
        json.WriteNumber("wrong", item.Wrong);
        json.WriteBoolean("scanned", item.IsScanned);
        json.WriteNumber("sharp", Rounded(item.Sharp));
        json.WriteNumber("aligned", Rounded(item.Aligned));
        json.WriteNumber("first", item.Pictures.IsEmpty ? 0 : order.PlaceOf(item.Pictures[0]));
        json.WriteNumber("count", item.Pictures.Length);
        json.WriteEndObject();
    }

    private void WriteFinding(Utf8JsonWriter json, AuditFinding finding)
    {
        json.WriteStartObject();
        json.WriteNumber("number", finding.Number);
        json.WriteString("kind", FindingText.Name(finding.Kind));
        json.WriteNumber("slot", Array.FindIndex([.. order.Classes], c => c.Class == finding.Class));
        json.WriteString("label", finding.Label);
        json.WriteString("sentence", finding.Sentence);
        List(json, "details", finding.Details, json.WriteStringValue);
        json.WriteString("key", finding.Key);
        json.WriteNumber("of_class", finding.OfClass);
        json.WriteNumber("wrong", finding.Wrong);
        json.WriteString("verdict", FindingsFile.Word(finding.Verdict));
        if (finding.P is { } p)
            json.WriteNumber("p", p);
        if (finding.Outside is { } outside)
            json.WriteNumber("outside", Rounded(outside));
        json.WriteString("mean", PicturePages.MeanOf(finding));
        if (finding.Mark is { } mark)
        {
            json.WriteString("window", PicturePages.WindowOf(finding));
            json.WriteStartObject("mark");
            json.WriteNumber("sharp", Rounded(mark.Sharp));
            json.WriteNumber("aligned", Rounded(mark.Aligned));
            json.WriteNumber("sharp_elsewhere", Rounded(mark.SharpElsewhere));
            json.WriteNumber("aligned_elsewhere", Rounded(mark.AlignedElsewhere));
            json.WriteString("place", mark.Place);
            json.WriteNumber("core", mark.Core);
            json.WriteEndObject();
        }

        if (finding.Effect is { } effect)
            WriteEffect(json, effect);
        List(json, "pairs", finding.Pairs.Select((pair, i) => (Pair: pair, Number: i)), item =>
        {
            json.WriteStartObject();
            json.WriteNumber("picture", order.PlaceOf(item.Pair.Index));
            json.WriteString("before", PicturePages.PairOf(finding, item.Number, "before"));
            json.WriteString("after", PicturePages.PairOf(finding, item.Number, "after"));
            json.WriteNumber("probability", Rounded(item.Pair.Probability));
            json.WriteNumber("without", Rounded(item.Pair.ProbabilityTaken));
            json.WriteEndObject();
        });
        List(json, "also_in", finding.AlsoIn, other =>
        {
            json.WriteStartObject();
            json.WriteString("label", other.Label);
            json.WriteNumber("pictures", other.Pictures);
            json.WriteNumber("looked", other.Looked);
            json.WriteEndObject();
        });
        List(json, "pictures", finding.Pictures.Select(order.PlaceOf), json.WriteNumberValue);
        json.WriteEndObject();
    }

    private static void WriteEffect(Utf8JsonWriter json, Counterfactual effect)
    {
        json.WriteStartObject("effect");
        json.WriteNumber("pictures", effect.Pictures);
        foreach (var (name, value) in ((string, MeanWithInterval)[])
            [("taken", effect.Taken), ("turned", effect.Turned), ("difference", effect.Difference)])
        {
            List(json, name, [Rounded(value.Mean), Rounded(value.Low), Rounded(value.High)], json.WriteNumberValue);
        }

        if (effect.Put is { } put)
            json.WriteNumber("put", Rounded(put));
        json.WriteNumber("put_count", effect.PutCount);
        if (effect.PutWithoutObject is { } bare)
            json.WriteNumber("put_without_object", Rounded(bare));
        json.WriteEndObject();
    }

    private static void WriteLeak(Utf8JsonWriter json, DataLeak leak)
    {
        json.WriteStartObject();
        json.WriteString("what", leak.What);
        json.WriteNumber("strength", Rounded(leak.Strength));
        json.WriteNumber("p", leak.P);
        json.WriteString("class", leak.Class);
        json.WriteString("sentence", leak.Sentence);
        json.WriteEndObject();
    }

    private static void WriteTwin(Utf8JsonWriter json, TwinPictures twin)
    {
        json.WriteStartObject();
        json.WriteString("first", twin.First);
        json.WriteString("first_class", twin.FirstClass);
        json.WriteString("second", twin.Second);
        json.WriteString("second_class", twin.SecondClass);
        json.WriteBoolean("other_data", twin.IsOtherData);
        json.WriteNumber("distance", twin.Distance);
        json.WriteEndObject();
    }

    private void WritePictures(Utf8JsonWriter json, string[] truths)
    {
        AuditPicture[] pictures = [.. order.Pictures.Select(i => result.Pictures[i])];
        var numbers = truths.Select((truth, i) => (truth, i)).ToDictionary(t => t.truth, t => t.i, StringComparer.Ordinal);
        json.WriteStartObject("pictures");
        List(json, "id", pictures, p => json.WriteStringValue(p.Id));
        List(json, "truth", pictures, p => json.WriteNumberValue(numbers[string.Join(", ", p.Truth)]));
        json.WriteString("right", string.Concat(pictures.Select(p => p.IsRight switch { true => '1', false => '0', _ => '-' })));
        List(json, "probability", pictures, p => json.WriteNumberValue(Rounded(p.Probability)));
        List(json, "outside", pictures, p => OrNull(p.Outside));
        List(json, "where", pictures.SelectMany(p => Place(p.Scan?.Where)), OrNull);
        List(json, "what", pictures.SelectMany(p => Place(p.Scan?.What)), OrNull);
        List(json, "sharp", pictures, p => OrNull(p.Scan?.Sharp));
        List(json, "aligned", pictures, p => OrNull(p.Scan?.Aligned));
        json.WriteEndObject();

        void OrNull(double? value)
        {
            if (value is { } number && double.IsFinite(number))
                json.WriteNumberValue(Rounded(number));
            else
                json.WriteNullValue();
        }
    }

    private static IEnumerable<double?> Place(ScatterPoint? point) => [point?.X, point?.Y];

    private static void Numbers(Utf8JsonWriter json, IEnumerable<int> numbers)
    {
        json.WriteStartArray();
        foreach (int number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private static void List<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
            write(item);
        json.WriteEndArray();
    }

    private static double Rounded(double value) => Math.Round(value, 4);
}
