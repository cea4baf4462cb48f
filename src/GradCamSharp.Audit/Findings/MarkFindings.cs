using System.Collections.Immutable;
using GradCamSharp.Audit.Effects;
using GradCamSharp.Audit.Results;
using GradCamSharp.Audit.Scanning;
using GradCamSharp.Audit.Statistics;
using GradCamSharp.Imaging;

namespace GradCamSharp.Audit.Findings;

/// <summary>Tells the marks that pictures share: those that the network uses, and those that it does not need.</summary>
internal sealed class MarkFindings(
    EvidencePictures evidence, IReadOnlyList<ClassAnalysis> classes, EffectTrial trial, AuditOptions options)
{
    // The share of false ones among all marks that are told.
    private const double FalseShare = 0.05;
    private const int LeastPictures = ViewScan.Members;

    /// <summary>The marks.</summary>
    /// <param name="level">The level.</param>
    /// <param name="steps">Told the number of classes that were looked at.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public List<AuditFinding> Find(AuditLevel level, IProgress<int>? steps, CancellationToken cancellationToken)
    {
        var finder = new MarkFinder(evidence, classes, options);
        var tested = new List<(FoundMark Mark, Counterfactual Effect, double P, ImmutableArray<CounterfactualPair> Pairs)>();
        foreach (var (done, of) in classes.Index())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (finder.Find(of, level) is { } mark && mark.Core.Length >= LeastPictures)
                tested.Add((mark, trial.OfMark(of.Class, mark.Core, out double p, out var pairs), p, pairs));
            steps?.Report(done + 1);
        }

        double[] corrected = Corrections.BenjaminiHochberg([.. tested.Select(t => t.P)]);
        var others = classes.Where(c => tested.All(t => t.Mark.Of.Class != c.Class)).ToList();
        double sharp = others.Select(c => c.Sharp).DefaultIfEmpty(0).Max(), aligned = others.Select(c => c.Aligned).DefaultIfEmpty(0).Max();
        return [.. tested.Select((t, i) => Tell(t.Mark, t.Effect, corrected[i], t.Pairs, sharp, aligned))];
    }

    private AuditFinding Tell(
        FoundMark mark, Counterfactual effect, double p, ImmutableArray<CounterfactualPair> pairs, double sharpElsewhere,
        double alignedElsewhere)
    {
        bool isUsed = effect.Difference.Low > EffectSize.Least && p <= FalseShare;
        var kind = isUsed ? FindingKind.SameMark : FindingKind.UnusedMark;
        var of = mark.Of;
        string place = MarkFinder.Place(mark.Places, evidence.Input), verb = options.Explained == AuditedClass.Predicted ? "called" : "of";
        var pictures = mark.Pictures.Select(i => evidence.All[i]).ToList();
        double[] outside = [.. mark.Core.Select(i => evidence.All[i].Outside).OfType<double>()];
        double? share = outside.Length == 0 ? null : outside.Average();
        string sentence = FormattableString.Invariant(
            $"{pictures.Count} of {of.Looked.Length} pictures {verb} {of.Label} show the same pixels where their evidence lies, {place}") +
            (isUsed ? "." : ", and the network does not need them.");
        var sharing = mark.AlsoIn.Where(s => s.Pictures > 1).ToList();
        return new AuditFinding
        {
            Number = 0,
            Kind = kind,
            Class = of.Class,
            Label = of.Label,
            Pictures = [.. mark.Pictures],
            OfClass = of.Looked.Length,
            Sentence = sentence,
            Details =
            [
                FindingText.Cost(effect, "their evidence"),
                .. FindingText.Put(effect, of.Label),
                .. FindingText.Outside(share),
                .. sharing.Count == 0 ? [] : (string[])[
                    "Other classes show it too: " + string.Join(", ", sharing.Select(s =>
                        FormattableString.Invariant($"{s.Label} ({s.Pictures} of {s.Looked} pictures that were looked at)"))) + "."],
            ],
            Key = FindingText.Key(kind, of.Label, pictures.Select(a => a.Id)),
            P = p,
            Mark = new SharedMark(of.Sharp, of.Aligned, sharpElsewhere, alignedElsewhere, place, Drawn(mark.Window), mark.Core.Length),
            Effect = effect,
            Outside = share,
            Wrong = pictures.Count(a => a.IsRight == false),
            AlsoIn = mark.AlsoIn,
            Mean = MeanPicture.Of(evidence, mark.Pictures),
            Pairs = pairs,
        };
    }

    // Grey in the middle, the largest magnitude black or white.
    private static Picture Drawn(float[] window)
    {
        float most = Math.Max(1e-6f, window.Max(Math.Abs));
        byte[] pixels = new byte[3 * window.Length];
        for (int i = 0; i < window.Length; i++)
            pixels.AsSpan(3 * i, 3).Fill((byte)MathF.Round(127.5f + (127.5f * window[i] / most)));
        return new Picture(EvidenceWindow.Side, EvidenceWindow.Side, pixels);
    }
}
