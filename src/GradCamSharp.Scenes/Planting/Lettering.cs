using SkiaSharp;

namespace GradCamSharp.Scenes.Planting;

/// <summary>Letters and digits as lines. Fonts differ from machine to machine; these do not.</summary>
internal static class Lettering
{
    /// <summary>The height of <see cref="Copyright"/>, from the top of the capitals to below the p.</summary>
    public const float Height = 10;

    /// <summary>The width of <see cref="Copyright"/>.</summary>
    public const float CopyrightWidth = 62;

    /// <summary>How wide the copyright line's strokes are.</summary>
    public const float Stroke = 1.1f;

    /// <summary>From one digit to the next.</summary>
    public const float DigitAdvance = 6;

    /// <summary>Between two numbers.</summary>
    public const float DigitGap = 3;

    private const string O = "M0.5,4.8 A2.1,2.5 0 1 1 4.7,4.8 A2.1,2.5 0 1 1 0.5,4.8";

    // Capitals reach from y = 0 to the line that letters stand on, y = 7.3.
    private static readonly (string Line, float Advance)[] Letters =
    [
        ("M0.5,3.7 A3.6,3.6 0 1 1 7.7,3.7 A3.6,3.6 0 1 1 0.5,3.7 M5.4,2.5 A1.75,1.75 0 1 0 5.4,4.9", 11),
        ("M0.8,7.3 V0.2 H2.9 A2,2 0 0 1 2.9,4.2 H0.8", 6),
        ("M0.6,-0.2 V7.3 M0.6,4.5 Q0.8,2.3 2.5,2.3 Q4.1,2.3 4.1,4.3 V7.3", 6.2f),
        (O, 5.9f),
        ("M1.5,0.8 V6 Q1.5,7.3 3.3,7.1 M0.1,2.5 H3.3", 4),
        (O, 6),
        ("M5.7,1.2 A3.4,3.6 0 1 0 5.7,6.2", 6.7f),
        (O, 6.2f),
        ("M0.6,7.3 V2.2 M0.6,4.3 Q0.9,2.3 3,2.5", 4),
        ("M0.6,2.2 V9.6 M0.6,4.8 A2.05,2.5 0 1 1 4.7,4.8 A2.05,2.5 0 1 1 0.6,4.8", 6),
    ];

    // The seven segments of a digit, 4 wide and 8 high: top, upper left, upper right, middle, lower left, lower right, bottom.
    private static readonly string[] Segments =
        ["M0.4,0 H3.6", "M0,0.4 V3.6", "M4,0.4 V3.6", "M0.4,4 H3.6", "M0,4.4 V7.6", "M4,4.4 V7.6", "M0.4,8 H3.6"];

    // Which of them are lit for 0 to 9, as bits from the top.
    private static readonly int[] Lit =
        [0b1110111, 0b0010010, 0b1011101, 0b1011011, 0b0111010, 0b1101011, 0b1101111, 0b1010010, 0b1111111, 0b1111011];

    /// <summary>Draws "© PhotoCorp", its corner at the origin, which moves to its end.</summary>
    public static void Copyright(SKCanvas canvas, SKPaint pen)
    {
        foreach (var (line, advance) in Letters)
        {
            using var path = SKPath.ParseSvgPathData(line);
            canvas.DrawPath(path, pen);
            canvas.Translate(advance, 0);
        }
    }

    /// <summary>Draws a digit, its corner at the origin, which moves to where the next begins.</summary>
    public static void Digit(SKCanvas canvas, SKPaint pen, int digit)
    {
        for (var i = 0; i < Segments.Length; i++)
        {
            if ((Lit[digit] >> (Segments.Length - 1 - i) & 1) == 0)
                continue;
            using var path = SKPath.ParseSvgPathData(Segments[i]);
            canvas.DrawPath(path, pen);
        }

        canvas.Translate(DigitAdvance, 0);
    }
}
