using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace GradCamSharp.Web.Hosting;

/// <summary>Gives every refused or failed request a reason that can be read.</summary>
internal static class Reasons
{
    /// <summary>Adds the middleware. What a defect of ours throws is logged, for the operator; the caller learns none of it.</summary>
    /// <param name="app">The application.</param>
    /// <param name="guide">What to do about an address at which there is nothing.</param>
    public static void Use(IApplicationBuilder app, string guide)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = Explain,
            AllowStatusCode404Response = true,
            SuppressDiagnosticsCallback = failure => failure.Exception is RefusedException or BadHttpRequestException,
        });
        app.UseStatusCodePages(pages => Problem.Write(
            pages.HttpContext, pages.HttpContext.Response.StatusCode, ReasonOf(pages.HttpContext, guide)));
    }

    private static Task Explain(HttpContext context)
    {
        switch (context.Features.Get<IExceptionHandlerFeature>()!.Error)
        {
            case RefusedException refused:
                if (refused.RetryAfterSeconds is { } seconds)
                    context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
                return Problem.Write(context, refused.Status, refused.Message);
            case BadHttpRequestException bad:
                return Problem.Write(context, bad.StatusCode, bad.Message);
            default:
                return Problem.Write(context, StatusCodes.Status500InternalServerError,
                    "The server failed on this request. Its operator finds the details where it was started.");
        }
    }

    private static string ReasonOf(HttpContext context, string guide) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => $"There is nothing at this address. {guide}",
        StatusCodes.Status405MethodNotAllowed =>
            $"This address does not take {context.Request.Method} requests, only {context.Response.Headers.Allow}.",
        _ => "The request was refused.",
    };
}
