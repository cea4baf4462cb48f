using System.Collections.Immutable;
using GradCamSharp.Compilation;
using GradCamSharp.Methods;

namespace GradCamSharp.Runtime;

/// <summary>The sums of one method's maps, [N][M]: an account where a score was shared out, a residual where a change was.</summary>
/// <param name="Accounts">Where a score went; empty where a change was shared out.</param>
/// <param name="Residuals">By how much shares do not sum to a change, as a share of their magnitudes' sum; else empty.</param>
internal sealed record AccountTable(ImmutableArray<RelevanceAccount> Accounts, ImmutableArray<double> Residuals)
{
    public static AccountTable Empty { get; } = new([], []);

    /// <summary>The place of the first account that does not close; null where all do.</summary>
    public int? Open
    {
        get
        {
            for (int i = 0; i < Accounts.Length; i++)
            {
                if (!Accounts[i].Closes)
                    return i;
            }

            return null;
        }
    }

    public static AccountTable Read(AccountOutput output, ReadOnlySpan<double> sums)
    {
        int kinds = output.Kinds.Count, magnitude = output.Kinds.ToList().IndexOf(RelevanceAccount.Magnitude);
        var accounts = ImmutableArray.CreateBuilder<RelevanceAccount>();
        var residuals = ImmutableArray.CreateBuilder<double>();
        for (int at = 0; at < sums.Length; at += kinds)
        {
            double score = sums[at], input = sums[at + 1], size = sums[at + magnitude];
            if (output.IsChange)
            {
                residuals.Add(size == 0 ? score == 0 ? 0 : 1 : Math.Abs(score - input) / size);
                continue;
            }

            var absorbed = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
            for (int k = 2; k < kinds; k++)
            {
                if (k != magnitude)
                    absorbed[output.Kinds[k]] = sums[at + k];
            }

            accounts.Add(new RelevanceAccount(score, input, absorbed.ToImmutable()) { InputMagnitude = size });
        }

        return new AccountTable(accounts.ToImmutable(), residuals.ToImmutable());
    }
}
