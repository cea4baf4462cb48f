namespace GradCamSharp.Evaluation.DataSets;

/// <summary>Which part of a data set is read, and how.</summary>
public sealed record DataSetOptions
{
    /// <summary>
    /// The list of pictures: VOC's ImageSets/Main/NAME.txt, COCO's annotations/instances_NAME*.json. Null for "val", and for all pictures
    /// of a VOC folder that has no such list.
    /// </summary>
    public string? ImageSet { get; init; }

    /// <summary>The file that says the classes of ImageNet's validation pictures; null to look for it beside them.</summary>
    public string? GroundTruth { get; init; }

    /// <summary>
    /// Whether objects that the annotation calls difficult count. They do unless told otherwise: a box is a box in Eq. 12.
    /// </summary>
    public bool IncludeDifficult { get; init; } = true;
}
