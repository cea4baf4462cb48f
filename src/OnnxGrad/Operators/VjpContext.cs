namespace OnnxGrad;

/// <summary>
/// A node to be differentiated, as its vector-Jacobian product rule sees it: what it read (<see cref="X"/>), what it made (<see cref="Y"/>)
/// and the gradient that arrives at what it made (<see cref="Dy"/>).
/// </summary>
public sealed class VjpContext
{
    private readonly OperatorRegistry operators;
    private readonly Graph graph;
    private readonly Tensor?[] cotangents;
    private readonly bool[] needed;
    private readonly IReadOnlyList<Tensor?>? inputs;
    private Tensor? output;

    internal VjpContext(
        OperatorRegistry operators, Graph graph, Node node, Tensor?[] cotangents, bool[] needed, WalkState walk,
        IReadOnlyList<Tensor?>? inputs = null)
    {
        this.operators = operators;
        this.graph = graph;
        Node = node;
        this.cotangents = cotangents;
        this.needed = needed;
        this.inputs = inputs;
        Walk = walk;
    }

    /// <summary>The node.</summary>
    public Node Node { get; }

    /// <summary>The gradient at the first output; of that output's shape.</summary>
    public Tensor Dy => DyOf(0) ?? throw Unsupported("only outputs after the first one are used");

    /// <summary>The number of inputs, absent ones counted.</summary>
    public int InputCount => Node.Inputs.Count;

    /// <summary>The number of outputs, absent ones counted.</summary>
    public int OutputCount => Node.Outputs.Count;

    /// <summary>The graph that the rule adds to.</summary>
    public Graph Graph => graph;

    /// <summary>The gradient at an output, or null if nothing that matters reads it.</summary>
    public Tensor? DyOf(int output) => output < cotangents.Length ? cotangents[output] : null;

    /// <summary>What the operator's own rule answers; for a rule set that replaces it in some cases only.</summary>
    /// <exception cref="ModelException">The operator has no rule of its own.</exception>
    public IReadOnlyList<Tensor?> Derivative() =>
        (operators.Find(Node)?.Rule ?? throw Unsupported("its operator has no gradient rule"))(this);

    /// <summary>The same node with another gradient at the first output.</summary>
    /// <param name="dy">The gradient; of the first output's shape.</param>
    public VjpContext With(Tensor dy) => new(operators, graph, Node, [dy, .. cotangents.Skip(1)], needed, Walk, inputs) { output = output };

    /// <summary>The same node with other values for its inputs, and what it makes of them: its derivative is taken there.</summary>
    /// <param name="values">The values, of the inputs' shapes; null where the input keeps its own. May be fewer than the inputs.</param>
    public VjpContext At(params IReadOnlyList<Tensor?> values)
    {
        Tensor?[] all = [.. Node.Inputs.Select((_, i) => (i < values.Count ? values[i] : null) ?? inputs?[i])];
        return new(operators, graph, Node, cotangents, needed, Walk, all);
    }

    /// <summary>Writes down that the node keeps a part of what arrives: what it adds of its own, or what gets lost there.</summary>
    /// <param name="kind">Why, in one word or two.</param>
    /// <param name="amount">How much, of a shape whose first axis runs over items.</param>
    public void Keep(string kind, Tensor amount) => Walk.Record.Keep(new KeptAmount(Node, kind, amount));

    /// <summary>The same of an amount that is a product of means over positions and a constant for each channel.</summary>
    /// <param name="kind">Why, in one word or two.</param>
    /// <param name="means">[N, K, 1, 1].</param>
    /// <param name="factors">[1, K, 1, 1].</param>
    internal void Keep(string kind, Tensor means, Tensor factors) =>
        Walk.Record.Keep(new KeptAmount(Node, kind, means * factors) { Product = (means, factors) });

