using GradCamSharp.Evaluation.Errors;
using GradCamSharp.Evaluation.Experiments;
using GradCamSharp.Evaluation.Runs;

namespace GradCamSharp.Evaluation.Tests.Runs;

public sealed class RunMergeTests(SceneRun scenes) : IClassFixture<SceneRun>
{
    private static readonly EvaluationOptions Small = SceneRun.Faithfulness with { Methods = ["gradcam"], Limit = 4 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Write_AllShards_GivesTheBytesOfOneRun()
    {
        foreach (var options in (EvaluationOptions[])[SceneRun.Faithfulness, SceneRun.Localization])
        {
            string whole = scenes.Measure(options).Folder;
            string[] parts = [.. Enumerable.Range(1, 4).Select(i => scenes.Measure(options with { Shard = new Shard(i, 4) }).Folder)];
            string merged = Open([.. parts.Reverse()]).Write(scenes.NewFolder(), Cancellation).Folder;
            SceneRun.AssertSameFiles(whole, merged);
            Assert.Empty(ManifestFile.Read(whole).Differences(ManifestFile.Read(merged)));
            Assert.Equal(ManifestFile.Read(whole).Identity().Sha256, ManifestFile.Read(merged).Identity().Sha256);
        }
    }

    [Fact]
    public void Write_Parts_AreNamedInTheManifestWithTheirCommands()
    {
        string[] parts = [Part(1), Part(2)];
        var merge = RunMerge.Open([parts[1], parts[0]], "gradcam evaluate merge b a", Cancellation);
        string merged = merge.Write(scenes.NewFolder(), Cancellation).Folder;
        var manifest = ManifestFile.Read(merged);
        Assert.Equal("gradcam evaluate merge b a", manifest.Command);
        Assert.Null(manifest.Shard);
        Assert.Equal([new ManifestPart(parts[0], "1/2", "measure 1"), new ManifestPart(parts[1], "2/2", "measure 2")], manifest.Parts);
        Assert.Equal("measure 1", manifest.MeasuredBy);

        // Merged once more it is still those that have measured.
        Assert.Equal(manifest.Parts, Open([merged]).Manifest.Parts);
    }

    [Fact]
    public void Write_FolderThatAnotherProcessWrites_IsRefusedAndLeftAlone()
    {
        var merge = Open([Part(1), Part(2)]);
        string folder = scenes.NewFolder();
        using (FolderClaim.Take(folder))
        {
            Assert.Throws<IOException>(() => merge.Write(folder, Cancellation));
            Assert.Equal([FolderClaim.LockFile], Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName));
        }

        Assert.Equal(4, merge.Write(folder, Cancellation).Summary().Pictures);
    }

    [Fact]
    public void Write_FolderOfAPart_IsRefusedAndLeftAlone()
    {
        string[] parts = [Part(1), Part(2)];
        string before = File.ReadAllText(Path.Combine(parts[0], RunFiles.Records));
        var error = Assert.Throws<EvaluationException>(() => Open(parts).Write(parts[0], Cancellation));
        Assert.Contains("shard is \"1/2\", not null", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(Path.Combine(parts[0], RunFiles.Records)));
    }

    [Fact]
    public void Write_RecordsWithoutManifest_AreNotTouched()
    {
        string folder = scenes.NewFolder();
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, RunFiles.Records), "mine");
        Assert.Throws<EvaluationException>(() => Open([Part(1), Part(2)]).Write(folder, Cancellation));
        Assert.Equal("mine", File.ReadAllText(Path.Combine(folder, RunFiles.Records)));
    }

    [Fact]
    public void Write_Cancelled_LeavesNoRunThatSeemsWhole()
    {
        var merge = Open([Part(1), Part(2)]);
        string folder = merge.Write(scenes.NewFolder(), Cancellation).Folder;
        Assert.Throws<OperationCanceledException>(() => merge.Write(folder, new CancellationToken(canceled: true)));
        Assert.False(File.Exists(Path.Combine(folder, RunFiles.Summary)));
        Assert.DoesNotContain(Directory.EnumerateFiles(folder), f => f.EndsWith(".part", StringComparison.Ordinal));
        Assert.Equal(4, merge.Write(folder, Cancellation).Summary().Pictures);
    }

    [Fact]
    public void Open_PartMissingOrUnfinishedOrTwice_IsNamed()
    {
        var options = SceneRun.Faithfulness with { Methods = ["gradcam"] };
        string[] parts = [.. new[] { 1, 3, 4 }.Select(i => scenes.Measure(options with { Shard = new Shard(i, 4) }).Folder)];
        File.Delete(Path.Combine(parts[2], RunFiles.Summary));
        string message = Assert.Throws<InvalidDataException>(() => Open(parts)).Message;
        Assert.Contains("missing: 2/4", message, StringComparison.Ordinal);
        Assert.Contains("not finished: 4/4 (2 of 2 pictures)", message, StringComparison.Ordinal);
        Assert.Contains("both part 1/4", Assert.Throws<InvalidDataException>(() => Open([parts[0], parts[0]])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Open_PartsOfDifferentRuns_AreRefusedByName()
    {
        string other = scenes.Measure(Small with { Methods = ["cam"], Shard = new Shard(2, 2) }).Folder;
        Assert.Contains("methods", Assert.Throws<InvalidDataException>(() => Open([Part(1), other])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Open_Cancelled_Ends()
    {
        string[] parts = [Part(1), Part(2)];
        Assert.Throws<OperationCanceledException>(() => RunMerge.Open(parts, cancellationToken: new CancellationToken(canceled: true)));
    }

    private static RunMerge Open(IReadOnlyList<string> parts) => RunMerge.Open(parts, cancellationToken: Cancellation);

    private string Part(int index) => scenes.Measure(Small with { Shard = new Shard(index, 2), Command = $"measure {index}" }).Folder;
}
