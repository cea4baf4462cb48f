namespace GradCamSharp.Audit.Statistics;

/// <summary>Fisher's exact test: does a group have more of something than the rest?</summary>
internal static class FisherExact
{
    /// <summary>
    /// The probability that a group drawn from all has at least as many of them: the upper tail of the hypergeometric distribution.
    /// </summary>
    /// <param name="inGroup">How many the group has.</param>
    /// <param name="group">The group's size.</param>
    /// <param name="inAll">How many all have.</param>
    /// <param name="all">The number of all.</param>
    public static double Greater(int inGroup, int group, int inAll, int all)
    {
        double p = 0;
        for (int k = inGroup; k <= Math.Min(group, inAll); k++)
        {
            if (group - k <= all - inAll)
                p += Math.Exp(LogChoose(inAll, k) + LogChoose(all - inAll, group - k) - LogChoose(all, group));
        }

        return Math.Min(1, p);
    }

    private static double LogChoose(int n, int k) => LogFactorial(n) - LogFactorial(k) - LogFactorial(n - k);

    // Exact sums for small numbers, Stirling's series for others: its error is below 10^-12 from 32 on.
    private static double LogFactorial(int n)
    {
        if (n < 32)
        {
            double sum = 0;
            for (int i = 2; i <= n; i++)
                sum += Math.Log(i);
            return sum;
        }

        double x = n + 1, square = x * x;
        return ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI)) + (1 / (12 * x)) - (1 / (360 * x * square))
            + (1 / (1260 * x * square * square));
    }
}
