using Microsoft.AspNetCore.Http;

namespace GradCamSharp.Web.Hosting;

/// <summary>A request that is refused: its status and the reason, which the caller may read.</summary>
/// <param name="status">400 to 599.</param>
/// <param name="reason">What is wrong and what to do.</param>
public sealed class RefusedException(int status, string reason) : Exception(reason)
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>After how many seconds to try again; null if that would not help.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>A request that makes no sense.</summary>
    internal static RefusedException BadRequest(string reason) => new(StatusCodes.Status400BadRequest, reason);

    /// <summary>What a caller sent, cut to a length at which a reason can repeat it.</summary>
    internal static string Shown(string? text) => text is null ? "" : text.Length <= 40 ? text : text[..40] + "...";
}

/// <summary>Reasons as problem documents (RFC 9457).</summary>
public static class Problem
{
    /// <summary>Answers with a status and a reason.</summary>
    /// <param name="context">The request; nothing of its answer may have been sent.</param>
    /// <param name="status">400 to 599.</param>
    /// <param name="reason">What is wrong and what to do.</param>
    public static Task Write(HttpContext context, int status, string reason)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Problem(reason, statusCode: status).ExecuteAsync(context);
    }
}
