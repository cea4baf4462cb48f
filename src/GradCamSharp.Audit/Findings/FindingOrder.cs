using GradCamSharp.Audit.Results;

namespace GradCamSharp.Audit.Findings;

/// <summary>
/// The order of findings: marks by how sharp they are, what taking them costs and how much of the class has them; then errors by how sure
/// they are; then evidence elsewhere by what it costs; then the rest.
/// </summary>
internal sealed class FindingOrder : IComparer<AuditFinding>
{
    public static FindingOrder Instance { get; } = new();

    public int Compare(AuditFinding? x, AuditFinding? y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        int order = x.Kind.CompareTo(y.Kind);
        if (order == 0)
            order = Suspicion(y).CompareTo(Suspicion(x));
        if (order == 0)
            order = x.Class.CompareTo(y.Class);
        return order != 0 ? order : string.CompareOrdinal(x.Key, y.Key);
    }

    private static double Suspicion(AuditFinding finding) => finding.Kind switch
    {
        FindingKind.WrongTogether => -(finding.P ?? 1),
        FindingKind.Elsewhere => finding.Effect?.Difference.Mean ?? 0,
        FindingKind.Split => -finding.Pictures.Length,
        _ => Math.Max(finding.Mark!.Sharp, finding.Mark.Aligned) * (finding.Effect?.Taken.Mean ?? 0)
            * Math.Sqrt((double)finding.Pictures.Length / finding.OfClass),
    };
}
