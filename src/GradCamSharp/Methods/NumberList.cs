using System.Collections;
using System.Collections.Immutable;
using System.Globalization;

namespace GradCamSharp.Methods;

/// <summary>A few numbers, as a value: lists of the same numbers are equal. Written with an x between them: 16x16.</summary>
public readonly struct NumberList : IReadOnlyList<double>, IEquatable<NumberList>
{
    private readonly ImmutableArray<double> numbers;

    /// <summary>Makes a list.</summary>
    /// <param name="numbers">The numbers; finite.</param>
    public NumberList(params ReadOnlySpan<double> numbers) => this.numbers = [.. numbers];

    private ImmutableArray<double> Numbers => numbers.IsDefault ? [] : numbers;

    /// <inheritdoc/>
    public int Count => Numbers.Length;

    /// <inheritdoc/>
    public double this[int index] => Numbers[index];

    /// <summary>Reads a list.</summary>
    /// <param name="text">Numbers with an x between them.</param>
    /// <param name="list">The list.</param>
    public static bool TryParse(string text, out NumberList list)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split('x', StringSplitOptions.TrimEntries);
        double[] numbers = new double[parts.Length];
        bool all = true;
        for (int i = 0; i < parts.Length; i++)
            all &= TryParse(parts[i], out numbers[i]);
        list = all ? new NumberList(numbers) : default;
        return all;
    }

    /// <summary>Reads a finite number as it is written in every country's programs.</summary>
    /// <param name="text">The number.</param>
    /// <param name="number">The number.</param>
    public static bool TryParse(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    /// <summary>The lengths of some axes: one length stands for all of them.</summary>
    /// <param name="axes">How many axes.</param>
    /// <param name="what">What the list is, for the message.</param>
    /// <exception cref="ArgumentException">There are neither one nor as many lengths as axes.</exception>
    public int[] Lengths(int axes, string what)
    {
        var all = Numbers;
        if (all.Length != 1 && all.Length != axes)
            throw new ArgumentException($"'{what}' is {this}, {all.Length} lengths; this model's input has {axes} spatial axes.");
        return [.. Enumerable.Range(0, axes).Select(i => (int)all[all.Length == 1 ? 0 : i])];
    }

    /// <inheritdoc/>
    public IEnumerator<double> GetEnumerator() => ((IEnumerable<double>)Numbers).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(NumberList other) => Numbers.AsSpan().SequenceEqual(other.Numbers.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is NumberList other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Numbers.Aggregate(Count, HashCode.Combine);

    /// <summary>Whether two lists hold the same numbers.</summary>
    public static bool operator ==(NumberList left, NumberList right) => left.Equals(right);

    /// <summary>Whether two lists hold different numbers.</summary>
    public static bool operator !=(NumberList left, NumberList right) => !left.Equals(right);

    /// <summary>The numbers with an x between them.</summary>
    public override string ToString() => string.Join('x', Numbers.Select(n => n.ToString("R", CultureInfo.InvariantCulture)));
}
