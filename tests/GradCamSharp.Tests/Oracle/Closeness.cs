using System.Numerics.Tensors;

namespace GradCamSharp.Tests.Oracle;

/// <summary>How far values are from a reference, in shares of the reference's largest value.</summary>
internal static class Closeness
{
    /// <summary>
    /// The largest difference by the reference's largest magnitude; infinite where a value is not a number or the lengths differ.
    /// </summary>
    public static double WorstError(ReadOnlySpan<float> actual, ReadOnlySpan<float> reference)
    {
        if (actual.Length != reference.Length)
            return double.PositiveInfinity;
        double worst = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            double difference = Math.Abs((double)actual[i] - reference[i]);
            worst = double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(worst, difference);
        }

        double largest = Math.Abs((double)TensorPrimitives.MaxMagnitude(reference));
        return worst == 0 ? 0 : worst / largest;
    }

    /// <summary>
    /// Fails, with the figure, where the worst error is not within the tolerance; notes the figure in the test's output otherwise.
    /// </summary>
    public static void AssertWithin(double tolerance, ReadOnlySpan<float> actual, ReadOnlySpan<float> reference, string what)
    {
        double error = WorstError(actual, reference);
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"{what}: {error:E1}"));
        Assert.True(error <= tolerance, FormattableString.Invariant(
            $"{what}: the worst error is {error:E2} of the reference's maximum; {tolerance:E0} is allowed."));
    }
}
