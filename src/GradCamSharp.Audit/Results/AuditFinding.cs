using System.Collections.Immutable;
using GradCamSharp.Imaging;

namespace GradCamSharp.Audit.Results;

/// <summary>What an audit tells of a group of pictures.</summary>
public enum FindingKind
{
    /// <summary>Pictures share the same pixels where their evidence lies, and the network uses them: a shortcut.</summary>
    SameMark,

    /// <summary>Pictures that are wrong more often than the rest of their class share their evidence.</summary>
    WrongTogether,

    /// <summary>The evidence lies outside of the objects' boxes, and the network uses it: to be looked at, not a fault by itself.</summary>
    Elsewhere,

    /// <summary>Pictures share the same pixels where their evidence lies, but the network does not need them.</summary>
    UnusedMark,

    /// <summary>A part of a class is decided in another way than the rest.</summary>
    Split,
}

/// <summary>What people have said of a finding.</summary>
public enum Verdict
{
    /// <summary>Nothing yet.</summary>
    Open,

    /// <summary>It is a shortcut.</summary>
    Shortcut,

    /// <summary>It is as it should be.</summary>
    Fine,

    /// <summary>They cannot tell.</summary>
    Unsure,
}

/// <summary>A group of pictures that stands out.</summary>
public sealed record AuditFinding
{
    /// <summary>Its number, from 1, by suspicion.</summary>
    public required int Number { get; init; }

    /// <summary>What is told.</summary>
    public required FindingKind Kind { get; init; }

    /// <summary>The model's class.</summary>
    public required int Class { get; init; }

    /// <summary>The class's name.</summary>
    public required string Label { get; init; }

    /// <summary>Its pictures (<see cref="AuditPicture.Index"/>), the most typical first.</summary>
    public required ImmutableArray<int> Pictures { get; init; }

    /// <summary>The number of all pictures of the class.</summary>
    public required int OfClass { get; init; }

    /// <summary>The finding in one sentence.</summary>
    public required string Sentence { get; init; }

    /// <summary>Further sentences, each one thing: what taking the evidence away costs, where it lies.</summary>
    public required ImmutableArray<string> Details { get; init; }

    /// <summary>A name that stays the same when the same audit is made again: the SHA-256 of kind, class and pictures.</summary>
    public required string Key { get; init; }

    /// <summary>How likely chance alone gives as much, after correction for all that was tested; null where nothing is.</summary>
    public double? P { get; init; }

    /// <summary>What the pictures share; null of findings that are no marks.</summary>
    public SharedMark? Mark { get; init; }

    /// <summary>What the network makes of the pictures without their evidence; null where it was not asked.</summary>
    public Counterfactual? Effect { get; init; }

    /// <summary>The share of the evidence outside of the objects' boxes, 0 to 1; null where there are none.</summary>
    public double? Outside { get; init; }

    /// <summary>The number of its pictures that the data set has another class for.</summary>
    public int Wrong { get; init; }

    /// <summary>Other classes whose pictures have the mark; at most 200 pictures of other classes are looked at.</summary>
    public ImmutableArray<SharingClass> AlsoIn { get; init; } = [];

    /// <summary>The mean of its pictures at the network's input: what lies in one place in all of them can be seen there.</summary>
    public required Picture Mean { get; init; }

    /// <summary>Pictures with and without their evidence, at the network's input; at most 6.</summary>
    public ImmutableArray<CounterfactualPair> Pairs { get; init; } = [];

    /// <summary>What people have said of it, from judged.json.</summary>
    public Verdict Verdict { get; init; }
}

/// <summary>What the pictures of a finding share.</summary>
/// <param name="Sharp">The highest value of sharp of its groups.</param>
/// <param name="Aligned">The highest value of aligned of its groups.</param>
/// <param name="SharpElsewhere">The highest value of sharp of a class without a mark.</param>
/// <param name="AlignedElsewhere">The highest value of aligned of a class without a mark.</param>
/// <param name="Place">Where it lies in words, as "at the lower left"; "in different places" where it moves.</param>
/// <param name="Window">The mean of windows around the strongest evidence, shifted onto each other: what moves can be read there.</param>
/// <param name="Core">The number of pictures that the groups themselves hold; the others have the same mark.</param>
public sealed record SharedMark(
    double Sharp, double Aligned, double SharpElsewhere, double AlignedElsewhere, string Place, Picture Window, int Core);

/// <summary>A class that shares a mark.</summary>
/// <param name="Class">The model's class.</param>
/// <param name="Label">Its name.</param>
/// <param name="Pictures">The number of its pictures that have the mark, of those that were looked at.</param>
/// <param name="Looked">The number of its pictures that were looked at.</param>
public sealed record SharingClass(int Class, string Label, int Pictures, int Looked);

/// <summary>A mean with its 95 % interval.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Low">The interval's lower end.</param>
/// <param name="High">The interval's upper end.</param>
public readonly record struct MeanWithInterval(double Mean, double Low, double High);

/// <summary>What the network makes of a finding's pictures without their evidence.</summary>
/// <param name="Pictures">The number of pictures that were tried.</param>
/// <param name="Taken">By how much the class's probability falls when the evidence is filled from what is around it.</param>
/// <param name="Turned">By how much it falls when the same region turned by half a turn is filled instead.</param>
/// <param name="Difference">Taken less turned, picture by picture.</param>
/// <param name="Put">The share of pictures of other classes that become the class when the evidence is put into them.</param>
/// <param name="PutCount">The number of these.</param>
/// <param name="PutWithoutObject">The same of pictures whose objects were painted over; null where there are no boxes.</param>
public sealed record Counterfactual(
    int Pictures, MeanWithInterval Taken, MeanWithInterval Turned, MeanWithInterval Difference, double? Put, int PutCount,
    double? PutWithoutObject);

/// <summary>A picture with and without its evidence.</summary>
/// <param name="Index">The picture (<see cref="AuditPicture.Index"/>).</param>
/// <param name="Before">The picture at the network's input.</param>
/// <param name="Taken">The same without its evidence.</param>
/// <param name="Probability">The class's probability on the picture.</param>
/// <param name="ProbabilityTaken">The class's probability without the evidence.</param>
public sealed record CounterfactualPair(int Index, Picture Before, Picture Taken, float Probability, float ProbabilityTaken);
