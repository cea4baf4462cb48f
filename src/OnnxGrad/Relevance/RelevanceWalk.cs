using OnnxGrad.Relevance;

namespace OnnxGrad;

/// <summary>
/// Relevance of a network's input, shared out backward from a score by a table of rules: R = c v for every value v on the way, and the
/// account of what the nodes kept.
/// </summary>
public sealed class RelevanceWalk
{
    private readonly IReadOnlyList<(Tensor Output, Tensor Seed)> outputs;
    private readonly BackwardWalk walk;

    private RelevanceWalk(IReadOnlyList<(Tensor Output, Tensor Seed)> outputs, BackwardWalk walk, Tensor input)
    {
        this.outputs = outputs;
        this.walk = walk;
        Input = input;
    }

    /// <summary>The relevance of the network's input, of its shape; mapped where the seeds are.</summary>
    public Tensor Input { get; }

    /// <summary>The coefficient at a value on the way; null where nothing arrived. R is the coefficient times the value.</summary>
    /// <param name="value">The value's name.</param>
    public Tensor? this[string value] => walk[value];

    /// <summary>Walks from outputs back to the network's input.</summary>
    /// <param name="outputs">The values that are explained, each with the coefficient there: 1 at a score.</param>
    /// <param name="input">The network's input.</param>
    /// <param name="operators">The operators that are known.</param>
    /// <param name="rules">The table, such as <see cref="RelevanceComposite.ToRuleSet"/> makes.</param>
    /// <param name="kept">Values whose coefficients are asked for: a layer that one of them ends is not folded with what follows.</param>
    /// <exception cref="ModelException">An operator is refused, or has no rule; the message names the node and the way out.</exception>
    public static RelevanceWalk Run(
        IReadOnlyList<(Tensor Output, Tensor Seed)> outputs, Tensor input, OperatorRegistry operators, RuleSet rules,
        params IReadOnlyList<Tensor> kept)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(kept);
        var walk = ReverseMode.Walk(outputs, [input, .. kept], operators, rules);
        Tensor? sum = walk[input.Name] is { } coefficient ? coefficient * input : null;
        foreach (var group in walk.Record.Delivered.GroupBy(d => d.Value))
        {
            var amount = group.Select(d => d.Amount).Aggregate((a, b) => a + b);
            var arrived = group.Key == input.Name ? amount : Preprocessed(group.Key, amount);
            if (arrived is { } more)
                sum = sum is { } before ? before + more : more;
        }

        var relevance = sum ?? throw new ModelException(
            $"'{outputs[0].Output.Name}' does not depend on '{input.Name}' by a way that the rules '{rules}' pass.");
        return new RelevanceWalk(outputs, walk, relevance.SumTo(input.Shape).ExpandLike(input));

        // What the network puts round its input keeps its share.
        Tensor? Preprocessed(string value, Tensor amount)
        {
            var before = ReverseMode.Walk([(input.Graph[value], amount)], [input], operators, Preprocessing.Rules(operators));
            foreach (var kept in before.Record.Kept)
                walk.Record.Keep(kept);
            return before[input.Name];
        }
    }

    /// <summary>
    /// What is explained, the input's relevance, and what was kept, by kinds: sums an item, [N] in doubles. The first is what the others
    /// add up to.
    /// </summary>
    /// <returns>"score", "input", then the kinds in ordinal order.</returns>
    public IReadOnlyList<(string Kind, Tensor Sum)> Account()
    {
        var items = Items();
        var start = outputs.Select(o => PerItem(o.Seed.ExpandLike(o.Output) * o.Output, items)).Aggregate((a, b) => a + b);
        var entries = new List<(string, Tensor)> { ("score", start), ("input", PerItem(Input, items)) };
        foreach (var kind in walk.Record.Kept.GroupBy(k => k.Kind).OrderBy(g => g.Key, StringComparer.Ordinal))
            entries.Add((kind.Key, Sums(kind, items).Aggregate((a, b) => a + b)));
        return entries;
    }

    // Products of all nodes by one: dozens of small operators a layer cost more than their arithmetic.
    private static IEnumerable<Tensor> Sums(IEnumerable<KeptAmount> amounts, Dimension items)
    {
        var products = new List<(Tensor Means, Tensor Factors)>();
        foreach (var kept in amounts)
        {
            if (kept.Product is { } product && product.Means.Shape[0] == items && product.Means.Type == ElementType.Float)
                products.Add(product);
            else
                yield return PerItem(kept.Amount, items);
        }

        if (products.Count == 0)
            yield break;
        var means = Tensor.Concat(1, [.. products.Select(p => p.Means)]).Cast(ElementType.Double);
        var factors = Tensor.Concat(1, [.. products.Select(p => p.Factors)]).Cast(ElementType.Double);
        yield return PerItem(means * factors, items);
    }

    /// <summary>The sum of the magnitudes of the input's relevance, [N] in doubles: how much may cancel in <see cref="Account"/>.</summary>
    public Tensor Magnitude() => PerItem(Input.Abs(), Items());

    /// <summary>
    /// For each node that was passed what arrived there less what it handed on and kept: 0 where the node's account closes. What
    /// belongs to a layer is counted with that layer.
    /// </summary>
    public IReadOnlyList<(Node Node, Tensor Sum)> Balances()
    {
        var items = Items();
        var kept = walk.Record.Kept.ToLookup(k => k.Node, k => k.Amount);
        var delivered = walk.Record.Delivered.ToLookup(d => d.Node, d => d.Amount);
        var balances = new List<(Node, Tensor)>();
        foreach (var visit in walk.Visits)
        {
            var c = visit.Context;
            if (CanonicalForm.IsFolded(c, visit.Node))
                continue;
            Tensor? sum = null;
            for (int i = 0; i < visit.Arriving.Count; i++)
            {
                if (visit.Arriving[i] is { } arriving)
                    Add(arriving * (LinearLayer.Of(c)?.Output ?? c.Y(i)).CastLike(arriving), 1);
            }

            for (int i = 0; i < visit.Leaving.Count; i++)
            {
                if (c.Needs(i) && visit.Leaving[i] is { } leaving && !c.Stopped.Contains(i))
                    Add(leaving.SumTo(c.X(i).Shape) * c.X(i).CastLike(leaving), -1);
            }

            foreach (var amount in kept[visit.Node].Concat(delivered[visit.Node]))
                Add(amount, -1);
            if (sum is { } balance)
                balances.Add((visit.Node, balance));

            void Add(Tensor amount, double sign)
            {
                var part = PerItem(amount, items) * sign;
                sum = sum is { } before ? before + part : part;
            }
        }

        return balances;
    }

    private Dimension Items() => outputs[0].Output.Rank > 0 ? outputs[0].Output.Shape[0] : 1;

    // An item's parts (its windows, its heads) may lie one after the other on the first axis. Doubles from the first rows on: the sum
    // cancels, and single precision loses what thousands of elements add.
    private static Tensor PerItem(Tensor amount, Dimension items)
    {
        if (amount.Rank == 0)
            return amount.Cast(ElementType.Double).Unsqueeze(0);
        if (amount.Rank > 2)
            amount = amount.Sum([amount.Rank - 1], keep: false);
        amount = amount.Cast(ElementType.Double);
        var rows = amount.Shape[0] == items ? amount : amount.Reshape(new Shape(items, amount.Shape.Size / items));
        return rows.Rank > 1 ? rows.Sum([.. Enumerable.Range(1, rows.Rank - 1).Select(i => (long)i)], keep: false) : rows;
    }
}
