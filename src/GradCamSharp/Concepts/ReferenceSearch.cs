using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using GradCamSharp.Imaging;
using GradCamSharp.Output;

namespace GradCamSharp.Concepts;

/// <summary>
/// The parts of many pictures that excite each channel of a layer most. Of each channel only the best few are kept, so that memory does not
/// grow with the number of pictures.
/// </summary>
/// <remarks>
/// Pictures are taken in the order of their paths. Of equal activations the earlier picture's goes first, so the same pictures give the
/// same answer. What has been found is written to an index now and then, and when the search is stopped; a search of the same pictures by
/// the same model goes on from there.
/// </remarks>
public sealed class ReferenceSearch
{
    private const int Form = 1, SavedEvery = 200;

    private readonly ConceptExplainer concepts;
    private readonly string[] files;
    private readonly int count;
    private readonly string? index;
    private readonly string key;
    private readonly List<ReferencePatch>[] best;
    private readonly List<(string File, string Problem)> failed = [];

    /// <summary>Prepares a search, and reads what an earlier one has found.</summary>
    /// <param name="concepts">The model and the layer.</param>
    /// <param name="files">The pictures.</param>
    /// <param name="count">How many parts a channel, 1 or more; of each picture at most one.</param>
    /// <param name="index">The file that keeps what has been found; null to keep nothing.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public ReferenceSearch(ConceptExplainer concepts, IEnumerable<string> files, int count, string? index = null)
    {
        ArgumentNullException.ThrowIfNull(concepts);
        ArgumentNullException.ThrowIfNull(files);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        this.concepts = concepts;
        this.files = [.. files.Order(StringComparer.Ordinal)];
        this.count = count;
        this.index = index;
        best = [.. Enumerable.Range(0, concepts.ChannelCount).Select(_ => new List<ReferencePatch>())];
        key = index is null ? "" : Key();
        if (index is not null && File.Exists(index))
            Read(index);
    }

    /// <summary>The number of pictures.</summary>
    public int Total => files.Length;

    /// <summary>The number of pictures that have been looked at.</summary>
    public int Done { get; private set; }

    /// <summary>The pictures that could not be read, and why.</summary>
    public IReadOnlyList<(string File, string Problem)> Failed => failed;

    /// <summary>The parts that excite a channel most, the strongest first; none where nothing does.</summary>
    /// <param name="channel">The channel, from 0.</param>
    public IReadOnlyList<ReferencePatch> Of(int channel) => best[channel];

    /// <summary>Looks at the pictures that are left.</summary>
    /// <param name="progress">Is told how many this call has looked at.</param>
    /// <param name="cancellationToken">Stops the search; what has been found is kept.</param>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    /// <exception cref="IOException">The index cannot be written.</exception>
    public void Run(IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        int before = Done;
        try
        {
            while (Done < files.Length)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Look(files[Done], cancellationToken);
                Done++;
                progress?.Report(Done - before);
                if ((Done - before) % SavedEvery == 0)
                    Save();
            }
        }
        finally
        {
            if (Done > before)
                Save();
        }
    }

    private void Look(string file, CancellationToken cancellationToken)
    {
        Picture picture;
        try
        {
            picture = PictureDecoder.Decode(file);
        }
        catch (Exception e) when (e is PictureException or IOException or UnauthorizedAccessException)
        {
            failed.Add((file, e.Message));
            return;
        }

        var peaks = concepts.FindPeaks(picture, cancellationToken);
        for (int k = 0; k < best.Length; k++)
        {
            if (peaks[k].Activation > 0)
                Add(best[k], new ReferencePatch(file, peaks[k].Activation, peaks[k].Part));
        }
    }

    private void Add(List<ReferencePatch> kept, ReferencePatch patch)
    {
        int place = kept.FindIndex(p => p.Activation < patch.Activation);
        if (place < 0 && kept.Count == count)
            return;
        kept.Insert(place < 0 ? kept.Count : place, patch);
        if (kept.Count > count)
            kept.RemoveAt(count);
    }

    /// <summary>What an index is of: the model, the layer, how pictures are prepared, and the pictures.</summary>
    private string Key()
    {
        var model = concepts.Pictures.Model;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (File.Exists(model.ModelName))
        {
            using var stream = File.OpenRead(model.ModelName);
            hash.AppendData(SHA256.HashData(stream));
        }

        Append($"{Form} {model.ModelName} {concepts.Layer.Name} {concepts.Layer.Format.Name()} {model.Input.Shape} {count}");
        Append(concepts.Pictures.Preprocessing.ToString()!);
        foreach (string file in files)
        {
            var info = new FileInfo(file);
            Append(string.Create(CultureInfo.InvariantCulture, $"{file} {info.Length} {info.LastWriteTimeUtc.Ticks}"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Append(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
    }

    private void Save()
    {
        if (index is null)
            return;
        var document = new JsonObject
        {
            ["key"] = key,
            ["done"] = Done,
            ["failed"] = new JsonArray([.. failed.Select(f => (JsonNode)new JsonArray(f.File, f.Problem))]),
            ["channels"] = new JsonArray([.. best.Select(kept => (JsonNode)new JsonArray([.. kept.Select(p => (JsonNode)new JsonArray(
                Array.IndexOf(files, p.File), p.Activation, p.Part.X, p.Part.Y, p.Part.Width, p.Part.Height))]))]),
        };
        AtomicFile.Write(index, stream => stream.Write(Encoding.UTF8.GetBytes(document.ToJsonString())));
    }

    private ReferencePatch Patch(JsonArray stored) => new(
        files[(int)stored[0]!], (float)stored[1]!,
        new PixelBox((int)stored[2]!, (int)stored[3]!, (int)stored[4]!, (int)stored[5]!));

    // An index of something else, or a damaged one, is written anew.
    private void Read(string path)
    {
        try
        {
            if (JsonNode.Parse(File.ReadAllText(path)) is not JsonObject document || (string?)document["key"] != key)
                return;
            var read = document["channels"]!.AsArray().Select(c => c!.AsArray().Select(p => Patch(p!.AsArray())).ToList()).ToArray();
            var problems = document["failed"]!.AsArray().Select(f => ((string)f![0]!, (string)f[1]!)).ToList();
            int done = (int)document["done"]!;
            if (read.Length != best.Length || done < 0 || done > files.Length || read.Any(r => r.Count > count))
                return;
            read.CopyTo(best, 0);
            failed.AddRange(problems);
            Done = done;
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or InvalidOperationException or FormatException
            or IndexOutOfRangeException or NullReferenceException or ArgumentException or OverflowException)
        {
            // Nothing has been taken over yet.
        }
    }
}
