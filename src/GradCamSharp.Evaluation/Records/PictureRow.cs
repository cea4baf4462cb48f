namespace GradCamSharp.Evaluation.Records;

/// <summary>
/// One row of a run's records: of a picture that failed, of one of which nothing is measured, or what was measured of a picture, a class
/// and a method.
/// </summary>
/// <param name="Index">The picture's place in the run, from 0, counted over all shards.</param>
/// <param name="Picture">The picture's id in its data set.</param>
public abstract record PictureRow(int Index, string Picture);

/// <summary>A picture that cannot be measured, whenever it is tried.</summary>
/// <param name="Index">The picture's place in the run, from 0, counted over all shards.</param>
/// <param name="Picture">The picture's id in its data set.</param>
/// <param name="Error">Why.</param>
public sealed record FailedRow(int Index, string Picture, string Error) : PictureRow(Index, Picture);

/// <summary>A picture without an object, or a class of it that is not measured.</summary>
/// <param name="Index">The picture's place in the run, from 0, counted over all shards.</param>
/// <param name="Picture">The picture's id in its data set.</param>
/// <param name="Object">The data set's own name of the class; null where the picture has none.</param>
public sealed record UnmeasuredRow(int Index, string Picture, string? Object) : PictureRow(Index, Picture);

/// <summary>Which picture, class and method a measurement is of.</summary>
/// <param name="Index">The picture's place in the run, from 0, counted over all shards.</param>
/// <param name="Picture">The picture's id in its data set.</param>
/// <param name="Object">The data set's own name of the class; null where the class is the predicted one.</param>
/// <param name="Class">The model's class that is explained.</param>
/// <param name="Label">That class's label.</param>
/// <param name="Method">The method's name.</param>
/// <param name="Score">S, the class's score on the whole picture, before softmax or sigmoid.</param>
/// <param name="IsEmpty">Whether the map has no positive value.</param>
public sealed record Explained(
    int Index, string Picture, string? Object, long Class, string Label, string Method, float Score, bool IsEmpty);

/// <summary>What an experiment has measured of one map. Every experiment has a type of its own.</summary>
/// <param name="Of">Which picture, class and method it is of.</param>
public abstract record MeasuredRow(Explained Of) : PictureRow(Of.Index, Of.Picture)
{
    /// <summary>Whether every figure of it is a finite number.</summary>
    internal virtual bool IsFinite => true;
}
