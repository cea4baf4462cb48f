using System.Text.Json.Nodes;
using GradCamSharp.Evaluation.Experiments.Comparing;
using GradCamSharp.Evaluation.Experiments.Trust.Measures;
using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Evaluation.Records;
using GradCamSharp.Methods;

namespace GradCamSharp.Evaluation.Tests.Experiments.Comparing;

/// <summary>What a comparison says of figures that are known: those of 40 photos by independent float64 values, and made-up ones.</summary>
public sealed class CompareSummaryTests
{
    [Fact]
    public void Summarize_ReferenceOf40Photos_TakesGradCamForTheReasonsOfTheDefinition()
    {
        var summary = OfReference();
        Assert.Equal((CompareAnswer.One, "gradcam"), (summary.Answer, summary.Recommended!.Name));
        (string Name, double Road, double Low, double High, double Mu, double MuLow, double MuHigh)[] expected =
        [
            ("gradcam", 0.41, 0.34, 0.48, 0.45, 0.38, 0.52), ("gradcam++", 0.37, 0.30, 0.45, 0.41, 0.34, 0.48),
            ("centre", 0.22, 0.17, 0.28, 0.21, 0.14, 0.28), ("random", 0.03, -0.01, 0.07, 0.04, -0.01, 0.09),
        ];
        foreach (var (name, road, low, high, mu, muLow, muHigh) in expected)
        {
            var candidate = summary.Candidates.First(c => c.Name == name);
            // The table has two digits, and other draws move an interval's end by some 0.003.
            Assert.Equal(road, candidate["road"]!.Mean!.Value, 0.005);
            Assert.Equal(low, candidate["road"]!.Low!.Value, 0.0085);
            Assert.Equal(high, candidate["road"]!.High!.Value, 0.0085);
            Assert.Equal(mu, candidate["mu_fidelity"]!.Mean!.Value, 0.005);
            Assert.Equal(muLow, candidate["mu_fidelity"]!.Low!.Value, 0.0085);
            Assert.Equal(muHigh, candidate["mu_fidelity"]!.High!.Value, 0.0085);
        }

        var text = CompareText.Of(summary);
        Assert.Equal("Take gradcam at layer.", text.Headline);
        Assert.Matches(
            @"^It is the most faithful of the candidates that pass: ROAD 0\.035 above gradcam\+\+ \(0\.00\d \.\. 0\.06\d, " +
            @"corrected p 0\.0[12]\), mu-fidelity 0\.042 above it \(corrected p 0\.00\d\)\.$", text.Reasons[0]);
        Assert.Equal(
            "It is also the more specific: gradcam++ shows much the same map whichever class is asked for (0.81).", text.Reasons[1]);
        Assert.Matches(@"^Drawn anew, the 40 pictures give the same answer (98|99|100) times in 100\.$", text.Reasons[2]);
        Assert.Equal(
            "What this does not say: both maps were explained on predicted classes only; nothing is known about objects, as the " +
            "pictures have no boxes.", text.Limits);
        Assert.Equal(
            [Sanity.Yes, Sanity.Yes, Sanity.No, Sanity.No], summary.Candidates.Select(c => c.Gates!.Sane));
        Assert.Equal(
            [Specificity.Yes, Specificity.Weak, Specificity.No, Specificity.No], summary.Candidates.Select(c => c.Gates!.Specific));
    }

    [Fact]
    public void Of_NoDifference_SaysWhatWouldBeFoundAndWhatIsTaken()
    {
        var summary = Made([("gradcam", 0.4, 0.3, 0.3), ("gradcam++", 0.4, 0.3, 0.3), ("layercam", 0.4, 0.3, 0.3)],
            new Dictionary<string, double> { ["gradcam"] = 1.0, ["gradcam++"] = 1.5, ["layercam"] = 1.5 });
        var text = CompareText.Of(summary, count => $"N {count}");
        Assert.Matches(
            @"^No difference can be shown between gradcam, gradcam\+\+ and layercam on these 60 pictures\. A difference of 0\.0\d\d in " +
            @"ROAD would have been found 8 times in 10; for 0\.02 take some \d+0 pictures \(N \d+0\)\. Any of the three will do; " +
            @"gradcam is taken, which costs least\.$", text.Headline);
        Assert.DoesNotContain("better", text.Headline, StringComparison.Ordinal);
        Assert.Equal(["gradcam", "gradcam++", "layercam"], Names(summary.ToJson()["set"]!));
    }

    [Fact]
    public void Of_Disagreement_NamesBothAndThePictures()
    {
        var summary = Made([("gradcam", 0.3, 0.5, 0.3), ("gradcam++", 0.5, 0.3, 0.3)], []);
        Assert.Matches(
            @"^The two measures of faithfulness disagree: ROAD prefers gradcam\+\+ \(p [^)]+\), mu-fidelity gradcam \(p [^)]+\)\. No " +
            @"recommendation\. Look at pictures \d+, \d+, \d+, where they differ most \(report\.html\)\.$",
            CompareText.Of(summary).Headline);
        Assert.Null(summary.ToJson()["recommended"]);
    }

    [Fact]
    public void Of_NothingAboveTheCentre_SaysSo()
    {
        var summary = Made([("gradcam", 0.2, 0.2, 0.3), ("gradcam++", 0.2, 0.2, 0.3)], []);
        Assert.Equal(
            "No candidate is shown to be more faithful than a map that always looks at the centre. On these pictures heat maps of this " +
            "layer explain nothing that the frame does not.", CompareText.Of(summary).Headline);
    }

