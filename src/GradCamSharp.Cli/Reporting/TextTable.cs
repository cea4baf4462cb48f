namespace GradCamSharp.Cli.Reporting;

/// <summary>
/// A table in plain text: columns as wide as what stands in them, two spaces apart, nothing behind the last word of a line.
/// </summary>
/// <param name="headings">One a column; a leading <c>&gt;</c> sets the column flush right.</param>
internal sealed class TextTable(params string[] headings)
{
    private readonly List<string[]> rows = [[.. headings.Select(h => h.TrimStart('>'))]];

    public void Add(params string[] cells) => rows.Add(cells);

    public void Write(TextWriter output)
    {
        int[] widths = [.. headings.Select((_, column) => rows.Max(r => r[column].Length))];
        foreach (string[] row in rows)
        {
            var cells = row.Select((cell, column) =>
                headings[column].StartsWith('>') ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
            output.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }
}
