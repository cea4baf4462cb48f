using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace GradCamSharp.Web.Hosting;

/// <summary>
/// Marks an endpoint that answers without the server's token: a sign of life, or a page whose links carry a secret of their own.
/// </summary>
public sealed class OpenToAll
{
    /// <summary>The mark, to be added to an endpoint's metadata.</summary>
    public static OpenToAll Mark { get; } = new();
}

/// <summary>
/// Lets through who may call. With a token: who knows it, as a Bearer header, as <c>?token=</c> (which sets a cookie for the page), or as
/// that cookie. Without one only this machine can call, and then a page of another site must not be able to make its browser do so: the
/// Host header has to be this machine's, and nothing is changed at the request of another site.
/// </summary>
internal sealed class AccessGate(RequestDelegate next, Binding binding)
{
    private const string Parameter = "token";
    private readonly byte[]? expected = binding.Token is { } token ? Digest(token) : null;

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        bool changes = !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method);
        if (changes && request.Headers["Sec-Fetch-Site"] == "cross-site")
            return Problem.Write(
                context, StatusCodes.Status403Forbidden, "Another site may not call this server through a visitor's browser.");
        if (expected is null)
        {
            return IsThisMachine(request.Host.Host)
                ? next(context)
                : Problem.Write(context, StatusCodes.Status403Forbidden,
                    "This server answers only to localhost and 127.0.0.1. Who runs it can let it listen on another address.");
        }

        if (context.GetEndpoint()?.Metadata.GetMetadata<OpenToAll>() is not null)
            return next(context);
        string cookie = string.Create(CultureInfo.InvariantCulture, $"gradcam-token-{context.Connection.LocalPort}");
        if (Fits(request.Query[Parameter]))
            return WithCookie(context, cookie);
        string authorization = request.Headers.Authorization.ToString();
        bool bearer = authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && Fits(authorization[7..].Trim());
        if (bearer || Fits(request.Cookies[cookie]))
            return next(context);
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Problem.Write(context, StatusCodes.Status401Unauthorized,
            "This server asks for its token: open the address with ?token=..., or send the header Authorization: Bearer ....");
    }

    private Task WithCookie(HttpContext context, string name)
    {
        var request = context.Request;
        var options = new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/", Secure = request.IsHttps };
        context.Response.Cookies.Append(name, binding.Token!, options);
        bool page = request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
        if (!HttpMethods.IsGet(request.Method) || !page)
            return next(context);
        // The secret does not stay in the address bar, in the history or in a shared link.
        var rest = request.Query.Where(p => p.Key != Parameter).SelectMany(p => p.Value.Select(v => KeyValuePair.Create(p.Key, v)));
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = request.Path.ToUriComponent() + QueryString.Create(rest).ToUriComponent();
        return Task.CompletedTask;
    }

    /// <summary>In constant time: how much of a token is right must not be told by how long the answer takes.</summary>
    private bool Fits(string? given) =>
        given is { Length: > 0 and < 1024 } && CryptographicOperations.FixedTimeEquals(Digest(given), expected);

    private static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    private static bool IsThisMachine(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
