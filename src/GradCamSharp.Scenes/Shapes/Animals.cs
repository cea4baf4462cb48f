using GradCamSharp.Evaluation.Sampling;
using GradCamSharp.Scenes.Drawing;

namespace GradCamSharp.Scenes.Shapes;

/// <summary>Fish and birds.</summary>
internal static class Animals
{
    /// <summary>A fish that swims to the right: tail, fins, body, gill, scales or stripes, eye.</summary>
    public static void Fish(Figure figure, SeededRandom random)
    {
        float h = random.Range(26, 42), fork = random.Range(26, 40), notch = random.Range(-88, -74);
        figure.Fill(Slot.Secondary, Form.Flat,
            $"""
            M-44,0 C-62,-6 -76,{-fork * 0.8f} -100,{-fork} Q{notch},{-fork * 0.3f} {notch},0
            Q{notch},{fork * 0.3f} -100,{fork} C-76,{fork * 0.8f} -62,6 -44,0 Z
            """);
        figure.Fill(Slot.Secondary, Form.Flat, $"M34,{-h * 0.7f} C18,{-h - 26} -18,{-h - 22} -34,{-h * 0.45f} Z", 0.08f);
        figure.Fill(Slot.Secondary, Form.Flat, $"M6,{h * 0.7f} C-2,{h + 18} -18,{h + 20} -26,{h + 14} L-22,{h * 0.5f} Z", -0.08f);
        figure.Fill(Slot.Primary, Form.Ball,
            $"""
            M84,4 C66,{-h * 0.9f} 20,{-h * 1.25f} -14,{-h * 0.72f} C-34,{-h * 0.45f} -46,-10 -58,-8 L-58,8
            C-46,10 -34,{h * 0.45f} -14,{h * 0.72f} C20,{h * 1.25f} 64,{h * 0.9f} 84,4 Z
            """);
        if (random.Chance(0.5f))
        {
            for (var i = 0; i < 3; i++)
            {
                float x = 24 - (i * 22), half = h * (0.82f - (i * 0.2f));
                figure.Fill(Slot.Accent, Form.Lying, $"""
                    M{x},{-half} Q{x - 12},0 {x},{half} L{x - 8},{half * 0.94f}
                    Q{x - 21},0 {x - 8},{-half * 0.94f} Z
                    """);
            }
        }
        else
        {
            for (var column = 0; column < 5; column++)
                for (var row = -2; row <= 2; row++)
                {
                    float x = 26 - (column * 13), y = (row + (column % 2 * 0.5f)) * 11;
                    if (MathF.Abs(y) < (h * 0.78f) - (column * h * 0.1f))
                        figure.Stroke(Slot.Accent, 2.2f, $"M{x - 1},{y - 5} Q{x - 8},{y} {x - 1},{y + 5}");
                }
        }

        figure.Stroke(Slot.Primary, 2.5f, $"M44,{-h * 0.62f} Q30,0 44,{h * 0.62f}", -0.4f);
        figure.Fill(Slot.Secondary, Form.Flat, $"M34,6 C20,8 8,18 6,28 C22,28 34,20 38,10 Z", -0.12f);
        figure.Stroke(Slot.Primary, 2, $"M80,8 Q72,12 66,11", -0.5f);
        Eye(figure, 60, -h * 0.26f, 6);
    }

    /// <summary>A bird that stands and looks to the right: legs, tail, body, head, beak, wing with feathers, eye.</summary>
    public static void Bird(Figure figure, SeededRandom random)
    {
        float plump = random.Range(30, 40), tail = random.Range(48, 74), drop = random.Range(10, 44), head = random.Range(18, 23);
        float beak = random.Range(16, 30), leg = random.Range(20, 30);
        foreach (var x in (ReadOnlySpan<float>)[-4, 12])
        {
            figure.Stroke(Slot.Accent, 4, $"M{x},{plump - 6} L{x + 4},{plump + leg}", -0.1f);
            figure.Stroke(Slot.Accent, 3.5f, $"M{x - 8},{plump + leg + 2} L{x + 4},{plump + leg - 2} L{x + 16},{plump + leg + 2}", -0.1f);
        }

        figure.Fill(Slot.Secondary, Form.Flat,
            $"M-24,-8 L{-40 - tail},{drop - 8} L{-34 - tail},{drop + 10} L-16,22 Z", -0.12f);
        figure.Fill(Slot.Accent, Form.Lying, $"M{42 + (head * 0.6f)},-46 L{44 + head + beak},-36 L{42 + (head * 0.6f)},-30 Z");
        figure.Fill(Slot.Primary, Form.Ball,
            $"""
            M-40,0 C-30,{-plump * 0.9f} 8,{-plump} 24,-52 C32,-66 58,-64 62,-44 C64,-28 54,-20 52,-6
            C48,{plump * 0.7f} 20,{plump} -2,{plump} C-26,{plump} -40,18 -40,0 Z
            """);
        if (random.Chance(0.35f))
            figure.Fill(Slot.Accent, Form.Flat, $"M30,-58 C24,-74 14,-80 6,-82 C12,-70 16,-60 26,-52 Z");

        figure.Fill(Slot.Primary, Form.Ball, $"""
            M50,-12 C50,{plump * 0.5f} 26,{plump * 0.9f} 6,{plump * 0.9f} C26,{plump * 0.5f} 28,4 50,-12 Z
            """, 0.28f);
        figure.Fill(Slot.Secondary, Form.Lying, $"""
            M20,-18 C-6,-26 -36,-12 {-52 - (tail * 0.2f)},{drop * 0.5f} C-30,26 10,26 22,4 Q26,-8 20,-18 Z
            """, 0.05f);
        for (var i = 0; i < 3; i++)
            figure.Stroke(Slot.Secondary, 2.4f, $"""
                M{8 - (i * 8)},{-8 + (i * 8)} Q-20,{-6 + (i * 9)} {-40 + (i * 6)},{(drop * 0.35f) + (i * 6)}
                """, -0.4f);

        Eye(figure, 49, -44, 5);
    }

    private static void Eye(Figure figure, float x, float y, float r)
    {
        figure.Fill(Slot.Accent, Form.Flat, $"{Figure.Circle(x, y, r)}", 0.8f);
        figure.Fill(Slot.Accent, Form.Flat, $"{Figure.Circle(x + 1, y, r * 0.58f)}", -0.85f);
        figure.Fill(Slot.Accent, Form.Flat, $"{Figure.Circle(x + 2, y - (r * 0.25f), r * 0.2f)}", 0.95f);
    }
}
