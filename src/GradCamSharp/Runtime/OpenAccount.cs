using System.Globalization;
using GradCamSharp.Compilation;
using GradCamSharp.Errors;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using Microsoft.ML.OnnxRuntime;
using OnnxGrad;

namespace GradCamSharp.Runtime;

/// <summary>Finds the node at which relevance does not add up, by one more run that answers with every node's balance.</summary>
internal static class OpenAccount
{
    /// <summary>The error that names the node.</summary>
    /// <param name="compiled">What ran.</param>
    /// <param name="method">The method whose account is open.</param>
    /// <param name="account">The account.</param>
    /// <param name="input">Makes the input of the run.</param>
    /// <param name="place">Which item and class: item M + class.</param>
    /// <param name="requests">The classes.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    public static ExplanationException Found(
        CompiledExplanation compiled, ExplanationMethod method, RelevanceAccount account, Func<OrtValue> input, int place,
        IReadOnlyList<ClassRequest> requests, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (model, nodes) = RelevanceBalances.Compile(compiled, (GraphMethod)method);
        using var options = new SessionOptions();
        using var session = model.OpenSession(options);
        using var run = new RunOptions();
        using var stop = cancellationToken.Register(() => run.Terminate = true);
        using var fed = input();
        using var request = OrtValue.CreateTensorValueFromMemory([requests[place % requests.Count].Code], [1L]);
        using var results = session.Run(
            run, [compiled.Analysis.Input.Name, ExplanationGraph.Request], [fed, request], [RelevanceBalances.Output]);
        var balances = results[0].GetTensorDataAsSpan<double>().Slice(place / requests.Count * nodes.Count, nodes.Count);
        return Error(method, account, nodes, balances);
    }

    /// <summary>The error that names the node which loses most.</summary>
    /// <param name="method">The method whose account is open.</param>
    /// <param name="account">The account.</param>
    /// <param name="nodes">The nodes.</param>
    /// <param name="balances">What each of them loses of relevance.</param>
    public static ExplanationException Error(
        ExplanationMethod method, RelevanceAccount account, IReadOnlyList<Node> nodes, ReadOnlySpan<double> balances)
    {
        int worst = 0;
        for (int i = 1; i < balances.Length; i++)
        {
            if (!(Math.Abs(balances[i]) <= Math.Abs(balances[worst])))
                worst = i;
        }

        return new ExplanationException(
            ExplanationError.OpenAccount,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The account of '{method.Name}' does not close: of the score {account.Score:g6} the input has {account.Input:g6} and ") +
            string.Create(
                CultureInfo.InvariantCulture,
                $"the network keeps {account.Absorbed.Values.Sum():g6}. It breaks at {nodes[worst]}, by {balances[worst]:g3}."),
            "Give this node a rule under which relevance adds up, or report the model: its operator should have one.");
    }
}
