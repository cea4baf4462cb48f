using GradCamSharp.Imaging;

namespace GradCamSharp.Evaluation.DataSets;

/// <summary>An object that a data set's annotation marks in a picture.</summary>
/// <param name="Class">The data set's own name of its class, for example aeroplane.</param>
/// <param name="Box">Where it is, in the picture's pixels.</param>
/// <param name="Difficult">
/// Whether the annotators call it hard to recognise (VOC), or it marks a crowd rather than one object (COCO).
/// </param>
public sealed record AnnotatedObject(string Class, PixelBox Box, bool Difficult);
