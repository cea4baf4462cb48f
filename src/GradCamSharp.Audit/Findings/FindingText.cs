using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using GradCamSharp.Audit.Results;

namespace GradCamSharp.Audit.Findings;

/// <summary>Findings in words.</summary>
internal static class FindingText
{
    /// <summary>What a kind is called in files.</summary>
    public static string Name(FindingKind kind) => kind switch
    {
        FindingKind.SameMark => "same-mark",
        FindingKind.WrongTogether => "wrong-together",
        FindingKind.Elsewhere => "elsewhere",
        FindingKind.UnusedMark => "unused-mark",
        _ => "split",
    };

    /// <summary>What taking evidence away costs.</summary>
    public static string Cost(Counterfactual effect, string what) =>
        $"Taking {what} away costs {Plain(effect.Taken.Mean)} of the probability " +
        $"({Plain(effect.Taken.Low)} to {Plain(effect.Taken.High)}), as much elsewhere {Plain(effect.Turned.Mean)}.";

    /// <summary>What putting a mark into other pictures does.</summary>
    public static IEnumerable<string> Put(Counterfactual effect, string label)
    {
        if (effect.Put is not { } put)
            yield break;
        string bare = effect.PutWithoutObject is { } without
            ? string.Create(CultureInfo.InvariantCulture, $", and {100 * without:0} % of them with their objects painted over") : "";
        yield return string.Create(CultureInfo.InvariantCulture,
            $"{100 * put:0} % of {effect.PutCount} other pictures become {label} when it is put into them{bare}.");
    }

    /// <summary>Where evidence lies.</summary>
    public static IEnumerable<string> Outside(double? share)
    {
        if (share is { } outside)
            yield return FormattableString.Invariant($"{100 * outside:0} % of the evidence lies outside of the objects' boxes.");
    }

    /// <summary>A finding's key: the SHA-256 of what it is.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="label">Its class.</param>
    /// <param name="ids">Its pictures.</param>
    public static string Key(FindingKind kind, string label, IEnumerable<string> ids) => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes($"{Name(kind)}\n{label}\n{string.Join('\n', ids.Order(StringComparer.Ordinal))}")))[..16];

    // Never a minus before nothing.
    private static string Plain(double value) =>
        (Math.Abs(value) < 0.005 ? 0 : value).ToString("0.00", CultureInfo.InvariantCulture);
}
