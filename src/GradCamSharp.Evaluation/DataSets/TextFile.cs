namespace GradCamSharp.Evaluation.DataSets;

/// <summary>Text files of data sets, bounded in size and in the length of a line.</summary>
internal static class TextFile
{
    private const long LargestFile = 64 << 20;
    private const int LongestLine = 4096;

    /// <summary>The lines that are not empty, trimmed, with their numbers from 1.</summary>
    /// <exception cref="InvalidDataException">The file is too large for what it should be.</exception>
    public static List<(int Number, string Text)> Lines(string path)
    {
        long length = new FileInfo(path).Length;
        if (length > LargestFile)
            throw new InvalidDataException($"{path}: {length} bytes are too many for a list of names.");
        var lines = new List<(int Number, string Text)>();
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (line.Length > LongestLine)
                throw new InvalidDataException($"{path}, line {number}: {line.Length} characters are too many for a name.");
            string text = line.Trim();
            if (text.Length > 0)
                lines.Add((number, text));
        }

        return lines;
    }
}
