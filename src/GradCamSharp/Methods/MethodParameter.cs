using System.Globalization;

namespace GradCamSharp.Methods;

/// <summary>
/// What can be set of a method by its name and a text, as command lines and documents do; in code it is a property of the method.
/// </summary>
public abstract class MethodParameter
{
    private const string LengthsRange = "lengths from 1 on, one an axis, such as 16x16, or one for all axes";

    private protected MethodParameter(string name, string range, string meaning) => (Name, Range, Meaning) = (name, range, meaning);

    /// <summary>The name, as the literature and NumPy have names: eigen_smooth.</summary>
    public string Name { get; }

    /// <summary>Which texts it takes, in words: true or false; a number from 0 to 1; lengths such as 16x16.</summary>
    public string Range { get; }

    /// <summary>What it does.</summary>
    public string Meaning { get; }

    /// <summary>The texts that it takes, where these are few: true and false, or names. Else empty.</summary>
    public IReadOnlyList<string> Choices { get; private protected init; } = [];

    /// <summary>The least and the largest number that it takes; null where it takes no single numbers.</summary>
    public (double Least, double Most)? Bounds { get; private protected init; }

    /// <summary>Whether it takes whole numbers alone, between its <see cref="Bounds"/>.</summary>
    public bool IsWhole { get; private protected init; }

    /// <summary>The word that it takes in place of a number, for what the method works out itself; null where there is none.</summary>
    public string? Word { get; private protected init; }

    /// <summary>The value that a method has, as a text that <see cref="ExplanationMethod.With"/> takes.</summary>
    /// <param name="method">A method that has the parameter.</param>
    public abstract string TextOf(ExplanationMethod method);

    /// <summary>The value that a method has: a bool, long, double, string, or a list of long or double.</summary>
    /// <param name="method">A method that has the parameter.</param>
    public abstract object ValueOf(ExplanationMethod method);

    /// <summary>The method with another value.</summary>
    /// <param name="method">A method that has the parameter.</param>
    /// <param name="text">The value.</param>
    /// <exception cref="ArgumentException">The text is none of its values.</exception>
    internal abstract ExplanationMethod Write(ExplanationMethod method, string text);

    /// <summary>A parameter that is true or false.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="get">Its value.</param>
    /// <param name="set">The method with another value.</param>
    /// <param name="meaning">What it does.</param>
    public static MethodParameter Flag<TMethod>(
        string name, Func<TMethod, bool> get, Func<TMethod, bool, ExplanationMethod> set, string meaning)
        where TMethod : ExplanationMethod => new MethodParameter<TMethod, bool>(
            name, "true or false", meaning, get, set,
            static text => bool.TryParse(text, out bool value) ? value : null, static v => v ? "true" : "false", static v => v)
        {
            Choices = ["true", "false"],
        };

    /// <summary>A parameter that is a whole number.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="get">Its value.</param>
    /// <param name="set">The method with another value.</param>
    /// <param name="least">The least value.</param>
    /// <param name="most">The largest value.</param>
    /// <param name="meaning">What it does.</param>
    public static MethodParameter Integer<TMethod>(
        string name, Func<TMethod, long> get, Func<TMethod, long, ExplanationMethod> set, long least, long most, string meaning)
        where TMethod : ExplanationMethod => new MethodParameter<TMethod, long>(
            name, FormattableString.Invariant($"a whole number from {least} to {most}"), meaning, get, set,
            text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
                && value >= least && value <= most ? value : null,
            static v => v.ToString(CultureInfo.InvariantCulture), static v => v)
        {
            Bounds = (least, most),
            IsWhole = true,
        };

