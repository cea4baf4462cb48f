using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using GradCamSharp.Web.Studies;

namespace GradCamSharp.Benchmarks.Acceptance;

/// <summary>People who take part in a study one after the other, and what the server acknowledged to them.</summary>
internal sealed class StudyVisitors(string token, Random random)
{
    private static readonly SideChoice[] Choices = [SideChoice.Left, SideChoice.Right, SideChoice.Same];

    private readonly List<Person> people = [];
    private Request? pending;

    /// <summary>How many were invited and know their link.</summary>
    public int Invited => people.Count;

    /// <summary>How many answers were acknowledged, those that were taken back later included.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>How many were taken back.</summary>
    public int TakenBack { get; private set; }

    /// <summary>How many requests were sent again.</summary>
    public int SentAgain { get; private set; }

    /// <summary>Takes part until the server answers no more.</summary>
    /// <exception cref="InvalidOperationException">The server refuses what it should take.</exception>
    public async Task AnswerUntilItEnds(HttpClient http)
    {
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (pending is not null)
            SentAgain++;
        try
        {
            while (true)
            {
                pending ??= Next();
                using var response = await http.PostAsJsonAsync(pending.Path, pending.Body);
                if (!response.IsSuccessStatusCode)
                    throw new InvalidOperationException($"{pending.Path} is answered by {response.StatusCode}.");
                pending.Acknowledged(await response.Content.ReadFromJsonAsync<JsonElement>());
                pending = null;
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or TaskCanceledException)
        {
            // It was killed: whether the last request arrived nobody knows, and it is sent again.
        }
    }

    /// <summary>Compares what is stored with what was acknowledged.</summary>
    /// <returns>What is not there; what is there otherwise; what is there without having been said.</returns>
    public (int Lost, int Changed, int Unknown) Compare(AnswerStore store)
    {
        int lost = 0, changed = 0, unknown = 0;
        var stored = store.Answers().ToLookup(a => a.Participant);
        foreach (var person in people)
        {
            if (store.Find(person.Key) is not { } found)
            {
                lost += 1 + person.Choices.Count;
                continue;
            }

            lost += person.HasAgreed && !found.HasConsented ? 1 : 0;
            var own = stored[found.Number].OrderBy(a => a.Position).Select(a => a.Choice).ToList();
            // The last request may have come through without its acknowledgement.
            int more = pending?.Person == person ? 1 : 0;
            lost += Math.Max(0, person.Choices.Count - own.Count - more);
            unknown += Math.Max(0, own.Count - person.Choices.Count - more);
            changed += person.Choices.Zip(own).Count(c => c.First != c.Second);
        }

        unknown += stored.Count(s => store.Progress().All(p => p.Participant.Number != s.Key));
        return (lost, changed, unknown);
    }

    private Request Next()
    {
        if (people.Count == 0 || people[^1].IsDone)
        {
            return new Request(null, "/api/operator/invitations", new { count = 1 }, answer => people.Add(new Person(
                answer.GetProperty("links")[0].GetString()!.Split('/')[^1])));
        }

        var person = people[^1];
        string path = $"/api/participants/{person.Key}/";
        if (!person.HasAgreed)
            return new Request(person, path + "consent", new { }, state => person.Agreed(state.GetProperty("total").GetInt32()));
        if (person.Choices.Count > 0 && random.Next(10) == 0)
        {
            return new Request(person, path + "undo", new { position = person.Choices.Count - 1 }, _ =>
            {
                person.Choices.RemoveAt(person.Choices.Count - 1);
                TakenBack++;
            });
        }

        var choice = Choices[random.Next(Choices.Length)];
        return new Request(
            person, path + "answers",
            new { position = person.Choices.Count, choice = choice.ToString().ToLowerInvariant(), milliseconds = random.Next(5000) }, _ =>
            {
                person.Choices.Add(choice);
                Acknowledged++;
            });
    }

    private sealed record Request(Person? Person, string Path, object Body, Action<JsonElement> Acknowledged);

    private sealed class Person(string key)
    {
        private int total;

        public string Key => key;

        public bool HasAgreed => total > 0;

        public bool IsDone => HasAgreed && Choices.Count == total;

        public List<SideChoice> Choices { get; } = [];

        public void Agreed(int pictures) => total = pictures;
    }
}
