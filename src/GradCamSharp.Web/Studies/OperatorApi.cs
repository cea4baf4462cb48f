using System.Text;
using GradCamSharp.Studies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using static GradCamSharp.Web.Hosting.RefusedException;

namespace GradCamSharp.Web.Studies;

/// <summary>What the operator's page calls: behind the server's token.</summary>
internal sealed class OperatorApi(Study study, AnswerStore store)
{
    private const int MostAtOnce = 200, LongestNote = 200;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/operator/progress", Progress);
        routes.MapPost("/api/operator/invitations", Invite);
        routes.MapGet("/api/operator/answers.csv", Export);
    }

    private Task Progress(HttpContext context) => StudyRequest.Write(context, new ProgressDocument(
        study.Texts.Title, [study.MethodA, study.MethodB], study.Recipe.Model.File, study.Classes.Select(c => c.Name), study.Pictures.Count,
        store.Progress().Select(p => new ParticipantDocument(
            p.Participant.Name, p.Participant.Note, LinkOf(p.Participant), p.Participant.HasConsented,
            p.Answered, p.LastAnswer, p.MedianSeconds))));

    private async Task Invite(HttpContext context)
    {
        var request = await StudyRequest.Read<InvitationRequest>(context);
        if (request.Count is < 1 or > MostAtOnce)
            throw BadRequest($"1 to {MostAtOnce} people are invited at once.");
        string note = request.Note?.Trim() ?? "";
        if (note.Length > LongestNote || note.Any(char.IsControl))
            throw BadRequest($"A note is one line of at most {LongestNote} characters.");
        var links = new List<string>();
        for (int i = 0; i < request.Count; i++)
            links.Add(LinkOf(store.Invite(note)));
        await StudyRequest.Write(context, new InvitationDocument(links));
    }

    private async Task Export(HttpContext context)
    {
        context.Response.ContentType = "text/csv; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.ContentDisposition = "attachment; filename=\"answers.csv\"";
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(AnswersCsv.Of(study, store.Answers())), context.RequestAborted);
    }

    private static string LinkOf(Participant participant) => $"/p/{participant.Key}";

    private sealed record InvitationRequest(int Count, string? Note = null);

    private sealed record InvitationDocument(IReadOnlyList<string> Links);

    private sealed record ParticipantDocument(
        string Name, string Note, string Link, bool Consented, int Answered, DateTime? LastAnswer, double? MedianSeconds);

    private sealed record ProgressDocument(
        string Title, IReadOnlyList<string> Methods, string Model, IEnumerable<string> Classes, int Pictures,
        IEnumerable<ParticipantDocument> Participants);
}
