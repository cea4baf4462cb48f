using GradCamSharp.Methods;
using OnnxGrad;

namespace GradCamSharp.Compilation;

/// <summary>A graph that answers with what each node on the way loses of relevance.</summary>
internal static class RelevanceBalances
{
    /// <summary>[N, M, nodes], in doubles.</summary>
    public const string Output = ExplanationGraph.Prefix + "balances";

    /// <summary>Compiles the balances of one method for one class.</summary>
    /// <param name="compiled">What ran.</param>
    /// <param name="method">The method.</param>
    /// <returns>The graph, and its nodes in the order of the balances.</returns>
    public static (OnnxModel Model, IReadOnlyList<Node> Nodes) Compile(CompiledExplanation compiled, GraphMethod method)
    {
        var notes = new MapNotes { KeepsBalances = true };
        var model = ExplanationGraph.Compile(compiled.Analysis, compiled.Layer, [method], several: false, compiled.Ranks, notes);
        return (model, notes.Balanced);
    }
}
