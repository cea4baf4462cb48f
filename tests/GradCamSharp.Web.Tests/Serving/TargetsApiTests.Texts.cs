using System.Runtime.InteropServices;
using System.Text.Json;
using GradCamSharp.Imaging;
using GradCamSharp.Targets;
using GradCamSharp.Texts;
using GradCamSharp.Web.Serving;
using GradCamSharp.Web.Tests.Hosting;
using OnnxGrad;

namespace GradCamSharp.Web.Tests.Serving;

/// <summary>Pictures compared with texts, by HTTP.</summary>
public sealed partial class TargetsApiTests
{
    [Fact]
    public async Task Models_OfTexts_SayHowTheyTakeThemAndWhatTheyLack()
    {
        var json = JsonDocument.Parse(await api.Client.GetStringAsync("/api/models")).RootElement.GetProperty("models");
        var models = json.EnumerateArray().ToDictionary(m => m.GetProperty("name").GetString()!, m => m.GetProperty("texts"));
        Assert.Equal("classes", models["clip"].GetProperty("kind").GetString());
        Assert.Equal(JsonValueKind.Null, models["clip"].GetProperty("lacking").ValueKind);
        Assert.Equal("vectors", models["pair"].GetProperty("kind").GetString());
        Assert.Contains("vocab.json and merges.txt", models["bare"].GetProperty("lacking").GetString());
        Assert.DoesNotContain(Path.GetTempPath(), json.GetRawText());
        Assert.Equal(JsonValueKind.Null, models["detector"].ValueKind);
    }

    [Fact]
    public async Task Explain_TextsAsClasses_IsWhatTheLibrarySays()
    {
        var answer = await Ask("/api/explain?model=clip&text=a%20green&text=blue&text=red&class=1&maps=float32");
        string path = api.TextModel("clip");
        string[] texts = ["a green", "blue", "red"];
        var inputs = TextTokenizer.Find(path)!.InputsOf(OnnxModel.Load(path), texts);
        using var model = PictureTargets.Load(path, others: inputs);
        var expected = model.Explain(RedAndBlue(), [], Target.Parse("class:1"), inputs);
        var result = answer.Deserialize<ExplainedSchema>(Strict)!.Results[0];
        Assert.Equal(texts, result.Texts!.Select(t => t.Text));
        Assert.Equal(1, result.Texts!.Sum(t => t.Probability!.Value), 1e-4);
        Assert.Equal(expected.Reading.Predictions.OrderBy(p => p.Index).Select(p => p.Score), result.Texts!.Select(t => (float)t.Score),
            (e, a) => Math.Abs(e - a) < 1e-4);
        Assert.Equal(result.Texts!.MaxBy(t => t.Score)!.Text, result.Predictions[0].Label);
        var explanation = Assert.Single(result.Explanations);
        Assert.Equal(("blue", "blue"), (explanation.Target!.Words, explanation.Class!.Label));
        Assert.Equal(expected.Explanations[0].Explanation.Raw.ToArray(), Floats(explanation.Map!.Data), (e, a) => Math.Abs(e - a) < 1e-5);
    }

    [Theory]
    [InlineData("clip")]
    [InlineData("pair")]
    public async Task Explain_ATextOfAColour_LightsUpWhereItIs(string model)
    {
        foreach (var (words, isLeft) in ((string, bool)[])[("red", true), ("a%20blue", false)])
        {
            var answer = await Ask($"/api/explain?model={model}&text=green&text=red&text=a%20blue&class={words}");
            var box = answer.GetProperty("results")[0].GetProperty("explanations")[0].GetProperty("box");
            Assert.Equal(isLeft, box[0].GetInt32() + (box[2].GetInt32() / 2) < 32);
        }
    }

    [Fact]
    public async Task Explain_TextsByVectors_AreAllExplainedWhereNoneIsNamed()
    {
        var all = (await Ask("/api/explain?model=pair&text=green&text=red")).Deserialize<ExplainedSchema>(Strict)!.Results[0];
        Assert.Equal(["similarity:green", "similarity:red"], all.Explanations.Select(e => e.Target!.Spec));
        Assert.Equal(all.Texts!.Select(t => t.Score), all.Explanations.Select(e => e.Target!.Value), (e, a) => Math.Abs(e - a) < 1e-4);
        var best = await Ask("/api/explain?model=pair&text=green&text=red&class=top1");
        Assert.Equal("similarity:red", best.GetProperty("results")[0].GetProperty("explanations")[0].GetProperty("target")
            .GetProperty("spec").GetString());
    }

    [Theory]
    [InlineData("clip")]
    [InlineData("pair")]
    public async Task Describe_Texts_SaysHowWellEachFits(string model)
    {
        var described = (await Ask($"/api/describe?model={model}&text=green&text=red")).Deserialize<DescribedSchema>(Strict)!;
        Assert.Equal("red", described.Texts!.MaxBy(t => t.Score)!.Text);
    }

    [Theory]
    [InlineData("detector", "text=a%20dog", 422, "compares no texts")]
    [InlineData("bare", "text=red", 422, "Put vocab.json and merges.txt, or tokenizer.json, there")]
    [InlineData("clip", "", 422, "parameter 'text'")]
    [InlineData("clip", "text=red&class=5", 422, "There is no text '5'")]
    [InlineData("pair", "text=red&text=blue&class=top3", 422, "0 to 1")]
    [InlineData("pair", "text=red&text=%20", 400, "A text is empty")]
    [InlineData("pair", "text=1&text=2&text=3&text=4&text=5&text=6&text=7&text=8&text=9&text=10&text=11&text=12&text=13&text=14&text=15" +
        "&text=16&text=17&text=18&text=19&text=20&text=21", 400, "20 at most")]
    public async Task Explain_TextsThatCannotBe_SaysTheWayOut(string model, string query, int status, string reason)
    {
        var response = await api.Client.PostAsync(
            $"/api/explain?model={model}&{query}", ApiFixture.Form(PictureEncoder.ToPng(RedAndBlue())));
        Assert.Equal(status, (int)response.StatusCode);
        string said = await RunningServer.Reason(response);
        Assert.Contains(reason, said);
        Assert.DoesNotContain(Path.GetTempPath(), said);
    }

    /// <summary>64 x 64 pixels, red on the left, a smaller part blue on the right.</summary>
    internal static Picture RedAndBlue()
    {
        byte[] pixels = new byte[64 * 64 * 3];
        for (int i = 0; i < 64 * 64; i++)
            pixels[(3 * i) + (i % 64 < 40 ? 0 : 2)] = 255;
        return new Picture(64, 64, pixels);
    }

    private static float[] Floats(string data) => [.. MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(data))];

    private async Task<JsonElement> Ask(string path)
    {
        var response = await api.Client.PostAsync(path, ApiFixture.Form(PictureEncoder.ToPng(RedAndBlue())));
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }
}
