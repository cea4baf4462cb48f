using GradCamSharp.Studies;
using GradCamSharp.Studies.Tests;
using GradCamSharp.Web.Studies;
using Microsoft.Data.Sqlite;

namespace GradCamSharp.Web.Tests.Studies;

public sealed class AnswerStoreTests
{
    [Fact]
    public void Open_Anew_KnowsEverybodyAndEveryAnswer()
    {
        using var folder = new StudyFolder();
        string key;
        using (var store = folder.Open())
        {
            var person = store.Invite("a note");
            key = person.Key;
            store.Consent(person);
            Assert.Equal(AnswerOutcome.Stored, store.Answer(person, 0, SideChoice.Left, 1200));
            Assert.Equal(AnswerOutcome.Stored, store.Answer(person, 1, SideChoice.Same, 800));
        }

        using var again = folder.Open();
        var known = again.Find(key)!;
        Assert.Equal((1, "P001", "a note", true), (known.Number, known.Name, known.Note, known.HasConsented));
        Assert.Equal(2, again.Answered(known));
        Assert.Equal([1200L, 800L], again.Answers().Select(a => a.Milliseconds));
        Assert.Equal([SideChoice.Left, SideChoice.Same], again.Answers().Select(a => a.Choice));
        Assert.Equal(1.0, again.Progress()[0].MedianSeconds);
    }

    [Fact]
    public void Invite_TheOrderAndSides_AreStoredAsTheyAreDrawn()
    {
        using var folder = new StudyFolder(3, 4);
        using var store = folder.Open();
        store.Invite();
        var second = store.Invite();
        var tasks = StudyAssignment.For(folder.Study, 2);
        Assert.Equal(tasks, Enumerable.Range(0, 12).Select(i => store.Task(second, i)!));
        Assert.Null(store.Task(second, 12));
    }

