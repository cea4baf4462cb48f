using System.Globalization;
using System.Text;
using GradCamSharp.Evaluation.Records;
using GradCamSharp.Studies;

namespace GradCamSharp.Web.Studies;

/// <summary>A study's answers as a table for other programs: RFC 4180, UTF-8, one line an answer, without names, notes or links.</summary>
internal static class AnswersCsv
{
    public static string Of(Study study, IEnumerable<StoredAnswer> answers)
    {
        var pictures = study.Pictures.ToDictionary(p => p.Id, StringComparer.Ordinal);
        var csv = new StringBuilder();
        Line(csv, "participant", "position", "picture", "class", "source", "left", "right", "choice", "preferred", "seconds",
            "answered_utc");
        foreach (var answer in answers)
        {
            var picture = pictures[answer.Picture];
            var (left, right) = answer.IsALeft ? (study.MethodA, study.MethodB) : (study.MethodB, study.MethodA);
            string preferred = answer.Choice switch { SideChoice.Left => left, SideChoice.Right => right, _ => "same" };
            string position = (answer.Position + 1).ToString(CultureInfo.InvariantCulture);
            Line(csv, Participant.Label(answer.Participant), position, picture.Id, picture.Class, picture.Source, left, right,
                AnswerStore.NameOf(answer.Choice), preferred,
                (answer.Milliseconds / 1000.0).ToString("0.000", CultureInfo.InvariantCulture),
                answer.Answered.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        }

        return csv.ToString();
    }

    private static void Line(StringBuilder csv, params IEnumerable<string> fields) =>
        CsvRows.Append(csv, fields.Select(AsText), "\r\n");

    // A spreadsheet takes a field that begins like a formula for one, and runs it: an apostrophe in front makes it text.
    private static string AsText(string field) =>
        field.Length > 0 && "=+-@\t\r\n".Contains(field[0], StringComparison.Ordinal) ? "'" + field : field;
}
