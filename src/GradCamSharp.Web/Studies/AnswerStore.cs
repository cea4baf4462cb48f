using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using GradCamSharp.Studies;
using Microsoft.Data.Sqlite;

namespace GradCamSharp.Web.Studies;

/// <summary>
/// The answers of a study: a SQLite database in its folder. Every change is one transaction that is on the disk before it is acknowledged.
/// </summary>
/// <remarks>May be used from several threads, and by several processes at once: a report is made while the study is served. Dispose it when
/// done.</remarks>
public sealed class AnswerStore : IDisposable
{
    /// <summary>The file's name in a study's folder.</summary>
    public const string FileName = "answers.db";

    // An undone answer is kept aside: what people said first is part of the record, and of no statistic.
    private const string Schema = """
        CREATE TABLE study (fingerprint TEXT NOT NULL);
        CREATE TABLE participants (
          number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, note TEXT NOT NULL, invited TEXT NOT NULL, consented TEXT);
        CREATE TABLE tasks (
          participant INTEGER NOT NULL REFERENCES participants, position INTEGER NOT NULL,
          picture TEXT NOT NULL, a_is_left INTEGER NOT NULL, PRIMARY KEY (participant, position)) WITHOUT ROWID;
        CREATE TABLE answers (
          participant INTEGER NOT NULL, position INTEGER NOT NULL, choice TEXT NOT NULL CHECK (choice IN ('left', 'right', 'same')),
          milliseconds INTEGER NOT NULL CHECK (milliseconds >= 0), answered TEXT NOT NULL,
          PRIMARY KEY (participant, position), FOREIGN KEY (participant, position) REFERENCES tasks) WITHOUT ROWID;
        CREATE TABLE undone (
          participant INTEGER NOT NULL, position INTEGER NOT NULL, choice TEXT NOT NULL,
          milliseconds INTEGER NOT NULL, answered TEXT NOT NULL, undone TEXT NOT NULL);
        PRAGMA user_version = 1;
        """;

    private readonly Lock gate = new();
    private readonly SqliteConnection connection;
    private readonly Study study;

    private AnswerStore(SqliteConnection connection, Study study) => (this.connection, this.study) = (connection, study);

