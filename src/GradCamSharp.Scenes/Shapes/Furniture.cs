using GradCamSharp.Evaluation.Sampling;
using GradCamSharp.Scenes.Drawing;

namespace GradCamSharp.Scenes.Shapes;

/// <summary>Chairs, table lamps and clocks.</summary>
internal static class Furniture
{
    /// <summary>A chair, seen from the front at an angle: four legs, seat, posts, and slats, spindles or a panel at the back.</summary>
    public static void Chair(Figure figure, SeededRandom random)
    {
        float back = random.Range(-100, -78), skew = random.Range(8, 22), leg = random.Range(6, 9), rake = random.Range(-4, 8);
        float l = -30 + skew, r = 34 + skew;
        figure.Stroke(Slot.Primary, leg * 0.9f, $"M{l},0 L{l - 1},70", -0.3f);
        figure.Stroke(Slot.Primary, leg * 0.9f, $"M{r},0 L{r + 3},70", -0.3f);
        figure.Stroke(Slot.Primary, leg * 0.6f, $"M{l},44 L{r},44", -0.35f);

        figure.Stroke(Slot.Primary, leg, $"M{l},-4 L{l + rake},{back}");
        figure.Stroke(Slot.Primary, leg, $"M{r},-4 L{r + rake},{back}");
        switch (random.Below(3))
        {
            case 0:
                for (var i = 0; i < 3; i++)
                {
                    var y = back + 6 + (i * 22);
                    figure.Fill(Slot.Secondary, Form.Flat, $"""
                        M{l + rake},{y} Q{(l + r) / 2},{y - 7} {r + rake},{y} L{r + rake},{y + 11}
                        Q{(l + r) / 2},{y + 4} {l + rake},{y + 11} Z
                        """);
                }

                break;
            case 1:
                for (var i = 1; i < 5; i++)
                {
                    var x = l + ((r - l) * i / 5);
                    figure.Stroke(Slot.Secondary, leg * 0.5f, $"M{x},-6 L{x + rake},{back + 8}");
                }

                figure.Stroke(Slot.Primary, leg * 1.5f, $"M{l + rake},{back} Q{((l + r) / 2) + rake},{back - 10} {r + rake},{back}", 0.08f);
                break;
            default:
                figure.Fill(Slot.Secondary, Form.Upright, $"""
                    M{l + rake - 2},{back - 6} Q{((l + r) / 2) + rake},{back - 16} {r + rake + 2},{back - 6}
                    L{r + 2},{back * 0.3f} L{l - 2},{back * 0.3f} Z
                    """);
                break;
        }

        figure.Fill(Slot.Primary, Form.Flat, $"M-46,18 L34,24 L34,33 L-46,27 Z", -0.25f);
        figure.Fill(Slot.Primary, Form.Flat, $"M34,24 L{r + 6},-4 L{r + 6},4 L34,33 Z", -0.4f);
        figure.Fill(Slot.Secondary, Form.Flat, $"M-46,18 L{l - 6},-8 L{r + 6},-4 L34,24 Z", 0.15f);
        figure.Stroke(Slot.Primary, leg, $"M-40,27 L-42,98");
        figure.Stroke(Slot.Primary, leg, $"M29,32 L32,102");
        if (random.Chance(0.5f))
            figure.Stroke(Slot.Primary, leg * 0.6f, $"M-41,66 L30,70", -0.1f);
    }

