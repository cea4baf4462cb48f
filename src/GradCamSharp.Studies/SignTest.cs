namespace GradCamSharp.Studies;

/// <summary>The exact two-sided sign test: is one side preferred for more pictures than chance would have it?</summary>
/// <param name="A">Pictures for which A was answered more often than B.</param>
/// <param name="B">Pictures for which B was answered more often than A.</param>
/// <param name="Ties">Pictures for which both were answered equally often; they do not take part.</param>
/// <param name="P">The probability of a split at least as uneven if either side were as likely, from 0 to 1; 1 where no picture takes
/// part.</param>
public sealed record SignTest(int A, int B, int Ties, double P)
{
    /// <summary>Compares A with B. A picture is one observation: answers about the same picture are not independent.</summary>
    /// <param name="counts">How often A, B and the same were answered, one row a picture.</param>
    public static SignTest Of(IEnumerable<int[]> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        int a = 0, b = 0, ties = 0;
        foreach (int[] row in counts)
        {
            if (row[0] > row[1])
                a++;
            else if (row[1] > row[0])
                b++;
            else
                ties++;
        }

        return new SignTest(a, b, ties, TwoSided(Math.Min(a, b), a + b));
    }

    // min(1, 2 P(X <= k)), X binomial(n, 1/2). Terms are built from the logarithm of the first: 2^-n is 0 in double from n = 1075 on.
    private static double TwoSided(int k, int n)
    {
        double logTerm = -n * Math.Log(2), sum = Math.Exp(logTerm);
        for (int i = 1; i <= k; i++)
        {
            logTerm += Math.Log((double)(n - i + 1) / i);
            sum += Math.Exp(logTerm);
        }

        return Math.Min(1, 2 * sum);
    }
}
