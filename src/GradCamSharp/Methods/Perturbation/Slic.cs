namespace GradCamSharp.Methods;

/// <summary>
/// SLIC superpixels (Achanta et al. 2012) of the network's input, scaled to 0 to 100. Plain double arithmetic in a fixed order: the same
/// parts on every machine.
/// </summary>
internal static class Slic
{
    /// <summary>Cuts a picture.</summary>
    /// <param name="item">[C, H, W].</param>
    /// <param name="channels">C.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="wanted">How many superpixels are wanted; there may be fewer.</param>
    /// <param name="compactness">How square they are.</param>
    /// <param name="iterations">How many rounds.</param>
    public static Segments Segment(float[] item, int channels, int height, int width, int wanted, double compactness, int iterations)
    {
        double least = item.Min(), most = item.Max();
        double[] colors = [.. item.Select(v => most > least ? (v - least) / (most - least) * 100 : 0)];
        double step = Math.Sqrt((double)height * width / wanted), ratio = compactness / step;
        ratio *= ratio;
        int down = Math.Max(1, (int)Math.Floor((height / step) + 0.5)), across = Math.Max(1, (int)Math.Floor((width / step) + 0.5));
        int count = down * across, size = height * width;
        var centres = new Centre[count];
        for (int j = 0; j < count; j++)
        {
            double y = ((j / across) + 0.5) * height / down - 0.5, x = ((j % across) + 0.5) * width / across - 0.5;
            int at = ((int)Math.Floor(y + 0.5) * width) + (int)Math.Floor(x + 0.5);
            centres[j] = new Centre(y, x, [.. Enumerable.Range(0, channels).Select(c => colors[(c * size) + at])]);
        }

        int[] labels = new int[size];
        for (int p = 0; p < size; p++)
            labels[p] = (p / width * down / height * across) + (p % width * across / width);
        double[] best = new double[size];
        for (int round = 0; round < iterations; round++)
        {
            Array.Fill(best, double.PositiveInfinity);
            for (int j = 0; j < count; j++)
                Claim(centres[j], j);
            Recentre();
        }

        return Connected(labels, height, width, Math.Max(1, size / (4 * count)));

        void Claim(Centre centre, int j)
        {
            int top = Math.Max(0, (int)Math.Ceiling(centre.Y - step)), bottom = Math.Min(height - 1, (int)Math.Floor(centre.Y + step));
            int left = Math.Max(0, (int)Math.Ceiling(centre.X - step)), right = Math.Min(width - 1, (int)Math.Floor(centre.X + step));
            for (int y = top; y <= bottom; y++)
            {
                for (int x = left; x <= right; x++)
                {
                    int p = (y * width) + x;
                    double dy = y - centre.Y, dx = x - centre.X, distance = 0;
                    for (int c = 0; c < channels; c++)
                    {
                        double t = colors[(c * size) + p] - centre.Color[c];
                        distance += t * t;
                    }

                    distance += ratio * ((dy * dy) + (dx * dx));
                    if (Math.Abs(dy) <= step && Math.Abs(dx) <= step && distance < best[p])
                        (best[p], labels[p]) = (distance, j);
                }
            }
        }

        void Recentre()
        {
            int[] number = new int[count];
            double[] ys = new double[count], xs = new double[count], sums = new double[count * channels];
            for (int p = 0; p < size; p++)
            {
                int j = labels[p];
                number[j]++;
                ys[j] += p / width;
                xs[j] += p % width;
                for (int c = 0; c < channels; c++)
                    sums[(j * channels) + c] += colors[(c * size) + p];
            }

            for (int j = 0; j < count; j++)
            {
                if (number[j] > 0)
                {
                    centres[j] = new Centre(
                        ys[j] / number[j], xs[j] / number[j],
                        [.. Enumerable.Range(0, channels).Select(c => sums[(j * channels) + c] / number[j])]);
                }
            }
        }
    }

    // Row by row: parts that hang together are numbered; a small one joins the part left of its first pixel, else the one above.
    private static Segments Connected(int[] labels, int height, int width, int least)
    {
        int[] parts = [.. Enumerable.Repeat(-1, labels.Length)];
        int count = 0;
        var part = new List<int>();
        for (int start = 0; start < labels.Length; start++)
        {
            if (parts[start] >= 0)
                continue;
            int neighbour = start % width > 0 ? parts[start - 1] : start >= width ? parts[start - width] : -1;
            part.Clear();
            part.Add(start);
            parts[start] = count;
            for (int i = 0; i < part.Count; i++)
            {
                int p = part[i], y = p / width, x = p % width;
                Visit(y > 0, p - width);
                Visit(x > 0, p - 1);
                Visit(x < width - 1, p + 1);
                Visit(y < height - 1, p + width);
            }

            if (part.Count < least && neighbour >= 0)
            {
                foreach (int p in part)
                    parts[p] = neighbour;
            }
            else
            {
                count++;
            }

            void Visit(bool isInside, int p)
            {
                if (!isInside || parts[p] >= 0 || labels[p] != labels[start])
                    return;
                parts[p] = count;
                part.Add(p);
            }
        }

        return new Segments(parts, count);
    }

    private sealed class Centre(double y, double x, double[] color)
    {
        public double Y => y;

        public double X => x;

        public double[] Color => color;
    }
}