    [Fact]
    public void Answer_TransactionThatSqliteItselfTakesBack_SaysWhyAndTheStoreLives()
    {
        using var folder = new StudyFolder();
        using var store = folder.Open();
        var person = store.Invite();
        Execute("CREATE TRIGGER full BEFORE INSERT ON answers BEGIN SELECT RAISE(ROLLBACK, 'the disk is full'); END");
        var error = Assert.Throws<SqliteException>(() => { store.Answer(person, 0, SideChoice.Left, 1200); });
        Assert.Contains("the disk is full", error.Message, StringComparison.Ordinal);
        Execute("DROP TRIGGER full");
        Assert.Equal(AnswerOutcome.Stored, store.Answer(person, 0, SideChoice.Left, 1200));
        Assert.Equal(1, store.Answered(person));

        void Execute(string sql)
        {
            using var other = new SqliteConnection($"Data Source={Path.Combine(folder.Path, AnswerStore.FileName)};Pooling=False");
            other.Open();
            using var command = other.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }

    [Fact]
    public void Invite_Keys_AreUnguessable()
    {
        using var folder = new StudyFolder();
        using var store = folder.Open();
        string[] keys = [.. Enumerable.Range(0, 50).Select(_ => store.Invite().Key)];
        Assert.Equal(50, keys.Distinct().Count());
        Assert.All(keys, key => Assert.Matches("^[0-9a-f]{32}$", key));
        Assert.Null(store.Find("P001"));
        Assert.Null(store.Find(""));
    }

    [Fact]
    public void Preferences_OfASide_AreThoseOfTheMethodShownThere()
    {
        using var folder = new StudyFolder();
        using var store = folder.Open();
        var person = store.Invite();
        SideChoice[] choices = [SideChoice.Left, SideChoice.Right, SideChoice.Same, SideChoice.Left, SideChoice.Right, SideChoice.Left];
        for (int i = 0; i < choices.Length; i++)
            store.Answer(person, i, choices[i], 1000);
        var tasks = StudyAssignment.For(folder.Study, 1);
        // Both sides are drawn for both answers, or the test would show half.
        Assert.Equal(2, tasks.Select(t => t.IsALeft).Distinct().Count());
        foreach (var answer in store.Preferences())
        {
            int position = tasks.ToList().FindIndex(t => t.Picture.Id == answer.Picture);
            var expected = (choices[position], tasks[position].IsALeft) switch
            {
                (SideChoice.Left, true) or (SideChoice.Right, false) => Preference.A,
                (SideChoice.Left, false) or (SideChoice.Right, true) => Preference.B,
                _ => Preference.Same,
            };
            Assert.Equal((expected, "P001", tasks[position].Picture.Class), (answer.Preference, answer.Person, answer.Class));
        }
    }

    [Fact]
    public void Answer_OutOfTurn_ChangesNothing()
    {
        using var folder = new StudyFolder();
        using var store = folder.Open();
        var person = store.Invite();
        Assert.Equal(AnswerOutcome.OutOfTurn, store.Answer(person, 1, SideChoice.Left, 1));
        Assert.Equal(AnswerOutcome.OutOfTurn, store.Answer(person, -1, SideChoice.Left, 1));
        store.Answer(person, 0, SideChoice.Left, 1);
        Assert.Equal(AnswerOutcome.OutOfTurn, store.Answer(person, 0, SideChoice.Right, 1));
        // Sent once more because its acknowledgement got lost.
        Assert.Equal(AnswerOutcome.Stored, store.Answer(person, 0, SideChoice.Left, 2));
        Assert.Equal([1L], store.Answers().Select(a => a.Milliseconds));
        for (int i = 1; i < 6; i++)
            store.Answer(person, i, SideChoice.Same, 1);
        Assert.Equal(AnswerOutcome.OutOfTurn, store.Answer(person, 6, SideChoice.Same, 1));
    }

    [Fact]
    public void Undo_TheLast_IsTakenBackAndKeptAside()
    {
        using var folder = new StudyFolder();
        using var store = folder.Open();
        var person = store.Invite();
        Assert.Equal(AnswerOutcome.OutOfTurn, store.Undo(person, -1));
        store.Answer(person, 0, SideChoice.Left, 5);
        store.Answer(person, 1, SideChoice.Left, 6);
        Assert.Equal(AnswerOutcome.OutOfTurn, store.Undo(person, 0));
        Assert.Equal(AnswerOutcome.Stored, store.Undo(person, 1));
        Assert.Equal(AnswerOutcome.Stored, store.Undo(person, 1));
        Assert.Equal(1, store.Answered(person));
        Assert.Equal(AnswerOutcome.Stored, store.Answer(person, 1, SideChoice.Right, 7));
        Assert.Equal([5L, 7L], store.Answers().Select(a => a.Milliseconds));
        using var raw = new SqliteConnection($"Data Source={Path.Combine(folder.Path, AnswerStore.FileName)};Pooling=False");
        raw.Open();
        using var command = new SqliteCommand("SELECT position || choice || milliseconds FROM undone", raw);
        Assert.Equal("1left6", command.ExecuteScalar());
    }

    [Fact]
    public void Open_TheDurabilityThatIsPromised_IsSet()
    {
        using var folder = new StudyFolder();
        using var store = folder.Open();
        Assert.Equal(("wal", 2L), store.Durability());
    }

    [Fact]
    public void Open_AnotherStudysAnswers_IsRefused()
    {
        using var folder = new StudyFolder();
        folder.Open().Dispose();
        var other = TestStudy.Of(2, 3, seed: 9);
        Assert.Contains("another study", Assert.Throws<InvalidDataException>(() => AnswerStore.Open(folder.Path, other)).Message,
            StringComparison.Ordinal);
        using var sameWithOtherTexts = AnswerStore.Open(folder.Path, folder.Study with { Texts = new StudyTexts { Title = "Other" } });
    }

    [Fact]
    public void Open_NoDatabase_SaysSo()
    {
        using var folder = new StudyFolder();
        File.WriteAllText(Path.Combine(folder.Path, AnswerStore.FileName), new string('x', 5000));
        var error = Assert.Throws<InvalidDataException>(folder.Open);
        Assert.Contains(AnswerStore.FileName, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_TwoProcessesAtOnce_LoseNothing()
    {
        using var folder = new StudyFolder(5, 10);
        using AnswerStore first = folder.Open(), second = folder.Open();
        Participant[] people = [first.Invite(), second.Invite(), first.Invite(), second.Invite()];
        await Task.WhenAll(people.Select((person, p) => Task.Run(() =>
        {
            for (int i = 0; i < 50; i++)
                Assert.Equal(AnswerOutcome.Stored, (p % 2 == 0 ? first : second).Answer(person, i, (SideChoice)(i % 3), i));
        })));
        Assert.Equal(200, first.Answers().Count);
        Assert.Equal([1, 2, 3, 4], people.Select(p => p.Number));
    }
}
