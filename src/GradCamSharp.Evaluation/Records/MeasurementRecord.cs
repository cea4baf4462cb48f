using GradCamSharp.Evaluation.Metrics;

namespace GradCamSharp.Evaluation.Records;

/// <summary>
/// One row of a run's records: what was measured of a picture, a class and a method. A picture that could not be measured has one row
/// with its <see cref="Error"/>; a picture without an object, and a class outside the model's top 5, have one row without a method.
/// </summary>
public sealed class MeasurementRecord
{
    /// <summary>The picture's place in the run, from 0, counted over all shards.</summary>
    public int Index { get; internal set; }

    /// <summary>The picture's id in its data set.</summary>
    public string Picture { get; internal set; } = "";

    /// <summary>The data set's own name of the class; null where the class is the predicted one.</summary>
    public string? Object { get; internal set; }

    /// <summary>The model's class that is explained; null where nothing was measured.</summary>
    public long? Class { get; internal set; }

    /// <summary>That class's label.</summary>
    public string? Label { get; internal set; }

    /// <summary>Localisation: the class's rank among the model's predictions, 1 to 5; null where it is not among them.</summary>
    public int? Rank { get; internal set; }

    /// <summary>The method's name; null where nothing was measured.</summary>
    public string? Method { get; internal set; }

    /// <summary>Faithfulness: Y, the class's probability on the whole picture, 0 to 1.</summary>
    public float? Probability { get; internal set; }

    /// <summary>Faithfulness: O, the class's probability on the explanation map, 0 to 1.</summary>
    public float? Masked { get; internal set; }

    /// <summary>S, the class's score on the whole picture, before softmax or sigmoid.</summary>
    public float? Score { get; internal set; }

    /// <summary>Whether the map has no positive value.</summary>
    public bool? IsEmpty { get; internal set; }

    /// <summary>
    /// Area under the probability while pixels are added onto a blurred picture, 0 to 1; null where it was not asked for.
    /// </summary>
    public double? Insertion { get; internal set; }

    /// <summary>Area under the probability while pixels are removed, 0 to 1; null where it was not asked for.</summary>
    public double? Deletion { get; internal set; }

    /// <summary>Localisation: whether the map's maximum lies within 15 px of a box of the class.</summary>
    public bool? IsHit { get; internal set; }

    /// <summary>Localisation: the area of the union of the class's boxes, in the original picture's pixels.</summary>
    public long? Box { get; internal set; }

    /// <summary>
    /// Localisation: for each delta of the run the map's pixels above it inside the boxes; empty where nothing was measured.
    /// </summary>
    public IReadOnlyList<long> Internal { get; internal set; } = [];

    /// <summary>
    /// Localisation: for each delta of the run the map's pixels above it outside the boxes; empty where nothing was measured.
    /// </summary>
    public IReadOnlyList<long> External { get; internal set; } = [];

    /// <summary>Why the picture could not be measured; null where it could.</summary>
    public string? Error { get; internal set; }

    /// <summary>
    /// Loc of Eq. 12, internal / (box + external), at the delta of a place in the run's list; null where nothing was measured.
    /// </summary>
    public double? Loc(int place) =>
        Box is { } box && place < Internal.Count ? new LocTerms(Internal[place], External[place], box).Loc : null;
}
