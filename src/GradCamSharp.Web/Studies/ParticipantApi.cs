using System.Globalization;
using System.Text.Json;
using GradCamSharp.Studies;
using GradCamSharp.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using static GradCamSharp.Web.Hosting.RefusedException;

namespace GradCamSharp.Web.Studies;

/// <summary>
/// What a participant's page calls. The personal link is the only credential, and nothing tells which side is which method.
/// </summary>
internal sealed class ParticipantApi(Study study, string folder, AnswerStore store)
{
    private const long LongestAnswer = 24 * 3600 * 1000;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/participants/{key}", State).WithMetadata(OpenToAll.Mark);
        routes.MapPost("/api/participants/{key}/consent", Consent).WithMetadata(OpenToAll.Mark);
        routes.MapPost("/api/participants/{key}/answers", Answer).WithMetadata(OpenToAll.Mark);
        routes.MapPost("/api/participants/{key}/undo", Undo).WithMetadata(OpenToAll.Mark);
        routes.MapGet("/api/participants/{key}/pictures/{position:int}/{side:alpha}.png", Picture).WithMetadata(OpenToAll.Mark);
    }

    private Task State(HttpContext context) => Write(context, Known(context));

    private Task Consent(HttpContext context)
    {
        store.Consent(Known(context));
        return Write(context, Known(context));
    }

    private async Task Answer(HttpContext context)
    {
        var participant = Consented(context);
        var answer = await StudyRequest.Read<AnswerRequest>(context);
        var choice = answer.Choice switch
        {
            "left" => SideChoice.Left,
            "right" => SideChoice.Right,
            "same" => SideChoice.Same,
            _ => throw BadRequest("The choice is left, right or same."),
        };
        if (answer.Milliseconds is < 0 or > LongestAnswer)
            throw BadRequest("The time of an answer is 0 to 86400000 milliseconds.");
        InTurn(store.Answer(participant, answer.Position, choice, answer.Milliseconds));
        await Write(context, participant);
    }

    private async Task Undo(HttpContext context)
    {
        var participant = Consented(context);
        InTurn(store.Undo(participant, (await StudyRequest.Read<UndoRequest>(context)).Position));
        await Write(context, participant);
    }

    private async Task Picture(HttpContext context)
    {
        var participant = Consented(context);
        // A route's constraint has checked that it is a number.
        int position = int.Parse((string)context.GetRouteValue("position")!, CultureInfo.InvariantCulture);
        // The next picture is fetched ahead; further ones are not to be leafed through.
        var task = position < 0 || position > store.Answered(participant) + 1 ? null : store.Task(participant, position);
        string? file = task is null ? null : (string?)context.GetRouteValue("side") switch
        {
            "original" => task.Picture.Original,
            "left" => task.IsALeft ? task.Picture.MapA : task.Picture.MapB,
            "right" => task.IsALeft ? task.Picture.MapB : task.Picture.MapA,
            _ => null,
        };
        if (file is null)
            throw new RefusedException(StatusCodes.Status404NotFound, "There is no such picture, or it is not its turn yet.");
        context.Response.ContentType = "image/png";
        // Nothing of the study stays with a browser; the page itself holds the picture for as long as it shows it.
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.SendFileAsync(Path.Combine(folder, Study.PicturesFolder, file), context.RequestAborted);
    }

    private Participant Known(HttpContext context) => store.Find((string)context.GetRouteValue("key")!)
        ?? throw new RefusedException(StatusCodes.Status404NotFound, "There is no such personal link. Ask who invited you for a new one.");

    private Participant Consented(HttpContext context)
    {
        var participant = Known(context);
        return participant.HasConsented ? participant
            : throw new RefusedException(StatusCodes.Status403Forbidden, "Pictures are shown, and answers taken, after consent.");
    }

    private static void InTurn(AnswerOutcome outcome)
    {
        if (outcome == AnswerOutcome.OutOfTurn)
            throw new RefusedException(StatusCodes.Status409Conflict,
                "This picture is not the next one: the study went on in another window. Reload the page.");
    }

    private Task Write(HttpContext context, Participant participant)
    {
        int answered = store.Answered(participant);
        var task = participant.HasConsented ? store.Task(participant, answered) : null;
        var texts = study.Texts;
        return StudyRequest.Write(context, new StateDocument(
            texts.Title, texts.Consent, texts.Thanks, participant.HasConsented, answered, study.Pictures.Count,
            task is null ? null : new TaskDocument(answered, task.Picture.Class, texts.Question)));
    }

    private sealed record AnswerRequest(int Position, string Choice, long Milliseconds);

    private sealed record UndoRequest(int Position);

    private sealed record TaskDocument(int Position, string Class, string Question);

    private sealed record StateDocument(
        string Title, IReadOnlyList<string> Consent, string Thanks, bool Consented, int Answered, int Total, TaskDocument? Task);
}

/// <summary>Bodies of the study's requests and answers.</summary>
internal static class StudyRequest
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    public static async Task<T> Read<T>(HttpContext context)
        where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(context.Request.Body, Json, context.RequestAborted)
                ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw BadRequest(
                $"The body is not the JSON object that is expected here: {e.Message}");
        }
    }

    public static async Task Write<T>(HttpContext context, T document)
    {
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(document, Json), context.RequestAborted);
    }
}
