using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using GradCamSharp.Output;
using GradCamSharp.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GradCamSharp.Web.Audits;

/// <summary>What people say of findings: read from judged.json, and written to it whole.</summary>
/// <param name="file">The file; it need not be there yet.</param>
internal sealed class VerdictApi(string file)
{
    private static readonly string[] Verdicts = ["open", "shortcut", "fine", "unsure"];
    private static readonly JsonSerializerOptions Readable =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock writing = new();

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/judged.json", Read);
        routes.MapPut("/judged.json", Write);
    }

    private async Task Read(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        // So that the page knows that it may write here: a server of plain files cannot be written to.
        context.Response.Headers["X-Gradcam-Audit"] = "judges";
        context.Response.ContentType = "application/json";
        byte[] content = File.Exists(file)
            ? await File.ReadAllBytesAsync(file, context.RequestAborted)
            : """{"format":1,"judged":[]}"""u8.ToArray();
        await context.Response.Body.WriteAsync(content, context.RequestAborted);
    }

    private async Task Write(HttpContext context)
    {
        JsonNode? document;
        try
        {
            document = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        }
        catch (JsonException)
        {
            document = null;
        }

        if (document is not JsonObject list || !IsList(list))
        {
            await Problem.Write(context, StatusCodes.Status400BadRequest,
                "This is no list of verdicts: an object with a list 'judged', each with key, kind, label, verdict and pictures.");
            return;
        }

        lock (writing)
        {
            byte[] content = [.. JsonSerializer.SerializeToUtf8Bytes(list, Readable), (byte)'\n'];
            AtomicFile.Write(file, content);
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static bool IsList(JsonObject list) => list["judged"] is JsonArray judged && judged.All(item =>
        item is JsonObject one && IsText(one["key"]) && IsText(one["kind"]) && IsText(one["label"])
        && IsText(one["verdict"]) && Verdicts.Contains(one["verdict"]!.GetValue<string>())
        && one["pictures"] is JsonArray pictures && pictures.All(IsText)
        && (one["note"] is null || IsText(one["note"])));

    private static bool IsText(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.String;
}
