using GradCamSharp.Evaluation.Sampling;
using GradCamSharp.Scenes.Drawing;

namespace GradCamSharp.Scenes.Shapes;

/// <summary>Guitars.</summary>
internal static class Instruments
{
    /// <summary>A guitar, neck upwards: waisted body, binding, sound hole, bridge, neck with frets, head with pegs, strings.</summary>
    public static void Guitar(Figure figure, SeededRandom random)
    {
        float lower = random.Range(42, 52), upper = lower * random.Range(0.7f, 0.82f), waist = upper * random.Range(0.66f, 0.82f);
        float neck = random.Range(6, 8.5f), head = random.Range(-128, -112);
        var body = Figure.Text($"M0,100 C{lower * 0.8f},102 {lower},78 {lower},62 C{lower},42 {waist},40 {waist},22")
            + Figure.Text($" C{waist},8 {upper},4 {upper},-14 C{upper},-32 {upper * 0.5f},-36 0,-34")
            + Figure.Text($" C{-upper * 0.5f},-36 {-upper},-32 {-upper},-14 C{-upper},4 {-waist},8 {-waist},22")
            + Figure.Text($" C{-waist},40 {-lower},42 {-lower},62 C{-lower},78 {-lower * 0.8f},102 0,100 Z");
        figure.Stroke(Slot.Secondary, 7, $"{body}", -0.15f);
        figure.Fill(Slot.Primary, Form.Ball, $"{body}");
        figure.Stroke(Slot.Accent, 4, $"{Figure.Circle(0, 14, 17)}");
        figure.Fill(Slot.Primary, Form.Flat, $"{Figure.Circle(0, 14, 15)}", -0.85f);
        if (random.Chance(0.4f))
            figure.Fill(Slot.Secondary, Form.Flat, $"M16,20 C30,26 {waist + 4},44 24,62 C14,52 10,40 8,32 Z", -0.1f);

        figure.Fill(Slot.Secondary, Form.Upright, $"{Figure.Box(-neck, head + 28, neck, 4)}", -0.1f);
        figure.Fill(Slot.Primary, Form.Upright,
            $"""
            M{-neck},{head + 30} L{-neck - 5},{head + 22} L{-neck - 3},{head - 2}
            Q0,{head - 8} {neck + 3},{head - 2} L{neck + 5},{head + 22} L{neck},{head + 30} Z
            """, -0.15f);
        for (var i = 0; i < 3; i++)
        {
            var y = head + 4 + (i * 8);
            figure.Stroke(Slot.Accent, 4, $"M{-neck - 4},{y} L{-neck - 9},{y} M{neck + 4},{y} L{neck + 9},{y}");
        }

        for (float i = 0, y = head + 40; y < -4; i++, y += MathF.Max(4, 12 - i))
            figure.Stroke(Slot.Accent, 1.6f, $"M{-neck},{y} L{neck},{y}", 0.3f, round: false);

        figure.Fill(Slot.Secondary, Form.Flat, $"{Figure.Box(-17, 62, 17, 69, 2)}", -0.2f);
        for (var i = -2; i <= 2; i++)
            figure.Stroke(Slot.Accent, 0.9f, $"M{i * neck * 0.32f},{head + 28} L{i * 3},64", 0.5f);
    }
}
