using GradCamSharp.Evaluation.Sampling;
using GradCamSharp.Scenes.Drawing;

namespace GradCamSharp.Scenes.Shapes;

/// <summary>Bicycles and umbrellas.</summary>
internal static class Outdoors
{
    /// <summary>A bicycle that rides to the right: two wheels with spokes, diamond frame, saddle, handlebar, pedals.</summary>
    public static void Bicycle(Figure figure, SeededRandom random)
    {
        float r = random.Range(34, 41), half = random.Range(50, 58), tyre = random.Range(6, 9), tube = random.Range(5, 7.5f);
        float y = 30, seat = random.Range(-40, -26), head = random.Range(-36, -26);
        foreach (var x in (ReadOnlySpan<float>)[-half, half])
        {
            var first = random.Range(0, 22);
            for (var spoke = 0; spoke < 8; spoke++)
            {
                figure.Turn(first + (spoke * 22.5f), x, y);
                figure.Stroke(Slot.Accent, 1.8f, $"M{x - r},{y} L{x + r},{y}", 0.2f);
            }

            figure.Turn(0).Stroke(Slot.Secondary, tyre, $"{Figure.Circle(x, y, r)}", -0.1f);
            figure.Stroke(Slot.Accent, 2, $"{Figure.Circle(x, y, r - (tyre * 0.5f))}", 0.3f);
            figure.Fill(Slot.Accent, Form.Ball, $"{Figure.Circle(x, y, 5)}");
        }

        float crank = -10, top = seat + 12, neck = half - 20;
        figure.Stroke(Slot.Primary, tube * 0.8f, $"M{-half},{y} L{crank},{y + 4} M{-half},{y} L-24,{top}");
        figure.Stroke(Slot.Primary, tube, $"M-26,{seat} L{crank},{y + 4} L{neck + 3},{head + 14} M-23,{top} L{neck},{head + 4}");
        figure.Stroke(Slot.Primary, tube, $"M{neck - 3},{head - 12} L{neck + 5},{head + 18} Q{half - 6},{y - 12} {half},{y}", 0.06f);
        figure.Fill(Slot.Accent, Form.Ball, $"{Figure.Circle(crank, y + 4, 10)}");
        figure.Stroke(Slot.Accent, 4, $"M{crank},{y + 4} L{crank + 8},{y + 21} M{crank + 1},{y + 22} L{crank + 15},{y + 22}", -0.25f);
        figure.Fill(Slot.Secondary, Form.Lying, $"""
            M-46,{seat - 6} Q-44,{seat - 12} -28,{seat - 8} Q-16,{seat - 8} -8,{seat - 5}
            Q-8,{seat - 1} -20,{seat} Q-42,{seat + 6} -46,{seat - 6} Z
            """);
        if (random.Chance(0.5f))
            figure.Stroke(Slot.Secondary, tube, $"""
                M{neck - 4},{head - 12} L{neck + 14},{head - 15}
                C{neck + 34},{head - 14} {neck + 32},{head + 10} {neck + 14},{head + 6}
                """);
        else
            figure.Stroke(Slot.Secondary, tube, $"M{neck - 4},{head - 12} L{neck},{head - 22} L{neck - 26},{head - 26}");
    }

    /// <summary>An open umbrella: hooked stick, canopy with scalloped edge, panels and ribs.</summary>
    public static void Umbrella(Figure figure, SeededRandom random)
    {
        float w = random.Range(76, 98), top = random.Range(-82, -66), droop = random.Range(8, 18);
        var panels = random.Below(3) + 4;
        var hook = random.Sign() * random.Range(11, 15);
        figure.Stroke(Slot.Accent, 5.5f, $"M0,{top - 14} L0,76", -0.1f);
        figure.Stroke(Slot.Secondary, 8, $"""
            M0,58 L0,80 A{MathF.Abs(hook)},{MathF.Abs(hook)} 0 0 {(hook > 0 ? 0 : 1)} {2 * hook},80
            L{2 * hook},76
            """);

        // The edge's points lie on half an ellipse, so panels narrow towards the sides as they do in perspective.
        float Edge(int i) => -w * MathF.Cos(MathF.PI * i / panels);
        for (var i = 0; i < panels; i++)
        {
            float x0 = Edge(i), x1 = Edge(i + 1), middle = (x0 + x1) / 2;
            figure.Fill(i % 2 == 0 ? Slot.Primary : Slot.Secondary, Form.Ball,
                $"""
                M0,{top} C{x0 * 0.62f},{top + 2} {x0 * 0.97f},{top * 0.55f} {x0},0 Q{middle},{-droop} {x1},0
                C{x1 * 0.97f},{top * 0.55f} {x1 * 0.62f},{top + 2} 0,{top} Z
                """,
                (0.5f - ((float)i / panels)) * 0.3f);
        }

        for (var i = 1; i < panels; i++)
        {
            var x = Edge(i);
            figure.Stroke(Slot.Primary, 2, $"M0,{top} C{x * 0.62f},{top + 2} {x * 0.97f},{top * 0.55f} {x},0", -0.35f);
        }

        figure.Fill(Slot.Accent, Form.Ball, $"{Figure.Ellipse(0, top - 3, 6, 5)}");
    }
}
