using Microsoft.AspNetCore.Http;

namespace GradCamSharp.Web.Serving;

/// <summary>Answers with a document that is written already.</summary>
internal static class JsonAnswer
{
    public static async Task Write(HttpContext context, ReadOnlyMemory<byte> document)
    {
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentLength = document.Length;
        await context.Response.Body.WriteAsync(document, context.RequestAborted);
    }
}
