using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace GradCamSharp.Web.Hosting;

/// <summary>Gives every refused or failed request a reason that can be read.</summary>
/// <param name="next">What answers.</param>
/// <param name="guide">What to do about an address at which there is nothing.</param>
internal sealed class ErrorReasons(RequestDelegate next, string guide)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null })
                await Problem.Write(context, context.Response.StatusCode, ReasonOf(context));
        }
        catch (Exception e) when (e is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there any more to tell.
            context.Abort();
        }
        catch (RefusedException e) when (!context.Response.HasStarted)
        {
            if (e.RetryAfterSeconds is { } seconds)
                context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            await Problem.Write(context, e.Status, e.Message);
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            await Problem.Write(context, e.StatusCode, e.Message);
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            // A defect of ours: its details go to the operator, not to the caller.
            await Console.Error.WriteLineAsync($"Internal error in {context.Request.Method} {context.Request.Path}: {e}");
            await Problem.Write(context, StatusCodes.Status500InternalServerError,
                "The server failed on this request. Its operator finds the details where it was started.");
        }
    }

    private string ReasonOf(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => $"There is nothing at this address. {guide}",
        StatusCodes.Status405MethodNotAllowed =>
            $"This address does not take {context.Request.Method} requests, only {context.Response.Headers.Allow}.",
        _ => "The request was refused.",
    };
}
