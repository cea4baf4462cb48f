using System.Globalization;

namespace GradCamSharp.Studies;

/// <summary>How a study's figures are written.</summary>
public static class StudyText
{
    /// <summary>A probability with two digits that count; very small ones as a bound.</summary>
    public static string Probability(double p) =>
        p < 0.0001 ? "< 0.0001" : p.ToString(p < 0.01 ? "0.0000" : "0.000", CultureInfo.InvariantCulture);

    /// <summary>Kappa, or a dash where it is undefined.</summary>
    public static string Kappa(FleissKappa agreement) => agreement.Kappa?.ToString("0.00", CultureInfo.InvariantCulture) ?? "–";
}
