using GradCamSharp.Evaluation.Sampling;
namespace GradCamSharp.Scenes.Drawing;

/// <summary>Things of no class, painted like objects, so that being painted is no sign of being one.</summary>
internal static class Distractors
{
    /// <summary>Adds one random thing's parts to a figure.</summary>
    public static void Draw(Figure figure, SeededRandom random)
    {
        switch (random.Below(5))
        {
            case 0:
                figure.Fill(random.Pick(Slot.Primary, Slot.Secondary), Form.Ball, $"{Blob(random, 7, 0.35f)}");
                break;
            case 1:
                figure.Fill(Slot.Primary, Form.Flat, $"{Polygon(random, random.Below(4) + 3)}");
                break;
            case 2:
                figure.Stroke(Slot.Primary, random.Range(8, 22), $"{Ribbon(random)}", 0, Form.Ball);
                break;
            case 3:
                figure.Fill(Slot.Primary, Form.Ball, $"{Blob(random, 9, 0.2f)}");
                figure.Fill(Slot.Accent, Form.Ball, $"M-20,-14 Q0,-34 26,-6 Q10,24 -14,16 Z");
                break;
            default:
                figure.Fill(Slot.Primary, Form.Upright, $"{Figure.Box(-50, -34, 50, 34, random.Range(0, 20))}");
                figure.Fill(Slot.Secondary, Form.Lying, $"{Figure.Box(-50, -8, 50, random.Range(0, 16))}");
                break;
        }
    }

    private static string Blob(SeededRandom random, int points, float wobble)
    {
        var radii = new float[points];
        for (var i = 0; i < points; i++)
            radii[i] = 50 * (1 + random.Range(-wobble, wobble));

        (float X, float Y) At(int i)
        {
            var (sine, cosine) = MathF.SinCos(i * MathF.Tau / points);
            return (radii[i % points] * cosine, radii[i % points] * sine);
        }

        (float X, float Y) Between(int i) => ((At(i).X + At(i + 1).X) / 2, (At(i).Y + At(i + 1).Y) / 2);
        var text = Figure.Text($"M{Between(0).X},{Between(0).Y}");
        for (var i = 1; i <= points; i++)
            text += Figure.Text($" Q{At(i).X},{At(i).Y} {Between(i).X},{Between(i).Y}");

        return text + " Z";
    }

    private static string Polygon(SeededRandom random, int corners)
    {
        var text = "";
        for (var i = 0; i < corners; i++)
        {
            float angle = (i + random.Range(-0.25f, 0.25f)) * MathF.Tau / corners, r = random.Range(32, 58);
            text += Figure.Text($"{(i == 0 ? 'M' : 'L')}{r * MathF.Cos(angle)},{r * MathF.Sin(angle)} ");
        }

        return text + "Z";
    }

    private static string Ribbon(SeededRandom random)
    {
        float P() => random.Range(-90, 90);
        return Figure.Text($"M-90,{P()} C{P()},{P()} {P()},{P()} {P() * 0.3f},{P()} S{P()},{P()} 90,{P()}");
    }
}