    [Fact]
    public void Of_CandidateThatFails_IsShownWithItsReasonAndNotRecommended()
    {
        var summary = Made([("gradcam", 0.4, 0.4, 0.3), ("eigencam", 0.9, 0.9, 0.97)], [], failing: "eigencam");
        Assert.Equal("gradcam", summary.Recommended!.Name);
        Assert.Contains(
            "eigencam is not measured on: it shows the same map whichever class is asked for (0.97).", CompareText.Of(summary).Reasons);
        Assert.Null(summary.Candidates[1]["road"]);
        Assert.StartsWith("It is the only candidate that passes", CompareText.Of(summary).Reasons[0], StringComparison.Ordinal);
    }

    [Fact]
    public void ToJson_Comparison_HasTheSchemaOfTheDefinition()
    {
        var json = Made([("gradcam", 0.5, 0.5, 0.3), ("gradcam++", 0.4, 0.4, 0.3)], new Dictionary<string, double> { ["gradcam"] = 1.06 })
            .ToJson();
        Assert.Equal(60, json["pictures"]!.GetValue<int>());
        var first = json["candidates"]![0]!;
        Assert.Equal(("gradcam", "layer", "yes", "yes"), (Text(first, "method"), Text(first, "layer"), Text(first, "sane"),
            Text(first, "specific")));
        Assert.Equal(["mean", "low", "high", "undefined"], first["metrics"]!["road"]!.AsObject().Select(m => m.Key));
        Assert.Equal((1.06, 1.0), (first["cost"]!.GetValue<double>(), first["p"]!.GetValue<double>()));
        Assert.Equal("gradcam", Text(json["recommended"]!, "method"));
        Assert.NotEmpty(json["reasons"]!.AsArray());
    }

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();

    private static string[] Names(JsonNode list) => [.. list.AsArray().Select(n => n!.GetValue<string>())];

    private static CompareExperiment Experiment(int pictures) => new()
    {
        Deciding = [new RoadMeasure(), new MuFidelityMeasure()],
        Further = [new SensitivityMeasure(), new ConsistencyMeasure()],
        First = [.. Enumerable.Range(0, Math.Min(pictures, 40))],
    };

    private static CompareSummary OfReference()
    {
        var pictures = JsonNode.Parse(File.ReadAllText(SharedData.Path("trust/references/squeezenet.json")))!["pictures"]!.AsArray();
        string[] methods = ["gradcam", "gradcam++", "centre", "random"];
        // What maps of different pictures have in common, by the definition's text.
        double[] between = [0.10, 0.14, 1, 0];
        var rows = pictures.Index().SelectMany(p => methods.Index().Select(m =>
        {
            var of = p.Item!["methods"]![m.Item]!;
            return Row(p.Index, p.Item["picture"]!.GetValue<string>(), m.Item,
                new RoadScore(Number(p.Item, "probability"), Numbers(of["morf"]!), Numbers(of["lerf"]!), [], []),
                Number(of, "mu_fidelity"), Mean(of, "random_logit"), Mean(of, "mprt_full"), between[m.Index],
                Number(of, "max_sensitivity"), Number(of, "consistency_mean"));
        }));
        var experiment = Experiment(40);
        return (CompareSummary)experiment.Summarize(Manifests.Of(experiment, methods), rows);
    }

    private static CompareSummary Made(
        (string Name, double Road, double Mu, double Logit)[] candidates, Dictionary<string, double> costs, string? failing = null)
    {
        const int Pictures = 60;
        var all = candidates.Append(("centre", 0.2, 0.2, 1)).Append(("random", 0, 0, 1)).ToArray();
        var experiment = Experiment(Pictures) with { Costs = costs, Failing = failing is null ? [] : [failing] };
        var rows = Enumerable.Range(0, Pictures).SelectMany(p => all.Index().Select(m =>
        {
            double noise = 0.05 * Centred(p, m.Index);
            var row = Row(p, $"{p}.jpg", m.Item.Item1, new RoadScore(1, [0], [m.Item.Item2 + noise], [], []), m.Item.Item3 + noise,
                m.Item.Item4, 0.1, 0.1, 0.1, 0.9);
            return m.Item.Item1 == failing ? row with { Scores = [null, null, .. row.Scores.Skip(2).Take(3), null, null] } : row;
        }));
        return (CompareSummary)experiment.Summarize(Manifests.Of(experiment, [.. all.Select(m => m.Item1)]), rows);

        // Noise without a mean of its own: equal truths are equal.
        double Centred(int picture, int method)
        {
            var random = new RandomNumbers(5)[method];
            return random.Normal(picture) - Enumerable.Range(0, Pictures).Average(i => random.Normal(i));
        }
    }

    private static CompareRow Row(
        int index, string picture, string method, RoadScore road, double mu, double logit, double randomised, double between,
        double sensitivity, double consistency) => new(
        new Explained(index, picture, null, 1, "one", method, 1, false), road.Probability,
        [
            road, new MuFidelityScore(new MuFidelity(mu, mu, 0)), new RandomLogitScore([logit], logit),
            new RandomisationScore([null, null, null, null], [randomised, null, null], [null, null, null]),
            new BetweenPicturesScore([between, null, null]), new SensitivityScore(new Sensitivity(sensitivity, sensitivity)),
            new ConsistencyScore([consistency], [true]),
        ]);

    private static double Number(JsonNode node, string name) => node[name]!.GetValue<double>();

    private static double Mean(JsonNode node, string name) => node[name]!.AsArray().OfType<JsonNode>().Average(v => v.GetValue<double>());

    private static double[] Numbers(JsonNode list) => [.. list.AsArray().Select(v => v!.GetValue<double>())];
}
