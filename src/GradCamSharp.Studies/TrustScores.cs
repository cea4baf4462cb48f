namespace GradCamSharp.Studies;

/// <summary>
/// The normalised scores of section 4.2: a picture's answers count 1 together, shared as they were given; scores are sums over the
/// pictures.
/// </summary>
/// <param name="A">The first method's score, from 0 to the number of pictures.</param>
/// <param name="B">The second method's.</param>
/// <param name="Same">What goes to neither.</param>
public readonly record struct TrustScores(double A, double B, double Same)
{
    /// <summary>The scores' sum: the number of pictures with answers.</summary>
    public double Sum => A + B + Same;

    /// <summary>One of the scores.</summary>
    public double this[Preference preference] => preference switch
    {
        Preference.A => A,
        Preference.B => B,
        _ => Same,
    };

    /// <summary>Adds up the shares of the answers.</summary>
    /// <param name="counts">How often A, B and the same were answered, one row a picture. Pictures without answers count nothing.</param>
    public static TrustScores Of(IEnumerable<int[]> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        double a = 0, b = 0, same = 0;
        foreach (int[] row in counts)
        {
            double answers = row[0] + row[1] + row[2];
            if (answers == 0)
                continue;
            a += row[0] / answers;
            b += row[1] / answers;
            same += row[2] / answers;
        }

        return new TrustScores(a, b, same);
    }
}
