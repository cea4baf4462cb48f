using System.Text.Json;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using GradCamSharp.Tests.Oracle;

namespace GradCamSharp.Tests.Methods.Relevance;

/// <summary>Accounts of relevance against those of the references.</summary>
public class RelevanceAccountTests
{
    public static TheoryData<string> Networks => [.. References().Select(r => r.GetProperty("case").GetString()!).Distinct()];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Account_OfEveryReference_ClosesAndIsTheReferences(string network)
    {
        var oracle = new OracleCase(network);
        using var explainer = oracle.Load();
        var entries = References().Where(r => r.GetProperty("case").GetString() == network).ToList();
        var wrong = new List<string>();
        for (int item = 0; item < oracle.Classes.Length; item++)
        {
            LayerwiseRelevance[] methods = [.. entries.Select(e => (LayerwiseRelevance)MethodReference.All.Single(
                r => r.Network == network && r.Method == e.GetProperty("method").GetString()).Find()!)];
            var batch = explainer.Explain(
                oracle.Input.Values, oracle.InputShape, methods, [ClassRequest.Index(oracle.Classes[item])],
                TestContext.Current.CancellationToken);
            for (int i = 0; i < methods.Length; i++)
            {
                var account = batch.Maps[methods[i]].Account(item, 0)!;
                double score = entries[i].GetProperty("score")[item].GetDouble();
                var absorbed = entries[i].GetProperty("absorbed");
                double scale = Math.Abs(score) + absorbed.EnumerateObject().Sum(a => Math.Abs(a.Value[item].GetDouble()));
                double tolerance = Math.Max(1e-4, entries[i].GetProperty("tolerance").GetDouble());
                Check("score", score, account.Score);
                Check("input", entries[i].GetProperty("sum")[item].GetDouble(), account.Input);
                foreach (var kind in absorbed.EnumerateObject().Where(a => a.Name != "stabiliser"))
                    Check(kind.Name, kind.Value[item].GetDouble(), account.Absorbed.GetValueOrDefault(kind.Name));
                if (!(account.Error <= 1e-5))
                    wrong.Add($"{network} {methods[i].Name} {item}: off by {account.Error:E1}");

                void Check(string what, double expected, double actual)
                {
                    if (!(Math.Abs(expected - actual) <= tolerance * scale))
                        wrong.Add($"{network} {methods[i].Name} {item}: {what} is {actual}, not {expected}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static IEnumerable<JsonElement> References() => SharedData.Find("methods/cases-gradient/manifest.json") is not { } path ? []
        : JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty("references").EnumerateArray()
            .Where(r => r.TryGetProperty("absorbed", out _));
}
