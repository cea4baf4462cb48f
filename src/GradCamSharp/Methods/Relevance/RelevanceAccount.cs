using System.Collections.Immutable;

namespace GradCamSharp.Methods;

/// <summary>Where the relevance of one map went: what arrived at the input and what the network kept on the way make the score.</summary>
/// <param name="Score">What was shared out: the score S of the class.</param>
/// <param name="Input">The sum of the input's relevance.</param>
/// <param name="Absorbed">
/// What the network's own parts kept, by kinds: bias, epsilon (in denominators), empty side (of a layer without contributions of the sign
/// that is shared by), softmax, constant (a class token, a position's embedding, padding before the first layer) and
/// rounding (of quantised networks).
/// </param>
public sealed record RelevanceAccount(double Score, double Input, ImmutableSortedDictionary<string, double> Absorbed)
{
    /// <summary>The largest share of what was added up by which an account that closes is off.</summary>
    public const double Limit = 1e-5;

    internal const string Magnitude = "magnitude";

    /// <summary>The sum of the magnitudes of the input's relevance: how much of it cancels.</summary>
    public double InputMagnitude { get; init; }

    /// <summary>By how much the account does not close: the score less all that was found.</summary>
    public double Gap => Score - Input - Absorbed.Values.Sum();

    /// <summary>The gap as a share of the score's and the absorbed amounts' magnitudes.</summary>
    public double Error
    {
        get
        {
            double scale = Math.Abs(Score) + Absorbed.Values.Sum(Math.Abs);
            return scale == 0 ? Math.Abs(Gap) > 0 ? 1 : 0 : Math.Abs(Gap) / scale;
        }
    }

    /// <summary>Whether the account closes, to what 32-bit floats can do where much of it cancels.</summary>
    public bool Closes => Math.Abs(Gap) <= Limit * (Math.Abs(Score) + Absorbed.Values.Sum(Math.Abs) + InputMagnitude);
}
