using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using GradCamSharp.Output;

namespace GradCamSharp.Studies;

/// <summary>
/// A human trust study (section 4.2): which pictures persons see, explained by which two methods: the content of study.json.
/// </summary>
public sealed record Study
{
    /// <summary>The file's name in a study's folder.</summary>
    public const string FileName = "study.json";

    /// <summary>The folder, in a study's folder, of the pictures that persons see.</summary>
    public const string PicturesFolder = "pictures";

    private const long LargestFile = 64 << 20;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private const int FirstFormat = 1, CurrentFormat = 2;

    /// <summary>The version of the file's form.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>What participants read; may be changed at any time.</summary>
    public StudyTexts Texts { get; init; } = new();

    /// <summary>How the study was made.</summary>
    public required StudyRecipe Recipe { get; init; }

    /// <summary>The classes asked about.</summary>
    public required IReadOnlyList<StudyClass> Classes { get; init; }

    /// <summary>The pictures, by class.</summary>
    public required IReadOnlyList<StudyPicture> Pictures { get; init; }

    /// <summary>The first method's name.</summary>
    [JsonIgnore]
    public string MethodA => Recipe.Methods[0];

    /// <summary>The second method's name.</summary>
    [JsonIgnore]
    public string MethodB => Recipe.Methods[1];

    /// <summary>What answers belong to: SHA-256 of all but the texts, in hexadecimal digits.</summary>
    [JsonIgnore]
    public string Fingerprint => FirstFingerprint ?? StudyJson.Sha256(this with { Texts = new StudyTexts() });

    /// <summary>Whether the study holds all that it depends on; studies of earlier versions do not.</summary>
    [JsonIgnore]
    internal bool HasIdentity => Format != FirstFormat;

    /// <summary>The fingerprint of a study of the first form; null of others.</summary>
    [JsonIgnore]
    internal string? FirstFingerprint { get; init; }

    /// <summary>Reads a study's folder.</summary>
    /// <param name="folder">The folder that <see cref="StudyMaker"/> wrote.</param>
    /// <exception cref="StudyException">It holds no study, or one that is not finished.</exception>
    /// <exception cref="InvalidDataException">The study cannot be read; the message says why and what to do.</exception>
    public static Study Load(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string path = Path.Combine(folder, FileName);
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            throw File.Exists(Path.Combine(folder, StudyRecipe.FileName))
                ? new StudyException(StudyError.UnfinishedStudy, $"'{folder}' holds a study that is not finished: there is no {FileName}.",
                    "Make it once more with the same options: it goes on where it stopped.")
                : new StudyException(StudyError.NoStudy, $"'{folder}' holds no {FileName}.", "Make a study first, with StudyMaker.");
        }

        if (file.Length > LargestFile)
            throw new InvalidDataException($"'{path}' has {file.Length} bytes, too many for a study.");
        try
        {
            var document = JsonNode.Parse(File.ReadAllBytes(path)) as JsonObject ?? throw new JsonException("it is no object.");
            var study = document["format"] is JsonValue format && format.TryGetValue(out int number) && number == FirstFormat
                ? StudyJson.ReadFirst(document)
                : document.Deserialize<Study>(StudyJson.Options) ?? throw new JsonException("it is null.");
            study.Check();
            return study;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"'{path}' is no description of a study: {e.Message} Restore it, or make the study anew.", e);
        }
    }

    /// <summary>Writes study.json, whole or not at all.</summary>
    /// <param name="folder">The study's folder.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="InvalidOperationException">It was read from a file of an earlier version.</exception>
    public void Save(string folder)
    {
        if (Format != CurrentFormat)
            throw new InvalidOperationException("A study that an earlier version has made stays as that has written it.");
        Check();
        AtomicFile.Write(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this, StudyJson.Options));
    }

    // The file may have been edited; what it names is opened and shown.
    private void Check()
    {
        if (Format is not (FirstFormat or CurrentFormat))
            throw new JsonException($"its form is {Format}; this program knows {FirstFormat} and {CurrentFormat}.");
        if (Recipe.Methods.Count != 2 || MethodA == MethodB)
            throw new JsonException("a study compares two methods.");
        if (Pictures.Count == 0)
            throw new JsonException("it has no pictures.");
        if (Pictures.Select(p => p.Id).Distinct().Count() != Pictures.Count)
            throw new JsonException("two pictures have the same id.");
        var classes = Classes.Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var picture in Pictures)
        {
            if (!classes.Contains(picture.Class))
                throw new JsonException($"the picture '{picture.Id}' shows '{picture.Class}', which is not one of its classes.");
            foreach (string name in (string[])[picture.Original, picture.MapA, picture.MapB])
            {
                if (!IsPictureName(name))
                    throw new JsonException($"'{name}' is not the name of a file in its folder '{PicturesFolder}'.");
            }
        }
    }

    private static bool IsPictureName(string name) => name.Length is > 4 and < 100 && name.EndsWith(".png", StringComparison.Ordinal)
        && name.AsSpan(0, name.Length - 4).IndexOfAnyExcept(HexDigits) < 0;
}

/// <summary>What participants read.</summary>
public sealed record StudyTexts
{
    /// <summary>The title of the page.</summary>
    public string Title { get; init; } = "Which picture explains it better?";

    /// <summary>What a person agrees to before the first picture, one paragraph an item.</summary>
    public IReadOnlyList<string> Consent { get; init; } =
    [
        "A computer program has looked at photos and named what they show. Two methods try to explain its answers: each darkens the " +
            "photo, and leaves bright what counted for the answer.",
        "You will see photos, each with the two explanations beside it, and say which one explains the answer better. No knowledge is " +
            "needed, and there are no wrong answers: your impression is what counts.",
        "Your answers and the time they take are stored under a number, without your name, and are used for research only. Taking part " +
            "is voluntary. You may stop at any time and come back later through the same link.",
    ];

    /// <summary>The question; <c>{class}</c> stands for the class.</summary>
    public string Question { get; init; } = "Which one better explains “{class}”?";

    /// <summary>What a person reads after the last picture.</summary>
    public string Thanks { get; init; } = "Thank you. All your answers are stored, and you may close this page.";
}

/// <summary>A class of a study.</summary>
/// <param name="Name">What participants read.</param>
/// <param name="DataSetName">The data set's own name.</param>
/// <param name="F1">F1 of the model's first choice on the data set, 0 to 1; null where not all pictures were predicted.</param>
public sealed record StudyClass(string Name, string DataSetName, double? F1);

/// <summary>A picture of a study. The names of its files are random and tell no method.</summary>
/// <param name="Id">0001, 0002, ...</param>
/// <param name="Class">The name of the class asked about.</param>
/// <param name="Source">The picture's id in the data set.</param>
/// <param name="ClassIndex">The model's class that is explained.</param>
/// <param name="Label">The model's name of it.</param>
/// <param name="Probability">The model's probability of it, 0 to 1.</param>
/// <param name="PredictedIndex">The class that the model takes for the most probable.</param>
/// <param name="Original">The picture as the network sees it, before scaling and normalisation.</param>
/// <param name="MapA">The first method's explanation map E = L o I (Eq. 11).</param>
/// <param name="MapB">The second method's.</param>
/// <param name="Empty">The methods whose map is empty here; their explanation is black.</param>
public sealed record StudyPicture(
    string Id, string Class, string Source, long ClassIndex, string Label, float Probability, long PredictedIndex,
    string Original, string MapA, string MapB, IReadOnlyList<string> Empty);
