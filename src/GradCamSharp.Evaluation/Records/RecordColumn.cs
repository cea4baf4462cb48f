using System.Globalization;

namespace GradCamSharp.Evaluation.Records;

/// <summary>What a column holds.</summary>
public enum ColumnType
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>A whole number of 64 bits.</summary>
    Integer,

    /// <summary>A number of single precision.</summary>
    Single,

    /// <summary>A number of double precision.</summary>
    Double,

    /// <summary>Yes or no, written as 1 or 0.</summary>
    Flag,
}

/// <summary>A column of the records.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="Type">What it holds.</param>
/// <param name="Get">The value of a row: string, long, float, double or bool by the type, or null where the row has none.</param>
public sealed record RecordColumn(string Name, ColumnType Type, Func<PictureRow, object?> Get)
{
    /// <summary>A column that measured rows of one type have.</summary>
    internal static RecordColumn Of<TRow>(string name, ColumnType type, Func<TRow, object?> get)
        where TRow : PictureRow => new(name, type, row => row is TRow own ? get(own) : null);

    /// <summary>The value as text that gives the same value back; empty for null.</summary>
    internal string Format(PictureRow row) => Get(row) switch
    {
        null => "",
        bool flag => flag ? "1" : "0",
        float number => number.ToString("R", CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        var text => (string)text,
    };
}
