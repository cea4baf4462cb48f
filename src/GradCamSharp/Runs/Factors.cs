using System.Numerics;
using System.Runtime.CompilerServices;

namespace GradCamSharp.Runs;

/// <summary>
/// Searches factors, of which nearly all are alike. What many runs go through is compiled at its best at once: a method is called too
/// seldom to be compiled again before somebody waits for it.
/// </summary>
internal static class Factors
{
    /// <summary>The first place, from one on, whose factor is another than a value; the length where there is none.</summary>
    /// <param name="factors">The factors.</param>
    /// <param name="from">Where the search begins.</param>
    /// <param name="value">The value.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int NextOtherThan(float value, ReadOnlySpan<float> factors, int from)
    {
        var same = new Vector<float>(value);
        int i = from;
        while (i <= factors.Length - Vector<float>.Count && Vector.EqualsAll(new Vector<float>(factors[i..]), same))
            i += Vector<float>.Count;
        while (i < factors.Length && factors[i] == value)
            i++;
        return i;
    }
}
