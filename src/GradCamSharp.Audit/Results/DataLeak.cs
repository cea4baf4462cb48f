namespace GradCamSharp.Audit.Results;

/// <summary>Something of the files, not of what they show, that tells classes apart.</summary>
/// <param name="What">What it is in words: width, height, aspect, file size per pixel, JPEG tables, camera, border colour.</param>
/// <param name="Strength">
/// Cramer's V of names, epsilon squared (Kruskal and Wallis) of numbers: 0 nothing, 1 it tells the class for sure.
/// </param>
/// <param name="P">How likely chance alone gives as much, after correction for all that was looked at.</param>
/// <param name="Class">The class that stands off most.</param>
/// <param name="Sentence">The leak in one sentence.</param>
public sealed record DataLeak(string What, double Strength, double P, string Class, string Sentence);

/// <summary>Two pictures that are nearly the same.</summary>
/// <param name="First">The id of a picture of the audited data.</param>
/// <param name="FirstClass">The data set's class of it.</param>
/// <param name="Second">The id of the other picture.</param>
/// <param name="SecondClass">The data set's class of that.</param>
/// <param name="IsOtherData">Whether the second is a picture of the data that the audit was compared with.</param>
/// <param name="Distance">The number of bits by which their 64-bit difference hashes differ, 0 to 4.</param>
public sealed record TwinPictures(string First, string FirstClass, string Second, string SecondClass, bool IsOtherData, int Distance);