    /// <summary>A table lamp: foot, turned or plain stem, and a shade that shines from below.</summary>
    public static void Lamp(Figure figure, SeededRandom random)
    {
        float top = random.Range(16, 34), wide = random.Range(46, 64), edge = random.Range(-24, -8), foot = random.Range(26, 40);
        figure.Stroke(Slot.Secondary, random.Range(5, 9), $"M0,-30 L0,88");
        if (random.Chance(0.6f))
        {
            var belly = random.Range(14, 27);
            figure.Fill(Slot.Secondary, Form.Ball, $"M-6,10 C{-belly - 8},28 {-belly},66 -9,80 L9,80 C{belly},66 {belly + 8},28 6,10 Z");
            figure.Fill(Slot.Accent, Form.Lying, $"{Figure.Box(-9, 4, 9, 13, 3)}");
        }
        else
        {
            figure.Fill(Slot.Accent, Form.Ball, $"{Figure.Circle(0, random.Range(14, 54), 9)}");
        }

        figure.Fill(Slot.Secondary, Form.Lying, $"M-9,76 Q{-foot},80 {-foot},94 Q0,104 {foot},94 Q{foot},80 9,76 Z", -0.1f);
        figure.Fill(Slot.Primary, Form.Upright, $"""
            M{-top},-96 L{-wide},{edge} Q0,{edge + 16} {wide},{edge} L{top},-96 Q0,-90 {-top},-96 Z
            """, 0.1f);
        figure.Fill(Slot.Accent, Form.Upright, $"""
            M{-wide + 1.5f},{edge - 6} Q0,{edge + 10} {wide - 1.5f},{edge - 6} L{wide},{edge}
            Q0,{edge + 16} {-wide},{edge} Z
            """, 0.3f);
        if (random.Chance(0.5f))
        {
            figure.Stroke(Slot.Accent, 2.2f, $"M18,{edge + 4} L18,{edge + 36}");
            figure.Fill(Slot.Accent, Form.Ball, $"{Figure.Circle(18, edge + 38, 4)}");
        }
    }

    /// <summary>An alarm clock with bells and feet, or a wall clock; ticks and hands at a random hour.</summary>
    public static void Clock(Figure figure, SeededRandom random)
    {
        var r = random.Range(54, 62);
        if (random.Chance(0.7f))
        {
            figure.Stroke(Slot.Secondary, 8, $"M{-r * 0.6f},{r * 0.6f} L{-r * 0.82f},{r + 24}", -0.2f);
            figure.Stroke(Slot.Secondary, 8, $"M{r * 0.6f},{r * 0.6f} L{r * 0.82f},{r + 24}", -0.2f);
            foreach (var side in (ReadOnlySpan<float>)[-34, 34])
            {
                figure.Turn(side).Fill(Slot.Secondary, Form.Ball, $"M-26,{-r - 6} C-26,{-r - 36} 26,{-r - 36} 26,{-r - 6} Z");
                figure.Stroke(Slot.Secondary, 6, $"M0,{-r} L0,{-r - 6}");
            }

            figure.Turn(0).Stroke(Slot.Accent, 5, $"M0,{-r} L0,{-r - 14} M-8,{-r - 16} L8,{-r - 16}");
            if (random.Chance(0.5f))
                figure.Stroke(Slot.Secondary, 5, $"M-24,{-r - 20} C-24,{-r - 54} 24,{-r - 54} 24,{-r - 20}");
        }

        figure.Fill(Slot.Primary, Form.Ball, $"{Figure.Circle(0, 0, r + 8)}");
        figure.Fill(Slot.Secondary, Form.Flat, $"{Figure.Circle(0, 0, r - 5)}", 0.3f);
        for (var hour = 0; hour < 12; hour++)
        {
            figure.Turn(hour * 30);
            var length = hour % 3 == 0 ? 13 : 7;
            figure.Stroke(Slot.Accent, hour % 3 == 0 ? 5 : 3, $"M0,{-r + 10} L0,{-r + 10 + length}", -0.75f, round: false);
        }

        float h = random.Next() * 12, minutes = (h - MathF.Floor(h)) * 360;
        figure.Turn(h * 30).Stroke(Slot.Accent, 7, $"M0,8 L0,{-r * 0.48f}", -0.8f);
        figure.Turn(minutes).Stroke(Slot.Accent, 5, $"M0,10 L0,{-r * 0.74f}", -0.8f);
        figure.Turn(0).Fill(Slot.Secondary, Form.Ball, $"{Figure.Circle(0, 0, 6)}");
    }
}