    /// <summary>A parameter that is a number.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="get">Its value.</param>
    /// <param name="set">The method with another value.</param>
    /// <param name="least">The least value.</param>
    /// <param name="most">The largest value.</param>
    /// <param name="meaning">What it does.</param>
    public static MethodParameter Number<TMethod>(
        string name, Func<TMethod, double> get, Func<TMethod, double, ExplanationMethod> set, double least, double most, string meaning)
        where TMethod : ExplanationMethod => new MethodParameter<TMethod, double>(
            name, FormattableString.Invariant($"a number from {least} to {most}"), meaning, get, set,
            text => NumberList.TryParse(text, out double value) && value >= least && value <= most ? value : null,
            static v => v.ToString("R", CultureInfo.InvariantCulture), static v => v)
        {
            Bounds = (least, most),
        };

    /// <summary>A parameter that is a number, or a word that stands for what the method works out itself.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="word">The word.</param>
    /// <param name="get">Its value; null for the word.</param>
    /// <param name="set">The method with another value.</param>
    /// <param name="least">The least value.</param>
    /// <param name="most">The largest value.</param>
    /// <param name="meaning">What it does.</param>
    /// <param name="whole">Whether only whole numbers are values.</param>
    public static MethodParameter NumberOr<TMethod>(
        string name, string word, Func<TMethod, double?> get, Func<TMethod, double?, ExplanationMethod> set, double least, double most,
        string meaning, bool whole = false)
        where TMethod : ExplanationMethod => new MethodParameter<TMethod, Maybe>(
            name, FormattableString.Invariant($"{word}, or a {(whole ? "whole number" : "number")} from {least} to {most}"), meaning,
            m => new Maybe(get(m)), (m, v) => set(m, v.Number),
            text => text.Equals(word, StringComparison.OrdinalIgnoreCase) ? new Maybe(null)
                : NumberList.TryParse(text, out double value) && value >= least && value <= most && (!whole || double.IsInteger(value))
                    ? new Maybe(value) : null,
            v => v.Number?.ToString("R", CultureInfo.InvariantCulture) ?? word, v => v.Number is { } number ? number : word)
        {
            Bounds = (least, most),
            IsWhole = whole,
            Word = word,
        };

    /// <summary>A parameter that is a list of lengths, or a word that stands for what the method works out itself.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="word">The word.</param>
    /// <param name="get">Its value; empty for the word.</param>
    /// <param name="set">The method with another value.</param>
    /// <param name="meaning">What it does.</param>
    public static MethodParameter LengthsOr<TMethod>(
        string name, string word, Func<TMethod, NumberList> get, Func<TMethod, NumberList, ExplanationMethod> set, string meaning)
        where TMethod : ExplanationMethod => new MethodParameter<TMethod, NumberList>(
            name, $"{word}, or {LengthsRange}", meaning, get, set,
            text => text.Equals(word, StringComparison.OrdinalIgnoreCase) ? default(NumberList) : ReadLengths(text),
            v => v.Count == 0 ? word : v.ToString(), v => v.Count == 0 ? word : v.Select(n => (long)n).ToArray())
        {
            Word = word,
        };

    /// <summary>A parameter that is one of a few names: those of an enumeration, in lower case.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="get">Its value.</param>
    /// <param name="set">The method with another value.</param>
    /// <param name="meaning">What it does.</param>
    public static MethodParameter Choice<TMethod, TValue>(
        string name, Func<TMethod, TValue> get, Func<TMethod, TValue, ExplanationMethod> set, string meaning)
        where TMethod : ExplanationMethod
        where TValue : struct, Enum
    {
        string[] names = [.. Enum.GetValues<TValue>().Select(ChoiceName)];
        return new MethodParameter<TMethod, TValue>(
            name, $"{string.Join(", ", names.SkipLast(1))} or {names[^1]}", meaning, get, set,
            text => Array.FindIndex(names, n => n.Equals(text, StringComparison.OrdinalIgnoreCase)) is >= 0 and int at
                ? Enum.GetValues<TValue>()[at] : null,
            ChoiceName, ChoiceName)
        {
            Choices = names,
        };
    }

