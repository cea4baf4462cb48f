using GradCamSharp.Evaluation.Records;

namespace GradCamSharp.Evaluation.Experiments;

/// <summary>
/// What came of a batch of pictures: the rows of each of them; or, where one could not be measured this time, those that could not, and no
/// rows: pictures share a pass, and rows of another batch would not be the same to the last bit.
/// </summary>
/// <param name="Rows">For each picture its rows, in the pictures' order; empty where one was postponed.</param>
/// <param name="Postponed">The pictures that could not be measured this time.</param>
internal sealed record MeasuredBatch(IReadOnlyList<IReadOnlyList<PictureRow>> Rows, IReadOnlyList<PostponedPicture> Postponed);
