using GradCamSharp.Methods;
using OnnxGrad;

namespace GradCamSharp.Compilation;

/// <summary>What is known of compiled maps beside the graph: what methods say of them, and where their accounts are found.</summary>
internal sealed class MapNotes
{
    private readonly Dictionary<ExplanationMethod, string> said = [];
    private readonly Dictionary<ExplanationMethod, AccountOutput> accounts = [];

    /// <summary>What methods say of their maps of this model, in words.</summary>
    public IReadOnlyDictionary<ExplanationMethod, string> Said => said;

    /// <summary>The accounts of methods that share out a score.</summary>
    public IReadOnlyDictionary<ExplanationMethod, AccountOutput> Accounts => accounts;

    /// <summary>Whether the graph also answers with every node's balance.</summary>
    public bool KeepsBalances { get; init; }

    /// <summary>The nodes of the balances, in their order.</summary>
    public IReadOnlyList<Node> Balanced { get; private set; } = [];

    /// <summary>Notes what methods say, and appends the account of those that share out a score to the graph.</summary>
    /// <param name="context">What the maps were made of.</param>
    /// <param name="method">The method.</param>
    /// <param name="output">The output of its map.</param>
    public void Take(MapContext context, ExplanationMethod method, string output)
    {
        if (context.Said.TryGetValue(method, out string? text))
            said[method] = text;
        if (!context.Accounts.TryGetValue(method, out var entries))
            return;
        var rows = Tensor.Concat(1, [.. entries.Select(e => e.Sum.Unsqueeze(1))]);
        var account = new AccountOutput($"{output}_account", [.. entries.Select(e => e.Kind)], method is not LayerwiseRelevance);
        context.Input.Graph.Output(account.Name, rows.Unmap(1));
        accounts[method] = account;
        if (!KeepsBalances || context.LastWalk is not { } walk)
            return;
        var balances = walk.Balances();
        Balanced = [.. balances.Select(b => b.Node)];
        var sums = Tensor.Concat(1, [.. balances.Select(b => b.Sum.Unsqueeze(1))]);
        context.Input.Graph.Output(RelevanceBalances.Output, sums.Unmap(1));
    }
}

/// <summary>An output [N, M, K] of sums, in doubles.</summary>
/// <param name="Name">The output.</param>
/// <param name="Kinds">What the K sums are of: the score, the input, then what was kept by kinds.</param>
/// <param name="IsChange">Whether a change of the score is shared out, rather than the score.</param>
internal sealed record AccountOutput(string Name, IReadOnlyList<string> Kinds, bool IsChange);
