using System.Collections.Immutable;
using GradCamSharp.Audit.Results;
using GradCamSharp.Imaging;

namespace GradCamSharp.Audit.Tests.Explorer;

/// <summary>What an audit of made-up pictures would have found: a class with a mark in every third picture, and clean ones.</summary>
internal static class SampleAudit
{
    public const int Side = 32, Classes = 3;

    /// <summary>The names of the classes; the first one has the mark.</summary>
    public static readonly ImmutableArray<string> Labels = ["teapot", "key", "a <b> & \"c\""];

    /// <summary>Makes a result and the files of its pictures.</summary>
    /// <param name="folder">Where the pictures go.</param>
    /// <param name="perClass">How many a class has.</param>
    public static AuditResult Make(string folder, int perClass = 12)
    {
        Directory.CreateDirectory(folder);
        string[] files = [.. Enumerable.Range(0, 6).Select(i => Path.Combine(folder, FormattableString.Invariant($"{i}.png")))];
        foreach (var (i, file) in files.Index())
            File.WriteAllBytes(file, PictureEncoder.ToPng(Drawn(i)));
        ImmutableArray<AuditPicture> pictures = [.. Enumerable.Range(0, Classes * perClass).Select(i => Picture(i, perClass, files))];
        ImmutableArray<int> marked = [.. pictures.Where(p => p.Class == 0 && p.Index % 3 == 0).Select(p => p.Index)];
        return new AuditResult
        {
            Setting = new AuditSetting("model <1>.onnx", "data", "gradcam", "Relu_40", AuditedClass.Predicted, 500, 0.05, 1),
            Input = new PixelSize(Side, Side),
            Pictures = pictures,
            Classes = [.. Enumerable.Range(0, Classes).Select(c => ClassOf(c, pictures))],
            Findings = [Mark(marked, perClass, pictures), WrongTogether(pictures, perClass)],
            Level = new AuditLevel(0.3, 0.4, 500, 0.02, 0.2),
            Leaks = [new DataLeak("width", 0.4, 0.002, "key", "Pictures of key are wider than the others.")],
            Twins = [new TwinPictures(pictures[0].Id, "teapot", pictures[perClass].Id, "key", false, 2)],
        };
    }

    /// <summary>Whether a picture lies in the far corner of the scatter of places: those with the mark.</summary>
    public static bool IsMarked(AuditPicture picture) => picture.Class == 0 && picture.Index % 3 == 0;

    private static AuditPicture Picture(int index, int perClass, string[] files)
    {
        int c = index / perClass, place = index % perClass;
        bool isMarked = c == 0 && index % 3 == 0, isWrong = place % 4 == 1, isScanned = c < 2;
        var corner = isMarked ? new ScatterPoint(0.8 + (0.02 * (place % 5)), 0.8) : new ScatterPoint(-0.8, -0.8 + (0.02 * (place % 5)));
        var others = Enumerable.Range(1, Math.Min(7, perClass - 1));
        ImmutableArray<int> near = [.. others.Select(k => (c * perClass) + ((place + k) % perClass))];
        float[] map = new float[16];
        map[isMarked ? 12 : 5] = 1;
        return new AuditPicture
        {
            Index = index,
            Id = FormattableString.Invariant($"pictures/{index:D5}.png"),
            Path = files[index % files.Length],
            Class = c,
            Label = Labels[c],
            Truth = [Labels[isWrong ? (c + 1) % Classes : c]],
            IsRight = !isWrong,
            Probability = isWrong ? 0.45f : 0.95f,
            Map = new EvidenceMap(4, 4, [.. map]),
            Geometry = new Geometry(new PixelSize(Side, Side), new PixelSize(Side, Side), new PixelBox(0, 0, Side, Side)),
            Outside = isMarked ? 0.9 : 0.1,
            Scan = isScanned ? new PictureScan(corner, new ScatterPoint(corner.Y, corner.X), near, near, isMarked ? 0.8 : 0.05, 0.1) : null,
            Findings = isMarked ? [1] : [],
        };
    }

    private static AuditClass ClassOf(int c, ImmutableArray<AuditPicture> pictures)
    {
        AuditPicture[] own = [.. pictures.Where(p => p.Class == c)];
        return new AuditClass
        {
            Class = c,
            Label = Labels[c],
            Pictures = [.. own.Select(p => p.Index)],
            Wrong = own.Count(p => p.IsRight == false),
            IsScanned = c < 2,
            Sharp = c == 0 ? 0.8 : 0.05,
            Aligned = 0.1,
            Clusters = c == 0
                ? [new AuditCluster(AuditView.Where, ClusterKind.Spectral, [.. own.Where(IsMarked).Select(p => p.Index)], 0.7, 1, 0.9)]
                : [],
        };
    }

    private static AuditFinding Mark(ImmutableArray<int> marked, int perClass, ImmutableArray<AuditPicture> pictures) => new()
    {
        Number = 1,
        Kind = FindingKind.SameMark,
        Class = 0,
        Label = Labels[0],
        Pictures = marked,
        OfClass = perClass,
        Sentence = FormattableString.Invariant($"{marked.Length} of {perClass} pictures called teapot show the same pixels."),
        Details = ["Taking their evidence away costs 0.49 of the probability, as much elsewhere 0.00."],
        Key = "aa11",
        Mark = new SharedMark(0.8, 0.1, 0.05, 0.1, "at the lower left", Drawn(1), marked.Length),
        Effect = new Counterfactual(4, new(0.49, 0.43, 0.55), new(0, -0.01, 0.01), new(0.49, 0.42, 0.55), 0.72, 60, 0.97),
        Outside = 0.9,
        AlsoIn = [new SharingClass(1, Labels[1], 3, 20)],
        Mean = Drawn(0),
        Pairs = [new CounterfactualPair(pictures[marked[0]].Index, Drawn(0), Drawn(2), 0.97f, 0.2f)],
    };

    private static AuditFinding WrongTogether(ImmutableArray<AuditPicture> pictures, int perClass)
    {
        ImmutableArray<int> wrong = [.. pictures.Where(p => p.Class == 1 && p.IsRight == false).Select(p => p.Index)];
        return new AuditFinding
        {
            Number = 2,
            Kind = FindingKind.WrongTogether,
            Class = 1,
            Label = Labels[1],
            Pictures = wrong,
            OfClass = perClass,
            Wrong = wrong.Length,
            Sentence = FormattableString.Invariant($"{wrong.Length} of {perClass} pictures called key are wrong together."),
            Details = [],
            Key = "bb22",
            P = 0.01,
            Mean = Drawn(3),
        };
    }

    private static Picture Drawn(int seed)
    {
        byte[] pixels = new byte[Side * Side * 3];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)((i * (seed + 1) * 7 / (3 * Side)) & 0xFF);
        return new Picture(Side, Side, pixels);
    }
}
