using System.Text.Json.Nodes;
using GradCamSharp.Audit.Findings;
using GradCamSharp.Audit.Results;
using GradCamSharp.Evaluation;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Errors;
using GradCamSharp.Evaluation.Runs;

namespace GradCamSharp.Audit.Tests.Runs;

public sealed class AuditRunTests(StickerScenes scenes) : IClassFixture<StickerScenes>
{
    [Fact]
    public void Audit_OfPicturesWithASticker_FindsThemAndNothingElse()
    {
        string folder = scenes.NewFolder();
        var result = scenes.Audit(scenes.Marked, folder);
        var finding = Assert.Single(result.Findings, f => f.Kind == FindingKind.SameMark);
        Assert.Equal(1, finding.Number);
        Assert.Equal("teapot", finding.Label);
        string[] found = [.. finding.Pictures.Select(i => result.Pictures[i].Id)];
        int right = found.Count(id => id.StartsWith("teapot/sticker", StringComparison.Ordinal));
        // The picture that the sticker was cut from may be among them.
        Assert.InRange(right, StickerScenes.Stickers - 2, StickerScenes.Stickers);
        Assert.InRange(found.Length - right, 0, 1);
        Assert.Contains("at the lower left", finding.Sentence, StringComparison.Ordinal);
        Assert.True(finding.Effect!.Difference.Low > 0.05, $"{finding.Effect}");
        Assert.InRange(finding.P!.Value, 0, 0.05);
        Assert.All(finding.Pictures, i => Assert.Contains(1, result.Pictures[i].Findings));

        Assert.Equal(found, File.ReadAllLines(Path.Combine(folder, "findings", "1.txt")));
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "findings.json")))!;
        Assert.Equal("same-mark", json["findings"]![0]!["kind"]!.GetValue<string>());
        Assert.Equal(found, json["findings"]![0]!["pictures"]!.AsArray().Select(p => p!.GetValue<string>()));
    }

    [Fact]
    public void Audit_OfTheSameScenesWithoutStickers_FindsNoMark() =>
        Assert.DoesNotContain(
            scenes.Audit(scenes.Clean, scenes.NewFolder()).Findings, f => f.Kind is FindingKind.SameMark or FindingKind.UnusedMark);

    [Fact]
    public void Audit_StoppedAndStartedAgain_EndsWithTheSameBytes()
    {
        string whole = scenes.NewFolder(), stopped = scenes.NewFolder();
        var options = new AuditOptions { Limit = 24 };
        scenes.Audit(scenes.Clean, whole, options);
        using var cancellation = new CancellationTokenSource();
        var run = scenes.Run(scenes.Clean, options);
        Assert.ThrowsAny<OperationCanceledException>(() => run.Explain(stopped, new StopAt(20, cancellation), cancellation.Token));
        // As a kill leaves it: the last row torn.
        string records = Path.Combine(stopped, RunFiles.Records);
        using (var file = File.OpenWrite(records))
            file.SetLength(file.Length - 100);
        scenes.Audit(scenes.Clean, stopped, options);
        foreach (string name in (string[])[RunFiles.Records, RunFiles.Summary, FindingsFile.Name])
            Assert.Equal(File.ReadAllBytes(Path.Combine(whole, name)), File.ReadAllBytes(Path.Combine(stopped, name)));
    }

    [Fact]
    public void Audit_InShardsThatWereMerged_FindsTheSame()
    {
        string whole = scenes.NewFolder(), merged = scenes.NewFolder();
        var options = new AuditOptions { Limit = 24 };
        scenes.Audit(scenes.Clean, whole, options);
        string[] parts = [scenes.NewFolder(), scenes.NewFolder()];
        for (int i = 0; i < parts.Length; i++)
        {
            var run = scenes.Run(scenes.Clean, options with { Shard = new Shard(i + 1, parts.Length) });
            run.Explain(parts[i], cancellationToken: TestContext.Current.CancellationToken);
        }

        RunMerge.Open(parts, cancellationToken: TestContext.Current.CancellationToken).Write(merged, TestContext.Current.CancellationToken);
        scenes.Audit(scenes.Clean, merged, options);
        foreach (string name in (string[])[RunFiles.Records, FindingsFile.Name])
            Assert.Equal(File.ReadAllBytes(Path.Combine(whole, name)), File.ReadAllBytes(Path.Combine(merged, name)));
    }

    [Fact]
    public void Audit_IntoAnotherAuditsFolder_IsRefused()
    {
        string folder = scenes.NewFolder();
        scenes.Audit(scenes.Clean, folder, new AuditOptions { Limit = 4 });
        var error = Assert.Throws<EvaluationException>(() => scenes.Audit(scenes.Clean, folder, new AuditOptions { Limit = 5 }));
        Assert.Contains("limit", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Audit_OfAFewPictures_LooksAtNoClass()
    {
        var result = scenes.Audit(scenes.Clean, scenes.NewFolder(), new AuditOptions { PerClass = 3 });
        Assert.Equal(6, result.Pictures.Length);
        Assert.Empty(result.Findings);
        Assert.All(result.Classes, c => Assert.False(c.IsScanned));
        Assert.All(result.Pictures, p => Assert.Null(p.Scan));
    }

    [Fact]
    public void Audit_AgainstDataWithTheSamePictures_TellsThem()
    {
        var result = scenes.Audit(
            scenes.Clean, scenes.NewFolder(), new AuditOptions { Limit = 6 }, DataSet.Open(scenes.Marked));
        foreach (var picture in result.Pictures)
            Assert.Contains(result.Twins, t => t.IsOtherData && t.First == picture.Id && t.Second == picture.Id && t.Distance == 0);
    }

    [Fact]
    public void Audit_ByTheLabel_GroupsByIt()
    {
        var result = scenes.Audit(scenes.Clean, scenes.NewFolder(), new AuditOptions { Explained = AuditedClass.Label, PerClass = 4 });
        Assert.Equal(8, result.Pictures.Length);
        Assert.All(result.Pictures, p => Assert.Equal(p.Truth[0], p.Label));
    }

    [Theory]
    [InlineData("saliency", "saliency")]
    [InlineData("no-method", "no-method")]
    public void AuditRun_OfAMethodWithoutMapsAtALayer_IsRefused(string method, string said)
    {
        var error = Assert.Throws<ArgumentException>(() => scenes.Run(scenes.Clean, new AuditOptions { Method = method }));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    private sealed class StopAt(int count, CancellationTokenSource cancellation) : IProgress<RunProgress>
    {
        public void Report(RunProgress value)
        {
            if (value.Done >= count)
                cancellation.Cancel();
        }
    }
}
