using GradCamSharp.Evaluation.Sampling;
using GradCamSharp.Scenes.Drawing;

namespace GradCamSharp.Scenes.Shapes;

/// <summary>Mugs and teapots.</summary>
internal static class Tableware
{
    /// <summary>A mug seen a little from above: body, handle, rim, what is in it, sometimes a band or a spot.</summary>
    public static void Mug(Figure figure, SeededRandom random)
    {
        float w = random.Range(38, 50), h = random.Range(44, 62), tilt = w * random.Range(0.16f, 0.28f);
        var foot = w - random.Range(-2, 9);
        float top = -h + 14, low = h - random.Range(14, 26), reach = w + random.Range(30, 42);
        figure.Stroke(Slot.Primary, random.Range(9, 14),
            $"M{w - 4},{top} C{reach},{top - 8} {reach + 4},{low + 4} {foot - 3},{low}", -0.05f, Form.Lying);
        figure.Fill(Slot.Primary, Form.Upright,
            $"""
            M{-w},{-h} L{-foot},{h - 10} Q{-foot + 2},{h + 2} {-foot + 14},{h + 5}
            Q0,{h + 12} {foot - 14},{h + 5} Q{foot - 2},{h + 2} {foot},{h - 10} L{w},{-h} Z
            """);

        switch (random.Below(4))
        {
            case 0:
                Band(figure, w, foot, h, -0.25f, 0.25f);
                break;
            case 1:
                Band(figure, w, foot, h, -0.55f, -0.4f);
                Band(figure, w, foot, h, 0.45f, 0.6f);
                break;
            case 2:
                figure.Fill(Slot.Accent, Form.Flat,
                    $"M-8,22 C-40,-2 -32,-24 -18,-22 Q-10,-21 -8,-12 Q-6,-21 2,-22 C16,-24 24,-2 -8,22 Z");
                break;
        }

        figure.Fill(Slot.Primary, Form.Lying, $"{Figure.Ellipse(0, -h, w, tilt)}", 0.2f);
        figure.Fill(Slot.Primary, Form.Lying, $"{Figure.Ellipse(0, -h + 1, w - 5, tilt - 3)}", -0.45f);
        figure.Fill(Slot.Secondary, Form.Flat, $"{Figure.Ellipse(0, -h + (tilt * 0.28f), (w - 5) * 0.9f, (tilt - 3) * 0.7f)}", -0.1f);
    }

    /// <summary>A teapot from the side: foot, handle, spout, round body, lid and knob.</summary>
    public static void Teapot(Figure figure, SeededRandom random)
    {
        float w = random.Range(50, 60), h = random.Range(36, 52), lid = w * random.Range(0.5f, 0.66f);
        float tip = -h * random.Range(0.55f, 0.95f), reach = w + random.Range(34, 46);
        if (random.Chance(0.65f))
        {
            figure.Stroke(Slot.Secondary, random.Range(8, 11),
                $"M{-w + 14},{-h * 0.62f} C{-w - 52},{-h * 0.95f} {-w - 44},{h * 0.75f} {-w + 8},{h * 0.42f}");
        }
        else
        {
            figure.Stroke(Slot.Secondary, random.Range(6, 9),
                $"M{-w * 0.72f},{-h * 0.62f} C{-w * 0.8f},{-h * 2.5f} {w * 0.8f},{-h * 2.5f} {w * 0.72f},{-h * 0.62f}");
        }

        figure.Fill(Slot.Primary, Form.Lying,
            $"""
            M{w - 14},{h * 0.5f} C{w + 26},{h * 0.45f} {w + 8},{tip * 0.5f} {reach - 8},{tip}
            L{reach + 6},{tip + 5} C{w + 30},{tip * 0.3f} {w + 34},{h * 0.05f} {w - 12},{-h * 0.25f} Z
            """);
        figure.Fill(Slot.Primary, Form.Upright, $"""
            M{-w * 0.5f},{h * 0.8f} L{-w * 0.54f},{h + 7} Q0,{h + 14} {w * 0.54f},{h + 7} L{w * 0.5f},{h * 0.8f}
            Z
            """, -0.2f);
        figure.Fill(Slot.Primary, Form.Ball,
            $"""
            M{-lid},{-h * 0.82f} C{-w - 14},{-h * 0.62f} {-w - 14},{h} {-w * 0.4f},{h + 2} L{w * 0.4f},{h + 2}
            C{w + 14},{h} {w + 14},{-h * 0.62f} {lid},{-h * 0.82f} Q0,{-h * 1.05f} {-lid},{-h * 0.82f} Z
            """);
        if (random.Chance(0.4f))
            figure.Stroke(Slot.Accent, 6, $"M{-w * 0.97f},{h * 0.12f} Q0,{h * 0.42f} {w * 0.97f},{h * 0.12f}");

        figure.Fill(Slot.Secondary, Form.Ball,
            $"""
            M{-lid},{-h * 0.8f} C{-lid * 0.9f},{-h * 1.28f} {lid * 0.9f},{-h * 1.28f} {lid},{-h * 0.8f}
            Q0,{-h * 0.6f} {-lid},{-h * 0.8f} Z
            """, 0.08f);
        figure.Fill(Slot.Accent, Form.Ball, $"{Figure.Ellipse(0, (-h * 1.16f) - 6, random.Range(6, 9), random.Range(6, 10))}");
    }

    private static void Band(Figure figure, float w, float foot, float h, float from, float to)
    {
        float Half(float at) => foot + ((w - foot) * (1 - at) / 2);
        figure.Fill(Slot.Accent, Form.Upright,
            $"""
            M{-Half(from)},{from * h} Q0,{(from * h) + 12} {Half(from)},{from * h} L{Half(to)},{to * h}
            Q0,{(to * h) + 12} {-Half(to)},{to * h} Z
            """);
    }
}
