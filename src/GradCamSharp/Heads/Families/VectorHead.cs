using GradCamSharp.Imaging;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Heads.Families;

/// <summary>One vector a picture (re-identification, faces, image towers), or a few numbers (angles, an age).</summary>
internal sealed class VectorHead : VisionHead
{
    private static readonly string[] VectorNames =
        ["embed", "feature", "descriptor", "vector", "pooler_output", "pooled", "fc1", "representation"];

    private static readonly string[] NumberNames =
        ["angle", "yaw", "pitch", "roll", "age", "pose", "landmark", "coord", "regress", "bbox", "gaze", "quality", "value", "score_map"];

    private readonly OutputInfo output;
    private readonly bool areNumbers;
    private readonly string reason;

    private VectorHead(HeadContext context, OutputInfo output, bool areNumbers, string reason)
        : base(context) => (this.output, this.areNumbers, this.reason) = (output, areNumbers, reason);

    public override string Task => areNumbers ? "regress" : "embed";

    public override string Family => areNumbers ? "numbers" : "one vector a picture";

    public override string Reason => reason;

    // Where another output says something too, which of them is meant is the user's to say.
    public override Target? Default =>
        areNumbers && output.Shape[1] == 1 && Context.Outputs.Count(o => o.IsFloat) == 1 ? new ValueTarget() : null;

    public override bool IsAboutWholePicture => true;

    public override OutputInfo? Vector => areNumbers ? null : output;

    public override Preprocessing Preprocessing => SqueezedImageNet;

    public override string Examples => areNumbers
        ? $"{output.Name}[:,0] and -{output.Name}[:,0]{(output.Shape[1] == 1 ? ", or value" : "")}"
        : "similarity:OTHER.jpg, similarity:VECTOR.npy, -similarity:... and dot:...";

    public static VectorHead? Recognize(HeadContext context, bool? areNumbers = null)
    {
        var outputs = context.Outputs.Where(
            o => o.IsFloat && o.Shape.Rank >= 2 && context.HasBatch(o) && o.Shape.Skip(2).All(l => l == 1)).ToList();
        if (areNumbers is { } said)
            return outputs.Count > 0 ? new VectorHead(
                context, outputs[0], said, $"the output '{outputs[0].Name}' {outputs[0].Shape} is said to be so") : null;
        if (outputs.FirstOrDefault(o => IsVector(context, o)) is { } vector)
        {
            string why = IsNamed(vector.Name, VectorNames) ? "its name says so" : "its last operator makes no class scores";
            return new VectorHead(context, vector, false, $"the output '{vector.Name}' {vector.Shape} is a vector: {why}");
        }

        return outputs.FirstOrDefault(IsNumbers) is { } numbers
            ? new VectorHead(context, numbers, true,
                $"the output '{numbers.Name}' {numbers.Shape} holds {numbers.Shape[1]} number(s) a picture")
            : null;
    }

    /// <summary>Whether an output's name, or its last operator, says that it holds no class scores.</summary>
    public static bool IsNoClassifier(Graph graph, string output, Shape? declared) =>
        declared is { Rank: >= 2 } shape && (
            shape[1].GetValueOrDefault(0) == 1 || IsNamed(output, VectorNames) || IsNamed(output, NumberNames)
            || (shape[1].GetValueOrDefault(0) >= 8 && EndsAsVector(graph, output)));

    /// <summary>Whether the output is a vector of features: by its name, or by a last operator that no class scores have.</summary>
    public static bool IsVector(HeadContext context, OutputInfo output)
    {
        if (output.Shape.Rank < 2 || output.Shape[1].Value < 8)
            return false;
        if (IsNamed(output.Name, VectorNames))
            return true;
        return EndsAsVector(context.Graph, output.Name);
    }

    private static bool EndsAsVector(Graph graph, string value)
    {
        while (graph.Producer(value) is { Operator: "Identity" or "Flatten" or "Reshape" or "Squeeze" } move)
            value = move.Inputs[0];
        return graph.Producer(value) switch
        {
            { Operator: "Relu" or "LpNormalization" or "PRelu" } => true,
            { Operator: "Div" } quotient => EndsInNorm(graph, quotient.Inputs[1]),
            _ => false,
        };
    }

    // A length that is kept from 0, and perhaps repeated.
    private static bool EndsInNorm(Graph graph, string value)
    {
        while (graph.Producer(value) is { Operator: "Clip" or "Max" or "Expand" or "Add" or "Unsqueeze" or "Sqrt" or "Identity" } move)
            value = move.Inputs[0];
        return graph.Producer(value) is { Operator: "ReduceL2" or "ReduceSumSquare" or "ReduceSum" };
    }

