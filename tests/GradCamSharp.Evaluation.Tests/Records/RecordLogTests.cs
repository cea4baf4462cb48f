using GradCamSharp.Evaluation.Errors;
using GradCamSharp.Evaluation.Experiments;
using GradCamSharp.Evaluation.Experiments.Faithfulness;
using GradCamSharp.Evaluation.Parquet;
using GradCamSharp.Evaluation.Records;
using GradCamSharp.Evaluation.Runs;
using GradCamSharp.Evaluation.Tests.Experiments;
using Parquet;

namespace GradCamSharp.Evaluation.Tests.Records;

public sealed class RecordLogTests : IDisposable
{
    private static readonly RunManifest Manifest = Manifests.Faithfulness("gradcam++", "gradcam");
    private static readonly RecordSchema Schema = Manifest.Experiment.Schema;
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    private string File => Path.Combine(folder, RunFiles.Records);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>
    /// Wherever the file is cut, what is taken up again is a whole number of pictures, and going on gives the same bytes.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Open_CutAnywhere_GoesOnToTheSameBytes(int batch)
    {
        Write(0, batch);
        byte[] whole = System.IO.File.ReadAllBytes(File);
        for (int length = 0; length <= whole.Length; length++)
        {
            System.IO.File.WriteAllBytes(File, whole[..length]);
            int first = Write(null, batch);
            Assert.InRange(first, 0, 3);
            Assert.Equal(0, first % batch);
            Assert.Equal(whole, System.IO.File.ReadAllBytes(File));
        }
    }

    [Fact]
    public void Open_NothingAppended_LosesNothing()
    {
        Write(0, 1);
        byte[] whole = System.IO.File.ReadAllBytes(File);
        for (int i = 0; i < 3; i++)
        {
            using (var log = RecordLog.Open(File, Schema, [0, 1, 2, 3], 1, isComplete: false))
                Assert.Equal(3, log.Pictures);
            Assert.Equal(whole, System.IO.File.ReadAllBytes(File));
        }
    }

    [Fact]
    public void Open_CompleteRun_TakesNothingBack()
    {
        Write(0, 1);
        using var log = RecordLog.Open(File, Schema, [0, 1, 2, 3], 1, isComplete: true);
        Assert.Equal(4, log.Pictures);
    }

    [Fact]
    public void Open_RecordsOfOtherPictures_AreRefused()
    {
        Write(0, 1);
        var error = Assert.Throws<EvaluationException>(() =>
            RecordLog.Open(File, Schema, [0, 2, 4], 1, isComplete: false));
        Assert.Equal(EvaluationError.OtherRun, error.Kind);
    }

    [Fact]
    public void Open_OtherColumns_AreRefused()
    {
        Write(0, 1);
        var other = new FaithfulnessExperiment { Curves = [PixelCurve.Insertion] }.Schema;
        Assert.Throws<EvaluationException>(() => RecordLog.Open(File, other, [0, 1, 2, 3], 1, isComplete: false));
    }

    [Fact]
    public void Rows_OfAWrittenRun_AreTheSameToTheLastBit()
    {
        Write(0, 1);
        ManifestFile.Write(folder, Manifest);
        var rows = RecordTable.Open(folder).Rows().ToList();
        Assert.Equal(7, rows.Count);
        Assert.Equal([Row(0, "gradcam++"), Row(0, "gradcam")], rows[..2]);
        Assert.Equal("a,\"b\"\nc", rows[0].Picture);
        Assert.Equal(new FailedRow(2, "bad", "damaged"), rows[4]);
    }

    [Fact]
    public async Task WriteParquet_ARun_HoldsTheSameValuesTyped()
    {
        Write(0, 1);
        ManifestFile.Write(folder, Manifest);
        var table = RecordTable.Open(folder);
        ParquetRecords.Write(table);
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var reader =
            await ParquetReader.CreateAsync(Path.Combine(folder, RunFiles.Parquet), cancellationToken: cancellationToken);
        Assert.Equal(Schema.Columns.Select(c => c.Name), reader.Schema.DataFields.Select(f => f.Name));
        using var group = reader.OpenRowGroupReader(0);
        Assert.Equal(7, group.RowCount);
        float?[] masked = new float?[7];
        await group.ReadAsync<float>(reader.Schema.FindDataField("masked"), masked.AsMemory(), cancellationToken: cancellationToken);
        Assert.Equal(table.Rows().Select(r => (r as FaithfulnessRow)?.Masked), masked);
        string?[] pictures = new string?[7];
        await group.ReadAsync(reader.Schema.FindDataField("picture"), pictures.AsMemory(), cancellationToken: cancellationToken);
        Assert.Equal("a,\"b\"\nc", pictures[0]);
    }

    // Four pictures of which the third is bad; the number that were there before.
    private int Write(int? expected, int batch)
    {
        using var log = RecordLog.Open(File, Schema, [0, 1, 2, 3], batch, isComplete: false);
        int first = log.Pictures;
        Assert.Equal(expected ?? first, first);
        for (int i = first; i < 4; i++)
            log.Append(i == 2 ? [new FailedRow(2, "bad", "damaged")]
                : [Row(i, "gradcam++"), Row(i, "gradcam")]);
        return first;
    }

    private static FaithfulnessRow Row(int index, string method) => new(
        new Explained(index, index == 0 ? "a,\"b\"\nc" : $"{index}.jpg", null, 3, "dog", method, 12, method == "gradcam"),
        0.1f, MathF.BitIncrement(0.3f));
}
