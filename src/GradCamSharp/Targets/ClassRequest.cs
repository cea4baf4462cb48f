using System.Globalization;

namespace GradCamSharp.Targets;

/// <summary>A class to explain: by its index, or by its rank among a picture's own predictions.</summary>
public readonly record struct ClassRequest
{
    private ClassRequest(long code) => Code = code;

    /// <summary>The index of a class, or -r for the class of rank r (1 is the most probable).</summary>
    internal long Code { get; }

    /// <summary>The rank, or 0 where a class is named.</summary>
    internal long Rank => Code < 0 ? -Code : 0;

    /// <summary>The most probable class.</summary>
    public static ClassRequest Top1 => Ranked(1);

    /// <summary>A class by its index.</summary>
    /// <param name="index">From 0.</param>
    public static ClassRequest Index(long index) =>
        index >= 0 ? new(index) : throw new ArgumentOutOfRangeException(nameof(index), index, "A class index is at least 0.");

    /// <summary>The class of a rank among a picture's predictions.</summary>
    /// <param name="rank">From 1, the most probable.</param>
    public static ClassRequest Ranked(int rank) =>
        rank >= 1 ? new(-rank) : throw new ArgumentOutOfRangeException(nameof(rank), rank, "A rank is at least 1.");

    /// <summary>The k most probable classes.</summary>
    public static IReadOnlyList<ClassRequest> Top(int k) => [.. Enumerable.Range(1, k).Select(Ranked)];

    /// <summary>The index, or topR.</summary>
    public override string ToString() => Code < 0 ? $"top{Rank}" : Code.ToString(CultureInfo.InvariantCulture);
}