    /// <summary>A parameter that is one of some names.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="names">The names, in lower case.</param>
    /// <param name="get">Its value.</param>
    /// <param name="set">The method with another value.</param>
    /// <param name="meaning">What it does.</param>
    internal static MethodParameter OneOf<TMethod>(
        string name, string[] names, Func<TMethod, string> get, Func<TMethod, string, ExplanationMethod> set, string meaning)
        where TMethod : ExplanationMethod => new MethodParameter<TMethod, Chosen>(
            name, $"{string.Join(", ", names.SkipLast(1))} or {names[^1]}", meaning, m => new Chosen(get(m)), (m, v) => set(m, v.Name),
            text => Array.Find(names, n => n.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } found ? new Chosen(found) : null,
            static v => v.Name, static v => v.Name)
        {
            Choices = names,
        };

    /// <summary>A parameter that is a list of lengths, one an axis, or one for all axes: 16x16.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="get">Its value.</param>
    /// <param name="set">The method with another value.</param>
    /// <param name="meaning">What it does.</param>
    public static MethodParameter Lengths<TMethod>(
        string name, Func<TMethod, NumberList> get, Func<TMethod, NumberList, ExplanationMethod> set, string meaning)
        where TMethod : ExplanationMethod => new MethodParameter<TMethod, NumberList>(
            name, LengthsRange, meaning, get, set, ReadLengths, static v => v.ToString(), static v => v.Select(n => (long)n).ToArray());

    /// <summary>A parameter that is a list of numbers: 0.9x1x1.1.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="get">Its value.</param>
    /// <param name="set">The method with another value.</param>
    /// <param name="range">How many and which numbers, in words.</param>
    /// <param name="meaning">What it does.</param>
    public static MethodParameter Numbers<TMethod>(
        string name, Func<TMethod, NumberList> get, Func<TMethod, NumberList, ExplanationMethod> set, string range, string meaning)
        where TMethod : ExplanationMethod => new MethodParameter<TMethod, NumberList>(
            name, range, meaning, get, set,
            static text => NumberList.TryParse(text, out NumberList value) && value.Count > 0 ? value : null,
            static v => v.ToString(), static v => v.Count == 1 ? v[0] : v.ToArray());

    private static NumberList? ReadLengths(string text) => NumberList.TryParse(text, out NumberList value) && value.Count is > 0 and < 4
        && value.All(v => v is >= 1 and <= int.MaxValue && double.IsInteger(v)) ? value : null;

    private readonly record struct Maybe(double? Number);

    private readonly record struct Chosen(string Name);

    // TwoWords is written two-words.
    private static string ChoiceName<TValue>(TValue value)
        where TValue : struct, Enum => string.Concat(value.ToString().Select((c, i) =>
            char.IsUpper(c) ? $"{(i > 0 ? "-" : "")}{char.ToLowerInvariant(c)}" : c.ToString()));
}

/// <summary>A parameter of one type of method and one type of value.</summary>
internal sealed class MethodParameter<TMethod, TValue>(
    string name, string range, string meaning, Func<TMethod, TValue> get, Func<TMethod, TValue, ExplanationMethod> set,
    Func<string, TValue?> read, Func<TValue, string> write, Func<TValue, object> plain) : MethodParameter(name, range, meaning)
    where TMethod : ExplanationMethod
    where TValue : struct
{
    public override string TextOf(ExplanationMethod method) => write(get(Own(method)));

    public override object ValueOf(ExplanationMethod method) => plain(get(Own(method)));

    internal override ExplanationMethod Write(ExplanationMethod method, string text) => set(Own(method), read(text.Trim())
        ?? throw new ArgumentException($"'{method.Name}.{Name}' takes {Range}, not '{text}'."));

    private TMethod Own(ExplanationMethod method) => method as TMethod
        ?? throw new ArgumentException($"The method '{method.Name}' has no parameter '{Name}'.", nameof(method));
}
