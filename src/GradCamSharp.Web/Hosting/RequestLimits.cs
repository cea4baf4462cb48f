using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;

namespace GradCamSharp.Web.Hosting;

/// <summary>Refuses, with a reason, what is too large before any of it is read: the address, the headers, the announced body.</summary>
internal sealed class RequestLimits(RequestDelegate next)
{
    public const int LongestAddress = 8 << 10, LargestHeaders = 32 << 10;

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.GetEncodedPathAndQuery().Length > LongestAddress)
            return Problem.Write(context, StatusCodes.Status414UriTooLong,
                Reason("The address has more than {0} characters.", LongestAddress));
        if (request.Headers.Sum(h => h.Key.Length + h.Value.Sum(v => v?.Length ?? 0)) > LargestHeaders)
            return Problem.Write(context, StatusCodes.Status431RequestHeaderFieldsTooLarge,
                Reason("The headers have more than {0} characters.", LargestHeaders));
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { MaxRequestBodySize: { } most } limit
            && request.ContentLength > most)
        {
            // Who sends first and listens then would find a closed connection in place of the reason: what comes in the next seconds is
            // thrown away unread.
            if (!limit.IsReadOnly)
                limit.MaxRequestBodySize = null;
            context.Response.Headers.Connection = "close";
            return Problem.Write(context, StatusCodes.Status413PayloadTooLarge,
                Reason("The body has more than {0} bytes. Make the picture smaller.", most));
        }

        return next(context);
    }

    private static string Reason(string format, long limit) => string.Format(CultureInfo.InvariantCulture, format, limit);
}