    /// <summary>
    /// Hands an input an amount that is final, instead of a factor of its value. The walk goes no further there; null is the rule's answer
    /// for that input.
    /// </summary>
    /// <param name="input">The input's position.</param>
    /// <param name="amount">The amount, of the input's shape.</param>
    public void Deliver(int input, Tensor amount)
    {
        Walk.Record.Deliver(new DeliveredAmount(Node, Node.Inputs[input], amount));
        Stop(input);
    }

    /// <summary>Says that an input gets nothing on purpose: null is the rule's answer for it, and the walk goes no further there.</summary>
    /// <param name="input">The input's position.</param>
    public void Stop(int input) => Stopped.Add(input);

    /// <summary>Whether the walk passes a value; else it is a constant as far as this walk goes.</summary>
    /// <param name="value">The value's name.</param>
    public bool IsOnPath(string value) => value.Length > 0 && Walk.IsOnPath(value);

    /// <summary>Whether the operators that make a value show that no element of it is negative.</summary>
    /// <param name="value">The value.</param>
    public bool IsNonNegative(Tensor value) => operators.IsNonNegative(value);

    /// <summary>What the walk's nodes share.</summary>
    internal WalkState Walk { get; }

    /// <summary>The inputs that get nothing, or a final amount.</summary>
    internal HashSet<int> Stopped { get; } = [];

    /// <summary>A gradient of zeros for an input that has no part in the outputs whose gradient arrives.</summary>
    /// <param name="input">The input's position.</param>
    public Tensor Zero(int input)
    {
        var arriving = cotangents.First(dy => dy is not null)!.Value;
        return X(input).ZerosLike().MappedAs(arriving);
    }

    /// <summary>An input's value.</summary>
    public Tensor X(int input = 0) => inputs?[input] ?? graph[Node.Inputs[input]];

    /// <summary>An output's value.</summary>
    public Tensor Y(int output = 0) => inputs is null ? graph[Node.Outputs[output]]
        : output == 0 ? this.output ??= Repeated(0)
        : Repeated(output);

    /// <summary>Whether an optional input is given.</summary>
    public bool HasInput(int input) => input < Node.Inputs.Count && Node.Inputs[input].Length > 0;

    /// <summary>Whether the gradient of an input is wanted; rules may skip costly ones that are not.</summary>
    public bool Needs(int input) => input < needed.Length && needed[input];

    /// <summary>
    /// The content of an integer input that must be known before the model runs: axes, pads, sizes. Null if the input is absent.
    /// </summary>
    /// <exception cref="ModelException">It changes from run to run.</exception>
    public long[]? Integers(int input) => !HasInput(input)
        ? null
        : graph.Info(Node.Inputs[input])?.Integers is { } known
            ? [.. known]
            : throw Unsupported($"its input '{Node.Inputs[input]}' is computed anew on every run");

    /// <summary>An integer attribute.</summary>
    public long Int(string attribute, long otherwise) => Node.Int(attribute, otherwise);

    /// <summary>A floating-point attribute.</summary>
    public float Float(string attribute, float otherwise) => Node.Float(attribute, otherwise);

    /// <summary>A text attribute.</summary>
    public string Text(string attribute, string otherwise) => Node.Text(attribute, otherwise);

    /// <summary>A list of integers, or null where the attribute is absent.</summary>
    public long[]? Ints(string attribute) => Node.Ints(attribute);

    /// <summary>A scalar of the type of the gradient.</summary>
    public Tensor Number(double value) => graph.Constant(value, Dy.Type);

    private Tensor Repeated(int place) => graph.Repeat(
        Node, [.. Node.Inputs.Select((name, i) => name.Length == 0 ? (Tensor?)null : X(i))], place);

    /// <summary>An exception for a form of the operator that the rule does not cover.</summary>
    /// <param name="why">What is not covered; completes the sentence "... cannot be differentiated: ".</param>
    public ModelException Unsupported(string why) =>
        new($"{Node} cannot be differentiated: {why}. Explain a layer after it, or export the model without it.");
}
