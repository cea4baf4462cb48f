namespace GradCamSharp.Imaging;

/// <summary>A colour for each value from 0 to 1.</summary>
public sealed class ColorMap
{
    private readonly byte[] table = new byte[256 * 3];

    private ColorMap(string name, Func<double, (double R, double G, double B)> color)
    {
        Name = name;
        for (int i = 0; i < 256; i++)
        {
            var (r, g, b) = color(i / 255.0);
            (table[3 * i], table[(3 * i) + 1], table[(3 * i) + 2]) = (ToByte(r), ToByte(g), ToByte(b));
        }
    }

    /// <summary>Google's Turbo (A. Mikhailov, 2019): perceptually smooth, many hues. The default. Within one level of its table.</summary>
    /// <remarks>Every fifth of the table's 256 colours, linear between; the known polynomial of degree 5 is up to 32 levels off.</remarks>
    public static ColorMap Turbo { get; } = Between(
        "turbo",
        "30123B 36215F 3B2F80 3F3E9C 424BB5 4559CB 4666DD 4773EB 4680F6 458CFD 4099FF 38A5FB 2FB2F4 " +
        "27BEE9 1FC9DD 1AD4D0 18DDC2 1AE4B6 22EBAA 2FF19B 3FF68A 52FA7A 65FD69 79FE59 8BFF4B 9CFE40 " +
        "A9FB39 B7F735 C3F134 D0EA34 DBE236 E5D938 EECF3A F5C53A FABA39 FDAE35 FEA130 FE932A FC8423 " +
        "F9751D F46617 EF5811 E84B0C E14109 D83706 CE2D04 C32503 B71D02 A91601 9B0F01 8B0902 7A0403");

    /// <summary>Matplotlib's inferno, by M. Zucker's polynomial fit: perceptually uniform, from black to yellow.</summary>
    public static ColorMap Inferno { get; } = Polynomial(
        "inferno",
        [0.0002189403691192265, 0.1065134194856116, 11.60249308247187, -41.70399613139459, 77.162935699427, -71.31942824499214,
            25.13112622477341],
        [0.001651004631001012, 0.5639564367884091, -3.972853965665698, 17.43639888205313, -33.40235894210092, 32.62606426397723,
            -12.24266895238567],
        [-0.01948089843709184, 3.932712388889277, -15.9423941062914, 44.35414519872813, -81.80730925738993, 73.20951985803202,
            -23.07032500287172]);

    /// <summary>Matplotlib's viridis, by M. Zucker's polynomial fit: perceptually uniform, from violet to yellow.</summary>
    public static ColorMap Viridis { get; } = Polynomial(
        "viridis",
        [0.2777273272234177, 0.1050930431085774, -0.3308618287255563, -4.634230498983486, 6.228269936347081, 4.776384997670288,
            -5.435455855934631],
        [0.005407344544966578, 1.404613529898575, 0.214847559468213, -5.799100973351585, 14.17993336680509, -13.74514537774601,
            4.645852612178535],
        [0.3340998053353061, 1.384590162594685, 0.09509516302823659, -19.33244095627987, 56.69055260068105, -65.35303263337234,
            26.3124352495832]);

    /// <summary>The rainbow of older papers. Not perceptually uniform; for comparison with them.</summary>
    public static ColorMap Jet { get; } = new("jet", v => (Ramp(v - 0.75), Ramp(v - 0.5), Ramp(v - 0.25)));

    /// <summary>From black to white.</summary>
    public static ColorMap Gray { get; } = new("gray", v => (v, v, v));

    /// <summary>Two colours around 0, for values from -1 (against, blue) to 1 (for, red); told apart by the colour-blind too.</summary>
    /// <remarks>0.5 is 0: pale, as nothing speaks there.</remarks>
    public static ColorMap BlueRed { get; } = Between("blue-red", "0B3C8C 1D62C9 5A9BE6 F2F2F2 F0825A D63A26 9B0F1F");

    /// <summary>The colour maps that a user can choose, for evidence from none to the most.</summary>
    public static IReadOnlyList<ColorMap> All { get; } = [Turbo, Inferno, Viridis, Jet, Gray];

    /// <summary>The name on the command line.</summary>
    public string Name { get; }

    /// <summary>The colour map of a name.</summary>
    /// <exception cref="ArgumentException">There is no such colour map.</exception>
    public static ColorMap Parse(string name) => All.FirstOrDefault(m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException(
            $"There is no colour map '{name}'. The colour maps are {string.Join(", ", All.Select(m => m.Name))}.");

    /// <summary>R, G, B of the 256 levels.</summary>
    internal ReadOnlySpan<byte> Table => table;

    /// <summary>The colour of a value; values outside [0, 1] get the ends' colours.</summary>
    public (byte R, byte G, byte B) this[float value]
    {
        get
        {
            int at = 3 * Level(value);
            return (table[at], table[at + 1], table[at + 2]);
        }
    }

    /// <summary>The level, 0 to 255, of a value.</summary>
    internal static int Level(float value) => (int)((Math.Clamp(value, 0f, 1f) * 255) + 0.5f);

    // Linear between colours that lie at equal distances from 0 to 1, six hexadecimal digits each.
    private static ColorMap Between(string name, string colors)
    {
        byte[][] knots = [.. colors.Split(' ').Select(Convert.FromHexString)];
        return new(name, v =>
        {
            double at = v * (knots.Length - 1);
            int below = Math.Min((int)at, knots.Length - 2);
            byte[] from = knots[below], to = knots[below + 1];
            double Mix(int channel) => (from[channel] + ((to[channel] - from[channel]) * (at - below))) / 255;
            return (Mix(0), Mix(1), Mix(2));
        });
    }

    private static ColorMap Polynomial(string name, double[] r, double[] g, double[] b) =>
        new(name, v => (At(r, v), At(g, v), At(b, v)));

    private static double At(double[] coefficients, double value)
    {
        double sum = 0;
        for (int i = coefficients.Length - 1; i >= 0; i--)
            sum = (sum * value) + coefficients[i];
        return sum;
    }

    private static double Ramp(double distance) => Math.Clamp(1.5 - (4 * Math.Abs(distance)), 0, 1);

    private static byte ToByte(double value) => (byte)Math.Round(Math.Clamp(value, 0, 1) * 255);
}