    /// <summary>Opens a study's answers; makes the file where there is none.</summary>
    /// <param name="folder">The study's folder.</param>
    /// <param name="study">The study.</param>
    /// <exception cref="InvalidDataException">The file is damaged or holds the answers of another study.</exception>
    public static AnswerStore Open(string folder, Study study)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(study);
        string path = Path.Combine(folder, FileName);
        var how = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 10 };
        var connection = new SqliteConnection(how.ToString());
        try
        {
            connection.Open();
            var store = new AnswerStore(connection, study);
            store.Prepare(path);
            return store;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw new InvalidDataException(
                $"'{path}' cannot be used: {e.Message} Check that it may be written, or restore it from a copy.", e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Invites a person: draws the order of the pictures and the sides, and stores them.</summary>
    /// <param name="note">A note of the operator's; may be empty.</param>
    public Participant Invite(string note = "") => Change(() =>
    {
        // 128 random bits.
        string key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        int number = (int)Scalar("SELECT coalesce(max(number), 0) + 1 FROM participants");
        Run("INSERT INTO participants (number, key, note, invited) VALUES ($0, $1, $2, $3)", number, key, note, Now());
        var tasks = StudyAssignment.For(study, number);
        for (int i = 0; i < tasks.Count; i++)
            Run("INSERT INTO tasks VALUES ($0, $1, $2, $3)", number, i, tasks[i].Picture.Id, tasks[i].IsALeft ? 1 : 0);
        return new Participant(number, key, note, false);
    });

    /// <summary>The participant of a personal link; null if there is none.</summary>
    public Participant? Find(string key) =>
        Read("SELECT number, key, note, consented FROM participants WHERE key = $0", ParticipantOf, key).FirstOrDefault();

    /// <summary>Stores that a participant agreed.</summary>
    public void Consent(Participant participant) => Change(() =>
        Run("UPDATE participants SET consented = coalesce(consented, $1) WHERE number = $0", participant.Number, Now()));

    /// <summary>How many pictures a participant has answered.</summary>
    public int Answered(Participant participant)
    {
        lock (gate)
            return (int)Scalar("SELECT count(*) FROM answers WHERE participant = $0", participant.Number);
    }

    /// <summary>The picture at a place of a participant's order; null past the end.</summary>
    /// <param name="participant">The participant.</param>
    /// <param name="position">From 0.</param>
    public StudyTask? Task(Participant participant, int position) => Read(
        "SELECT picture, a_is_left FROM tasks WHERE participant = $0 AND position = $1",
        row => new StudyTask(study.Pictures.First(p => p.Id == row.GetString(0)), row.GetInt64(1) != 0),
        participant.Number, position).FirstOrDefault();

    /// <summary>Stores an answer.</summary>
    /// <param name="participant">The participant.</param>
    /// <param name="position">The place in the participant's order that is answered, from 0; it has to be the next one.</param>
    /// <param name="choice">The answer.</param>
    /// <param name="milliseconds">How long it took, at least 0.</param>
    public AnswerOutcome Answer(Participant participant, int position, SideChoice choice, long milliseconds) => Change(() =>
    {
        int number = participant.Number;
        int answered = (int)Scalar("SELECT count(*) FROM answers WHERE participant = $0", number);
        // The answer before may have been stored while its acknowledgement got lost.
        if (position == answered - 1
            && Text("SELECT choice FROM answers WHERE participant = $0 AND position = $1", number, position) == NameOf(choice))
            return AnswerOutcome.Stored;
        if (position != answered || position >= study.Pictures.Count)
            return AnswerOutcome.OutOfTurn;
        Run("INSERT INTO answers VALUES ($0, $1, $2, $3, $4)", number, position, NameOf(choice), milliseconds, Now());
        return AnswerOutcome.Stored;
    });

    /// <summary>Takes back a participant's last answer.</summary>
    /// <param name="participant">The participant.</param>
    /// <param name="position">The place of that answer, from 0.</param>
    public AnswerOutcome Undo(Participant participant, int position) => Change(() =>
    {
        int number = participant.Number;
        long answered = Scalar("SELECT count(*) FROM answers WHERE participant = $0", number);
        // Taken back already, and the acknowledgement got lost.
        if (position == answered)
            return AnswerOutcome.Stored;
        if (position < 0 || position != answered - 1)
            return AnswerOutcome.OutOfTurn;
        Run("INSERT INTO undone SELECT *, $2 FROM answers WHERE participant = $0 AND position = $1", number, position, Now());
        Run("DELETE FROM answers WHERE participant = $0 AND position = $1", number, position);
        return AnswerOutcome.Stored;
    });

    /// <summary>All answers, by participant and position.</summary>
    public IReadOnlyList<StoredAnswer> Answers() => Read(
        """
        SELECT participant, position, picture, a_is_left, choice, milliseconds, answered
        FROM answers NATURAL JOIN tasks ORDER BY participant, position
        """,
        row => new StoredAnswer(
            row.GetInt32(0), row.GetInt32(1), row.GetString(2), row.GetInt64(3) != 0, ChoiceOf(row.GetString(4)), row.GetInt64(5),
            Time(row.GetString(6))));

    /// <summary>All answers, as the statistics read them: which method is preferred, whatever the side.</summary>
    public IReadOnlyList<StudyAnswer> Preferences()
    {
        var classes = study.Pictures.ToDictionary(p => p.Id, p => p.Class, StringComparer.Ordinal);
        return [.. Answers().Select(a => new StudyAnswer(
            Participant.Label(a.Participant), a.Picture, classes[a.Picture], PreferenceOf(a), a.Milliseconds / 1000.0))];
    }

    /// <summary>Every participant and how far they are, by number.</summary>
    public IReadOnlyList<ParticipantProgress> Progress()
    {
        var answers = Answers().ToLookup(a => a.Participant);
        return [.. Read("SELECT number, key, note, consented FROM participants ORDER BY number", ParticipantOf).Select(participant =>
        {
            var own = answers[participant.Number].ToArray();
            return own.Length == 0 ? new ParticipantProgress(participant, 0, null, null)
                : new ParticipantProgress(
                    participant, own.Length, own.Max(a => a.Answered), Median.Of(own.Select(a => a.Milliseconds / 1000.0)));
        })];
    }

    /// <inheritdoc/>
    public void Dispose() => connection.Dispose();

    /// <summary>How the database writes: its journal, and when it waits for the disk (2: at every transaction).</summary>
    internal (string? Journal, long Synchronous) Durability() => (Text("PRAGMA journal_mode"), Scalar("PRAGMA synchronous"));

    internal static Preference PreferenceOf(StoredAnswer answer) => answer.Choice == SideChoice.Same ? Preference.Same
        : (answer.Choice == SideChoice.Left) == answer.IsALeft ? Preference.A : Preference.B;

    internal static string NameOf(SideChoice choice) => choice switch
    {
        SideChoice.Left => "left",
        SideChoice.Right => "right",
        _ => "same",
    };

    private static SideChoice ChoiceOf(string name) => name switch
    {
        "left" => SideChoice.Left,
        "right" => SideChoice.Right,
        _ => SideChoice.Same,
    };

    private static Participant ParticipantOf(SqliteDataReader row) =>
        new(row.GetInt32(0), row.GetString(1), row.GetString(2), !row.IsDBNull(3));

    private static string Now() => DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture);

    private static DateTime Time(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);

    private void Prepare(string path)
    {
        // Readers do not hold up writers, and an acknowledged answer survives the loss of power, not only of the process.
        Run("PRAGMA journal_mode = WAL");
        Run("PRAGMA synchronous = FULL");
        Run("PRAGMA foreign_keys = ON");
        Change(() =>
        {
            if (Scalar("PRAGMA user_version") == 0)
            {
                Run(Schema);
                Run("INSERT INTO study VALUES ($0)", study.Fingerprint);
            }
        });
        if (Scalar("PRAGMA user_version") != 1)
            throw new InvalidDataException($"'{path}' was written by a newer version of this program. Update it.");
        if (Text("SELECT fingerprint FROM study") != study.Fingerprint)
        {
            throw new InvalidDataException(
                $"'{path}' holds the answers of another study: {Study.FileName} was replaced or changed in more than its texts. " +
                "Restore it, or move the answers away to begin anew.");
        }
    }

    private void Change(Action action) => Change(() =>
    {
        action();
        return true;
    });

    private T Change<T>(Func<T> change)
    {
        lock (gate)
        {
            // Not deferred: it may read first and write later, and must not find that another process wrote in between.
            using var transaction = connection.BeginTransaction(deferred: false);
            var result = change();
            transaction.Commit();
            return result;
        }
    }

    private List<T> Read<T>([ConstantExpected] string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<object> values)
    {
        lock (gate)
        {
            using var command = Command(sql, values);
            using var reader = command.ExecuteReader();
            var rows = new List<T>();
            while (reader.Read())
                rows.Add(row(reader));
            return rows;
        }
    }

    private void Run([ConstantExpected] string sql, params ReadOnlySpan<object> values)
    {
        using var command = Command(sql, values);
        command.ExecuteNonQuery();
    }

    private long Scalar([ConstantExpected] string sql, params ReadOnlySpan<object> values)
    {
        using var command = Command(sql, values);
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private string? Text([ConstantExpected] string sql, params ReadOnlySpan<object> values)
    {
        using var command = Command(sql, values);
        return command.ExecuteScalar() as string;
    }

#pragma warning disable CA2100 // The compiler checks that the texts are constants; what comes from outside is a parameter.
    private SqliteCommand Command([ConstantExpected] string sql, ReadOnlySpan<object> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (int i = 0; i < values.Length; i++)
            command.Parameters.AddWithValue(string.Create(CultureInfo.InvariantCulture, $"${i}"), values[i]);
        return command;
    }
#pragma warning restore CA2100
}
