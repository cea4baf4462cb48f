namespace OnnxGrad;

/// <summary>
/// Reverse-mode differentiation: the gradient of a value of a graph with respect to others, as more nodes of the same graph.
/// </summary>
public static class ReverseMode
{
    /// <summary>
    /// Appends the nodes that compute the vector-Jacobian product: for each value in <paramref name="with"/>, seed^T d(output)/d(value).
    /// </summary>
    /// <param name="output">The value to differentiate. All values on the way must have known shapes.</param>
    /// <param name="seed">
    /// The gradient at the output, of its shape or one that broadcasts to it; 1 for the gradient of the sum of its elements (of each
    /// picture's score where it holds one a picture). A mapped seed gives mapped gradients.
    /// </param>
    /// <param name="with">The values with respect to which; inputs, constants or values in between.</param>
    /// <param name="operators">The operators that are known, with their rules: those of the model, or the standard ones.</param>
    /// <param name="rules">Rules that replace those of some operators; <see cref="RuleSet.Gradient"/> if null.</param>
    /// <returns>For each value its gradient, of its shape; null where the output does not depend on it.</returns>
    /// <exception cref="ModelException">
    /// Operators on the way have no rule, or refuse an input on the way; the message lists them all. Or a rule did not answer for an input.
    /// </exception>
    public static IReadOnlyList<Tensor?> Gradients(
        Tensor output, Tensor seed, IReadOnlyList<Tensor> with, OperatorRegistry operators, RuleSet? rules = null) =>
        Gradients([(output, seed)], with, operators, rules);

    /// <summary>The same of a sum over several outputs: of seed^T output each. One walk serves them all.</summary>
    /// <param name="outputs">The values to differentiate, each with the gradient there; one may lie on the way to another.</param>
    /// <param name="with">The values with respect to which; inputs, constants or values in between.</param>
    /// <param name="operators">The operators that are known, with their rules: those of the model, or the standard ones.</param>
    /// <param name="rules">Rules that replace those of some operators; <see cref="RuleSet.Gradient"/> if null.</param>
    /// <returns>For each value its gradient, of its shape; null where no output depends on it.</returns>
    /// <exception cref="ArgumentException">There is no output.</exception>
    /// <exception cref="ModelException">
    /// Operators on the way have no rule, or refuse an input on the way; the message lists them all. Or a rule did not answer for an input.
    /// </exception>
    public static IReadOnlyList<Tensor?> Gradients(
        IReadOnlyList<(Tensor Output, Tensor Seed)> outputs, IReadOnlyList<Tensor> with, OperatorRegistry operators, RuleSet? rules = null)
    {
        var walk = Walk(outputs, with, operators, rules);
        return [.. with.Select(w => walk[w.Name])];
    }

    /// <summary>The same walk with all that it leaves behind: the gradient of every value on the way, and what rules wrote down.</summary>
    /// <param name="outputs">The values to differentiate, each with the gradient there; one may lie on the way to another.</param>
    /// <param name="with">How far the walk goes: values with respect to which; inputs, constants or values in between.</param>
    /// <param name="operators">The operators that are known, with their rules: those of the model, or the standard ones.</param>
    /// <param name="rules">Rules that replace those of some operators; <see cref="RuleSet.Gradient"/> if null.</param>
    /// <exception cref="ArgumentException">There is no output.</exception>
    /// <exception cref="ModelException">
    /// Operators on the way have no rule, or refuse an input on the way; the message lists them all. Or a rule did not answer for an input.
    /// </exception>
    public static BackwardWalk Walk(
        IReadOnlyList<(Tensor Output, Tensor Seed)> outputs, IReadOnlyList<Tensor> with, OperatorRegistry operators, RuleSet? rules = null)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(with);
        if (outputs.Count == 0)
            throw new ArgumentException("Name at least one output.", nameof(outputs));
        var graph = outputs[0].Output.Graph;
        var path = DifferentiationPath.Between(
            graph, [.. with.Select(w => w.Name)], [.. outputs.Select(o => o.Output.Name)], operators, rules);
        path.ThrowIfRulesAreMissing();

        var cotangents = new Dictionary<string, Tensor>();
        var visits = new List<NodeVisit>();
        var state = new WalkState(
            new WalkRecord(), path.Contains, with.Select(w => w.Name).ToHashSet(),
            outputs[0].Output.Rank > 0 ? outputs[0].Output.Shape[0] : 1, rules,
            value => cotangents.TryGetValue(value, out var arrived) ? arrived : null);
        foreach (var (output, seed) in outputs)
        {
            var own = seed.ExpandLike(output);
            cotangents[output.Name] = cotangents.TryGetValue(output.Name, out var before) ? before + own : own;
        }

        foreach (var node in path.Nodes.Reverse())
        {
            Tensor?[] arriving = [.. node.Outputs.Select(o => cotangents.TryGetValue(o, out var dy) ? dy : (Tensor?)null)];
            if (arriving.All(dy => dy is null))
                continue;
            bool[] needed =
                [.. node.Inputs.Select((input, i) => path.Contains(input) && operators.Derivative(node, i) != InputDerivative.Zero)];
            var context = new VjpContext(operators, graph, node, arriving, needed, state);
            var leaving = Leaving(rules?.For(node) ?? Own, context);
            visits.Add(new NodeVisit(node, arriving, leaving) { Context = context });
            for (int i = 0; i < needed.Length; i++)
            {
                if (!needed[i])
                    continue;
                var value = graph[node.Inputs[i]];
                if (i < leaving.Count && leaving[i] is { } gradient)
                    Accumulate(node, value, gradient);
                else if (value.Type.IsFloatingPoint() && !context.Stopped.Contains(i))
                    throw NoAnswer(node, i);
            }
        }

        return new BackwardWalk(cotangents, state.Record, visits);

        static IReadOnlyList<Tensor?> Own(VjpContext c) => c.Derivative();

        // A rule may answer in the shape of the result; what broadcasting repeated is summed here, once for all rules.
        void Accumulate(Node node, Tensor value, Tensor gradient)
        {
            var own = gradient.SumTo(value.Shape);
            if (!own.Shape.Zip(value.Shape).All(l => l.First == l.Second || l.First == 1))
                throw Ambiguous(node, value, own);
            if (own.Shape != value.Shape)
                own = own.ExpandLike(value);
            cotangents[value.Name] = cotangents.TryGetValue(value.Name, out var before) ? before + own : own;
        }
    }

    private static IReadOnlyList<Tensor?> Leaving(VjpRule rule, VjpContext context)
    {
        try
        {
            return rule(context);
        }
        catch (UnknownLengthException e)
        {
            throw new ModelException($"{context.Node} cannot be differentiated. {e.Message}", e);
        }
    }

    // Whether an axis was repeated, so that its gradient is a sum, must be known beforehand.
    private static ModelException Ambiguous(Node node, Tensor value, Tensor gradient) => new(
        $"{node} cannot be differentiated: its gradient has the shape {gradient.Shape} where it reads '{value.Name}' of shape " +
        $"{value.Shape}. Analyse the model at a known input size.");

    private static ModelException NoAnswer(Node node, int input) => new(
        $"The gradient rule of {node} has no answer for its input {input}, '{node.Inputs[input]}', which the explained value reaches. " +
        "Complete the rule, or define that input as zero or refused: docs/adding-an-operator.md.");
}
