namespace GradCamSharp.Heads;

/// <summary>What a box may be: a row of the outputs with its best class.</summary>
/// <param name="Row">The row.</param>
/// <param name="Class">Its class.</param>
/// <param name="Score">The score that the model reports.</param>
/// <param name="Box">In the picture's pixels.</param>
internal readonly record struct BoxCandidate(long Row, long Class, double Score, BoxEdges Box);
