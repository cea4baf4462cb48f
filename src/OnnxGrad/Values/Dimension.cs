using System.Globalization;

namespace OnnxGrad;

/// <summary>
/// The length of an axis: a number, or a symbol for a length that is known only when the model runs. Sums, differences and multiples of a
/// symbol are exact (<c>2*N + 1</c>); what else is computed with one is a symbol of its own, named by the computation. Two lengths are
/// equal if they are the same number, or the same expression of the same symbol.
/// </summary>
public readonly struct Dimension : IEquatable<Dimension>
{
    // offset + factor * symbol; a known length is the offset.
    private readonly long offset;
    private readonly long factor;
    private readonly string? symbol;

    /// <summary>A known length.</summary>
    /// <param name="length">The length; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public Dimension(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        offset = length;
    }

    /// <summary>A length that is known only when the model runs.</summary>
    /// <param name="symbol">Its name: axes with the same name have the same length.</param>
    public Dimension(string symbol)
    {
        ArgumentException.ThrowIfNullOrEmpty(symbol);
        (this.symbol, factor) = (symbol, 1);
    }

    private Dimension(long offset, long factor, string? symbol)
    {
        this.offset = offset;
        this.factor = factor;
        this.symbol = factor == 0 ? null : symbol;
    }

    /// <summary>The number of items in a batch, where it is open: N.</summary>
    public static Dimension Batch { get; } = new("N");

    /// <summary>Whether the length is a number.</summary>
    public bool IsKnown => symbol is null;

    /// <summary>The length.</summary>
    /// <exception cref="UnknownLengthException">It is not known.</exception>
    public long Value => IsKnown ? offset : throw new UnknownLengthException(
        $"The length '{this}' of an axis is known only when the model runs, and is needed before. " +
        "Analyse the model at a known input size.");

    /// <summary>The length, or another number where it is not known.</summary>
    /// <param name="otherwise">The other number.</param>
    public long GetValueOrDefault(long otherwise) => IsKnown ? offset : otherwise;

    /// <summary>A known length.</summary>
    public static implicit operator Dimension(long length) => new(length);

    /// <summary>The length as a number.</summary>
    /// <exception cref="UnknownLengthException">It is not known.</exception>
    public static explicit operator long(Dimension length) => length.Value;

    /// <summary>The sum of two lengths.</summary>
    public static Dimension operator +(Dimension a, Dimension b) => a.Plus(b, 1);

    /// <summary>The sum of a length and a number, which may be negative.</summary>
    public static Dimension operator +(Dimension a, long b) => Checked(checked(a.offset + b), a.factor, a.symbol);

    /// <summary>The difference of a length and a number.</summary>
    public static Dimension operator -(Dimension a, long b) => a + checked(-b);

    /// <summary>The difference of two lengths.</summary>
    public static Dimension operator -(Dimension a, Dimension b) => a.Plus(b, -1);

    /// <summary>The product of two lengths.</summary>
    public static Dimension operator *(Dimension a, Dimension b) =>
        b.IsKnown ? new(checked(a.offset * b.offset), checked(a.factor * b.offset), a.symbol)
        : a.IsKnown ? b * a
        : new Dimension(string.Join('*', new[] { a.InBrackets(), b.InBrackets() }.Order(StringComparer.Ordinal)));

    /// <summary>The quotient of two lengths, rounded down.</summary>
    /// <exception cref="ModelException">A known length is divided by 0.</exception>
    public static Dimension operator /(Dimension a, Dimension b) =>
        b is { IsKnown: true, offset: 0 } ? throw new ModelException($"The length {a} is divided by 0.")
        : a == b ? 1
        : a.offset == 0 && b.offset == 0 && b.symbol is not null && a.symbol == b.symbol && a.factor % b.factor == 0 ? a.factor / b.factor
        : !b.IsKnown ? new Dimension($"{a.InBrackets()}/{b.InBrackets()}")
        : a.factor % b.offset != 0 ? new Dimension($"{a.InBrackets()}/{b.offset}")
        : new Dimension((long)Math.Floor((decimal)a.offset / b.offset), a.factor / b.offset, a.symbol);

    /// <summary>Whether two lengths are the same.</summary>
    public static bool operator ==(Dimension left, Dimension right) => left.Equals(right);

    /// <summary>Whether two lengths differ, or may differ.</summary>
    public static bool operator !=(Dimension left, Dimension right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(Dimension other) => offset == other.offset && factor == other.factor && symbol == other.symbol;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Dimension other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(offset, factor, symbol);

    /// <summary>The number, or the expression of the symbol: <c>N</c>, <c>2*N + 1</c>.</summary>
    public override string ToString()
    {
        if (IsKnown)
            return offset.ToString(CultureInfo.InvariantCulture);
        string multiple = factor == 1 ? symbol! : string.Create(CultureInfo.InvariantCulture, $"{factor}*{symbol}");
        return offset == 0 ? multiple : string.Create(
            CultureInfo.InvariantCulture, $"{multiple} {(offset < 0 ? '-' : '+')} {Math.Abs(offset)}");
    }

    /// <summary>A length of which is known what it is for two lengths of the symbol: 1 and 2.</summary>
    internal static Dimension Through(long atOne, long atTwo, string symbol) =>
        new(checked((2 * atOne) - atTwo), checked(atTwo - atOne), symbol);

    private Dimension Plus(Dimension other, long sign)
    {
        if (other.IsKnown || other.symbol == symbol)
            return Checked(checked(offset + (sign * other.offset)), checked(factor + (sign * other.factor)), symbol);
        if (IsKnown)
            return new(checked(offset + (sign * other.offset)), sign * other.factor, other.symbol);
        return new($"{this} {(sign < 0 ? '-' : '+')} {(sign < 0 ? other.InBrackets() : other.ToString())}");
    }

    private static Dimension Checked(long offset, long factor, string? symbol) => factor == 0 && offset < 0
        ? throw new ModelException($"An axis would have the length {offset}.")
        : new(offset, factor, symbol);

    private string InBrackets() => IsKnown || (factor == 1 && offset == 0) ? ToString() : $"({this})";
}
