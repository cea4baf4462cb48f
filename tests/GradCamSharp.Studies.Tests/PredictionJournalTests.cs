namespace GradCamSharp.Studies.Tests;

public sealed class PredictionJournalTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Constructor_HalfALine_ForgetsItAndGoesOn()
    {
        using (var first = new PredictionJournal(folder))
        {
            first.Add(0, 7);
            first.Add(1, PredictionJournal.Unreadable);
        }

        string path = Path.Combine(folder, PredictionJournal.FileName);
        File.AppendAllText(path, "2,1");
        using (var second = new PredictionJournal(folder))
        {
            Assert.Equal(7, second[0]);
            Assert.Equal(PredictionJournal.Unreadable, second[1]);
            Assert.Null(second[2]);
            second.Add(2, 12);
        }

        Assert.Equal("0,7\n1,-1\n2,12\n", File.ReadAllText(path));
    }
}
