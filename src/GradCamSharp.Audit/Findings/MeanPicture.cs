using GradCamSharp.Imaging;

namespace GradCamSharp.Audit.Findings;

/// <summary>The mean of pictures at the network's input: what lies in one place in all of them can be seen there.</summary>
internal static class MeanPicture
{
    private const int Most = 200;

    /// <summary>The mean of the first 200 pictures.</summary>
    public static Picture Of(EvidencePictures evidence, IReadOnlyList<int> pictures)
    {
        long[] sums = new long[3 * evidence.Input.Width * evidence.Input.Height];
        int count = Math.Min(Most, pictures.Count);
        for (int k = 0; k < count; k++)
        {
            var pixels = evidence.Prepare(pictures[k]).Input.Pixels;
            for (int i = 0; i < sums.Length; i++)
                sums[i] += pixels[i];
        }

        return new Picture(
            evidence.Input.Width, evidence.Input.Height, [.. sums.Select(s => (byte)Math.Round((double)s / Math.Max(1, count)))]);
    }
}
