using GradCamSharp.Evaluation.Sampling;
using GradCamSharp.Scenes.Drawing;

namespace GradCamSharp.Scenes.Shapes;

/// <summary>Keys and scissors.</summary>
internal static class Tools
{
    /// <summary>An old door key, its bow to the left: a ring, a trefoil or a plate with a hole; collars; a bit with notches.</summary>
    public static void Key(Figure figure, SeededRandom random)
    {
        float r = random.Range(24, 34), hole = r * random.Range(0.42f, 0.62f), shaft = random.Range(5, 7.5f);
        figure.Fill(Slot.Primary, Form.Lying, $"{Figure.Box(-60, -shaft, 96, shaft, 3)}");

        var bits = random.Below(3) + 2;
        float left = 90 - (bits * 13), depth = random.Range(22, 34);
        figure.Fill(Slot.Primary, Form.Flat, $"{Figure.Box(left, shaft - 2, 92, shaft + (depth * 0.5f), 1)}", -0.05f);
        for (var i = 0; i < bits; i++)
        {
            var length = shaft + (depth * random.Range(0.75f, 1.1f));
            figure.Fill(Slot.Primary, Form.Flat, $"{Figure.Box(left + (i * 13) + 2, shaft, left + (i * 13) + 10.5f, length, 1)}", 0.04f);
        }

        switch (random.Below(3))
        {
            case 0:
                figure.Fill(Slot.Primary, Form.Ball, $"{Figure.Circle(-66, 0, r)} {Figure.Circle(-66, 0, hole)}");
                break;
            case 1:
                var lobe = r * 0.56f;
                foreach (var (x, y) in (ReadOnlySpan<(float, float)>)[(-48, -lobe), (-48, lobe), (-48 - (lobe * 1.7f), 0)])
                    figure.Fill(Slot.Primary, Form.Ball, $"{Figure.Circle(x, y, lobe * 1.15f)} {Figure.Circle(x, y, lobe * 0.55f)}");

                break;
            default:
                var plate = Figure.Box(-66 - r, -r, -62 + (r * 0.6f), r, r * 0.5f);
                figure.Fill(Slot.Primary, Form.Flat, $"{plate} {Figure.Circle(-72, 0, hole * 0.75f)}");
                break;
        }

        figure.Fill(Slot.Secondary, Form.Lying, $"{Figure.Box(-38, -shaft - 5, -30, shaft + 5, 3)}");
        if (random.Chance(0.5f))
            figure.Fill(Slot.Secondary, Form.Lying, $"{Figure.Box(-25, -shaft - 3, -20, shaft + 3, 2)}");
    }

    /// <summary>Scissors, opened by some angle: two blades that cross at the screw, and two rings to hold them by.</summary>
    public static void Scissors(Figure figure, SeededRandom random)
    {
        float open = random.Range(8, 26), blade = random.Range(84, 104), width = random.Range(11, 15);
        float rx = random.Range(15, 20), ry = random.Range(20, 29), grip = random.Range(8, 11);
        Half(figure, open, 1, blade, width, rx, ry, grip);
        Half(figure, -open, -1, blade, width, rx, ry, grip);
        figure.Turn(0).Fill(Slot.Accent, Form.Ball, $"{Figure.Circle(0, 0, 6.5f)}");
        figure.Stroke(Slot.Accent, 1.6f, $"M-4,-2 L4,2", -0.5f);
    }

    // The half whose blade leans by `degrees` and whose ring lies on the other side.
    private static void Half(Figure figure, float degrees, float mirror, float blade, float width, float rx, float ry, float grip)
    {
        figure.Place(degrees, mirror);
        figure.Fill(Slot.Primary, Form.Upright,
            $"""
            M{-width * 0.5f},12 L{-width * 0.55f},-18 L{width * 0.1f},{-blade}
            Q{width * 0.75f},{-blade * 0.5f} {width * 0.5f},12 Z
            """, 0.1f);
        figure.Stroke(Slot.Primary, width * 0.18f, $"M{-width * 0.3f},-16 L{width * 0.06f},{-blade * 0.86f}", 0.35f);
        figure.Stroke(Slot.Secondary, grip, $"M0,8 C-2,22 -8,28 -12,36");
        figure.Stroke(Slot.Secondary, grip, $"{Figure.Ellipse(-12 - (rx * 0.35f), 36 + ry, rx, ry)}", 0, Form.Ball);
    }
}
