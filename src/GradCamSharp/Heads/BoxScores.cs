namespace GradCamSharp.Heads;

/// <summary>The numbers of a box, each with its derivative.</summary>
internal sealed class BoxScores
{
    private readonly TargetScore[] numbers;
    private readonly bool isCentred;

    private BoxScores(TargetScore[] numbers, bool isCentred) => (this.numbers, this.isCentred) = (numbers, isCentred);

    public static BoxScores Centred(TargetScore x, TargetScore y, TargetScore width, TargetScore height) =>
        new([x, y, width, height], isCentred: true);

    public static BoxScores Edges(TargetScore x1, TargetScore y1, TargetScore x2, TargetScore y2) => new(
        [x1, y1, x2, y2], isCentred: false);

    /// <summary>The edges.</summary>
    public BoxEdges Value => new(Part("x1").Value, Part("y1").Value, Part("x2").Value, Part("y2").Value);

    /// <summary>One of x1, y1, x2, y2, x (the centre's, as cx), y, w, h.</summary>
    public TargetScore Part(string part)
    {
        var (a, b, c, d) = (numbers[0], numbers[1], numbers[2], numbers[3]);
        return (part, isCentred) switch
        {
            ("x" or "cx", true) or ("x1", false) => a,
            ("y" or "cy", true) or ("y1", false) => b,
            ("w", true) or ("x2", false) => c,
            ("h", true) or ("y2", false) => d,
            ("x1", true) => TargetScore.Sum([(1, a), (-0.5, c)]),
            ("y1", true) => TargetScore.Sum([(1, b), (-0.5, d)]),
            ("x2", true) => TargetScore.Sum([(1, a), (0.5, c)]),
            ("y2", true) => TargetScore.Sum([(1, b), (0.5, d)]),
            ("x" or "cx", false) => TargetScore.Sum([(0.5, a), (0.5, c)]),
            ("y" or "cy", false) => TargetScore.Sum([(0.5, b), (0.5, d)]),
            ("w", false) => TargetScore.Sum([(1, c), (-1, a)]),
            _ => TargetScore.Sum([(1, d), (-1, b)]),
        };
    }

    /// <summary>The same in the picture's pixels.</summary>
    public BoxScores In(PixelFrame frame)
    {
        double x = 1 / frame.ScaleX, y = 1 / frame.ScaleY;
        double left = isCentred ? 0 : frame.OffsetX, top = isCentred ? 0 : frame.OffsetY;
        return new BoxScores(
        [
            Moved(numbers[0], frame.OffsetX, x), Moved(numbers[1], frame.OffsetY, y), Moved(numbers[2], left, x), Moved(numbers[3], top, y),
        ], isCentred);

        static TargetScore Moved(TargetScore number, double offset, double factor) =>
            number.Through((number.Value - offset) * factor, factor);
    }
}
