using GradCamSharp.Evaluation.Errors;

namespace GradCamSharp.Evaluation.Records;

/// <summary>What an earlier process has left of a run's records: the pictures that are whole, and where each lies in the file.</summary>
/// <param name="Header">Where the headings end; 0 where there are none.</param>
/// <param name="Segments">The pictures, in the file's order.</param>
internal sealed record RecordScan(long Header, IReadOnlyList<RecordLog.Segment> Segments)
{
    /// <summary>Reads the file.</summary>
    /// <inheritdoc cref="RecordLog.Open"/>
    public static RecordScan Of(
        FileStream file, string path, RecordSchema schema, IReadOnlyList<int> indices, int batch, bool isComplete)
    {
        var segments = new List<RecordLog.Segment>();
        long header = 0, begin = 0, end = 0;
        int last = -1;
        var places = indices.Select((index, place) => (index, place)).ToDictionary(p => p.index, p => p.place);
        var seen = new HashSet<int>();
        foreach (var (fields, rowEnd) in CsvRows.Read(file, path))
        {
            if (header == 0)
            {
                if (!fields.SequenceEqual(schema.Columns.Select(c => c.Name)))
                    throw new EvaluationException(
                        EvaluationError.OtherRun, $"'{path}' has other columns than this run.", "Choose another folder.");
                header = begin = end = rowEnd;
                continue;
            }

            int index = schema.Parse(fields, path).Index;
            if (index != last)
            {
                if (last >= 0)
                    segments.Add(new RecordLog.Segment(last, begin, end));
                if (!places.ContainsKey(index) || !seen.Add(index))
                    throw new EvaluationException(
                        EvaluationError.OtherRun, $"'{path}' has picture {index} where this run has another.",
                        "Choose another folder, or delete this one.");
                (last, begin) = (index, end);
            }

            end = rowEnd;
        }

        if (last >= 0)
            segments.Add(new RecordLog.Segment(last, begin, end));
        if (!isComplete || segments.Count < indices.Count)
            TakeBack(segments, places, batch);
        return new RecordScan(header, segments);
    }

    // The last picture, whose last rows may be missing, and with it those that were measured together with it.
    private static void TakeBack(List<RecordLog.Segment> segments, Dictionary<int, int> places, int batch)
    {
        if (segments.Count == 0)
            return;
        int last = BatchOf(segments[^1]);
        while (segments.Count > 0 && BatchOf(segments[^1]) == last)
            segments.RemoveAt(segments.Count - 1);

        int BatchOf(RecordLog.Segment segment) => places[segment.Index] / batch;
    }
}
