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

    /// <summary>Google's Turbo (A. Mikhailov, 2019), by its published polynomial: perceptually smooth, many hues. The default.</summary>
    public static ColorMap Turbo { get; } = Polynomial("turbo",
        [0.13572138, 4.61539260, -42.66032258, 132.13108234, -152.94239396, 59.28637943],
        [0.09140261, 2.19418839, 4.84296658, -14.18503333, 4.27729857, 2.82956604],
        [0.10667330, 12.64194608, -60.58204836, 110.36276771, -89.90310912, 27.34824973]);

    /// <summary>Matplotlib's inferno, by M. Zucker's polynomial fit: perceptually uniform, from black to yellow.</summary>
    public static ColorMap Inferno { get; } = Polynomial("inferno",
        [0.0002189403691192265, 0.1065134194856116, 11.60249308247187, -41.70399613139459, 77.162935699427, -71.31942824499214, 25.13112622477341],
        [0.001651004631001012, 0.5639564367884091, -3.972853965665698, 17.43639888205313, -33.40235894210092, 32.62606426397723, -12.24266895238567],
        [-0.01948089843709184, 3.932712388889277, -15.9423941062914, 44.35414519872813, -81.80730925738993, 73.20951985803202, -23.07032500287172]);

    /// <summary>Matplotlib's viridis, by M. Zucker's polynomial fit: perceptually uniform, from violet to yellow.</summary>
    public static ColorMap Viridis { get; } = Polynomial("viridis",
        [0.2777273272234177, 0.1050930431085774, -0.3308618287255563, -4.634230498983486, 6.228269936347081, 4.776384997670288, -5.435455855934631],
        [0.005407344544966578, 1.404613529898575, 0.214847559468213, -5.799100973351585, 14.17993336680509, -13.74514537774601, 4.645852612178535],
        [0.3340998053353061, 1.384590162594685, 0.09509516302823659, -19.33244095627987, 56.69055260068105, -65.35303263337234, 26.3124352495832]);

    /// <summary>The rainbow of older papers. Not perceptually uniform; for comparison with them.</summary>
    public static ColorMap Jet { get; } = new("jet", v => (Ramp(v - 0.75), Ramp(v - 0.5), Ramp(v - 0.25)));

    /// <summary>From black to white.</summary>
    public static ColorMap Gray { get; } = new("gray", v => (v, v, v));

    /// <summary>All colour maps.</summary>
    public static IReadOnlyList<ColorMap> All { get; } = [Turbo, Inferno, Viridis, Jet, Gray];

    /// <summary>The name on the command line.</summary>
    public string Name { get; }

    /// <summary>The colour map of a name.</summary>
    /// <exception cref="ArgumentException">There is no such colour map.</exception>
    public static ColorMap Parse(string name) => All.FirstOrDefault(m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"There is no colour map '{name}'. The colour maps are {string.Join(", ", All.Select(m => m.Name))}.");

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

    private static ColorMap Polynomial(string name, double[] r, double[] g, double[] b) => new(name, v => (At(r, v), At(g, v), At(b, v)));

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