    /// <summary>Whether the output is a few numbers, by its name, or a single one.</summary>
    public static bool IsNumbers(OutputInfo output) => output.Shape[1] == 1 || IsNamed(output.Name, NumberNames);

    // Whole words, or their beginnings as in "embeddings": "image" and "stage" hold no age, "fc1000" no fc1.
    private static bool IsNamed(string name, string[] words) => words.Any(w => System.Text.RegularExpressions.Regex.IsMatch(
        name, $"(?<![A-Za-z]){System.Text.RegularExpressions.Regex.Escape(w)}(s|es|ding|dings|ression|_|$|[^A-Za-z0-9])",
        System.Text.RegularExpressions.RegexOptions.IgnoreCase | System.Text.RegularExpressions.RegexOptions.CultureInvariant));

    public override HeadReading Read(ModelRun run, int item, PixelFrame frame)
    {
        var value = run[output.Name];
        int shown = (int)Math.Min(4, output.Shape[1].Value);
        string numbers = string.Join(", ", Enumerable.Range(0, shown).Select(i =>
            FormattableString.Invariant($"{value[(item * output.Shape[1].Value) + i]:g4}")));
        return new HeadReading(run, item, frame) { Summary = $"{output.Name}: {numbers}{(shown < output.Shape[1].Value ? " ..." : "")}" };
    }

    public override TargetScore Score(Target target, HeadReading reading) => target switch
    {
        ValueTarget { Place: null or AllPlace } when areNumbers && output.Shape[1] == 1 =>
            reading.Run.Element(output.Name, [reading.Item, .. Enumerable.Repeat(0L, output.Shape.Rank - 1)]),
        SimilarityTarget similarity when !areNumbers => Similarity(output, similarity, reading),
        _ => throw Lacks(target),
    };

    public override GraphSeeds Seeds(Target target, int top, Graph graph, Func<string, Tensor> logits)
    {
        if (target is not SimilarityTarget similarity || areNumbers || Context.Batch != 1 || VectorOf is null)
            throw GraphSeeds.Cannot(target, "similarity:FILE and dot:FILE");
        var own = graph[output.Name];
        var given = graph.Constant(own.Type, own.Shape, [.. VectorOf(similarity.File).Select(v => (double)v)]);
        if (similarity.IsDot)
            return new GraphSeeds([(own, given.Unsqueeze(0).Map())], []);
        long[] all = [.. Enumerable.Range(0, own.Rank).Select(i => (long)i)];
        var (e, v) = (own.Square().Sum(all).Sqrt(), given.Square().Sum(all).Sqrt());
        var cosine = (own * given).Sum(all) / (e * v);
        return new GraphSeeds([(own, ((given / (e * v)) - (cosine * own / e.Square())).Unsqueeze(0).Map())], []);
    }

    /// <summary>The cosine of the picture's vector and a given one, or their product.</summary>
    public static TargetScore Similarity(OutputInfo output, SimilarityTarget target, HeadReading reading)
    {
        var value = reading.Run[output.Name];
        int length = (int)output.Shape[1].Value;
        float[] other = reading.VectorOf?.Invoke(target.File)
            ?? throw Wrong($"Nothing reads the vector '{target.File}'.", "Give a way to read it: TargetInput.VectorOf.");
        if (other.Length != length)
            throw Wrong($"'{target.File}' holds {other.Length} numbers; '{output.Name}' has {length}.", "Give a vector of this model.");
        long first = (long)reading.Item * length;
        double dot = 0, own = 0, given = 0;
        for (int i = 0; i < length; i++)
        {
            double e = value[first + i];
            dot += e * other[i];
            own += e * e;
            given += (double)other[i] * other[i];
        }

        if (target.IsDot)
            return new TargetScore(dot, [.. Enumerable.Range(0, length).Select(i => new ScoreSeed(output.Name, first + i, other[i]))])
            {
                IsLinear = true,
            };
        double lengths = Math.Sqrt(own) * Math.Sqrt(given);
        if (lengths == 0)
            throw Wrong("A vector of length 0 is like no other.", "Give another picture or vector.");
        double cosine = dot / lengths;
        return new TargetScore(cosine, [.. Enumerable.Range(0, length).Select(i =>
            new ScoreSeed(output.Name, first + i, (other[i] / lengths) - (cosine * value[first + i] / own)))]);
    }
}
