namespace OnnxGrad.Rules;

/// <summary>
/// Einsum: the gradient at one operand is the Einsum of the arriving gradient and the other operands, with the
/// operand's own letters as the result.
/// </summary>
internal static class EinsumRule
{
    public static Tensor?[] Gradients(VjpContext c)
    {
        string[] sides = c.Text("equation", "").Replace(" ", "", StringComparison.Ordinal).Split("->");
        string[] terms = sides[0].Split(',');
        string result = sides.Length > 1 ? sides[1] : Implicit(terms);
        int ellipsis = terms.Select((t, i) => EllipsisAxes(t, c.X(i))).Max();
        string free = new([.. Enumerable.Range('a', 26).Concat(Enumerable.Range('A', 26)).Select(l => (char)l).Except(sides[0])]);
        if (free.Length <= ellipsis)
            throw c.Unsupported("its equation uses too many letters");
        string expanded = Expand(result, ellipsis);
        var operands = terms.Select((t, i) => (Letters: Expand(t, EllipsisAxes(t, c.X(i))), Tensor: c.X(i))).ToArray();

        // A length of 1 may stand for a longer one elsewhere: such an axis is taken out, and the gradient summed over it.
        var longer = operands.SelectMany(o => o.Letters.Select((l, i) => (Letter: l, Length: o.Tensor.Shape[i])))
            .Where(p => p.Length != 1).Select(p => p.Letter).ToHashSet();
        var slim = Array.ConvertAll(operands, o => Slim(o.Letters, o.Tensor));
        var gradients = new Tensor?[operands.Length];
        for (int i = 0; i < operands.Length; i++)
        {
            if (c.Needs(i))
                gradients[i] = Gradient(i);
        }

        return gradients;

        Tensor Gradient(int own)
        {
            var (letters, tensor) = slim[own];
            (string Letters, Tensor Tensor)[] factors = [(expanded, c.Dy), .. slim.Where((_, i) => i != own)];
            // A letter that stands nowhere else was summed: each of its positions gets the same.
            char[] distinct = [.. letters.Distinct()];
            bool[] known = [.. distinct.Select(l => factors.Any(f => f.Letters.Contains(l)))];
            var sum = Tensor.Einsum(new string([.. distinct.Where((_, i) => known[i])]), factors);
            var whole = sum.Unsqueeze([.. Enumerable.Range(0, distinct.Length).Where(i => !known[i]).Select(i => (long)i)]);
            // A letter that stands twice took a diagonal: nothing beside it had a part in the result.
            for (int i = 0; i < letters.Length; i++)
            {
                int first = letters.IndexOf(letters[i], StringComparison.Ordinal);
                if (first < i)
                    whole = Tensor.Where(Diagonal(tensor, first, i, whole.Rank + 1), whole.Unsqueeze(i), 0);
            }

            return whole.ExpandLike(tensor).Unsqueeze(Repeated(operands[own].Letters, operands[own].Tensor));
        }

        static Tensor Diagonal(Tensor tensor, int a, int b, int rank) => Along(tensor, a, rank).EqualTo(Along(tensor, b, rank));

        static Tensor Along(Tensor tensor, int axis, int rank) =>
            tensor.Positions(axis).Unsqueeze([.. Enumerable.Range(0, rank).Where(i => i != axis).Select(i => (long)i)]);

        long[] Repeated(string letters, Tensor tensor) =>
            [.. Enumerable.Range(0, letters.Length).Where(i => tensor.Shape[i] == 1 && longer.Contains(letters[i])).Select(i => (long)i)];

        (string Letters, Tensor Tensor) Slim(string letters, Tensor tensor)
        {
            long[] repeated = Repeated(letters, tensor);
            return (new string([.. letters.Where((_, i) => !repeated.Contains(i))]), tensor.Squeeze(repeated));
        }

        // The ellipsis's axes as letters of their own, counted from the right as in broadcasting.
        string Expand(string term, int axes) => term.Replace("...", free[(ellipsis - axes)..ellipsis], StringComparison.Ordinal);
    }

    private static int EllipsisAxes(string term, Tensor operand) =>
        term.Contains("...", StringComparison.Ordinal) ? operand.Rank - (term.Length - 3) : 0;

    /// <summary>
    /// The result where the equation does not say it: the letters that stand once, in alphabetical order, behind the ellipsis.
    /// </summary>
    private static string Implicit(string[] terms)
    {
        var once = string.Concat(terms).Where(char.IsAsciiLetter).GroupBy(l => l).Where(g => g.Count() == 1).Select(g => g.Key).Order();
        return (terms.Any(t => t.Contains("...", StringComparison.Ordinal)) ? "..." : "") + string.Concat(once);
    }
}
