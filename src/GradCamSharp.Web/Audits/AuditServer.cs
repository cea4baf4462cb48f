using GradCamSharp.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticFiles;

namespace GradCamSharp.Web.Audits;

/// <summary>Serves an audit's folder: the page, what lies beside it, and the verdicts, which it keeps in judged.json.</summary>
public static class AuditServer
{
    private const long LargestBody = 16 << 20;
    private const string Page = "index.html", Beside = "explorer";

    private static readonly FileExtensionContentTypeProvider Types = new();

    /// <summary>Makes the server; it is not started yet.</summary>
    /// <param name="binding">Where it listens.</param>
    /// <param name="folder">The audit's folder.</param>
    /// <returns>The application; the caller disposes.</returns>
    /// <exception cref="InvalidDataException">The folder holds no page of an audit.</exception>
    public static WebApplication Create(Binding binding, string folder)
    {
        ArgumentNullException.ThrowIfNull(binding);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string root = Path.GetFullPath(folder);
        if (!File.Exists(Path.Combine(root, Page)) || !Directory.Exists(Path.Combine(root, Beside)))
        {
            throw new InvalidDataException(
                $"'{folder}' holds no page of an audit: {Page} and the folder {Beside} are written by an audit.");
        }

        var app = WebServer.Build(WebServer.CreateBuilder(binding, LargestBody), binding, "The audit's page is at /.");
        foreach (string address in (string[])["/", "/" + Page])
            app.MapMethods(address, ["GET", "HEAD"], context => Send(context, Path.Combine(root, Page)));
        app.MapMethods($"/{Beside}/{{**path}}", ["GET", "HEAD"], context => SendBeside(context, Path.Combine(root, Beside)));
        app.MapGet("/healthz", context => context.Response.WriteAsync("ok")).WithMetadata(OpenToAll.Mark);
        new VerdictApi(Path.Combine(root, "judged.json")).Map(app);
        return app;
    }

    // Only files that lie below the folder are sent, whatever the address says.
    private static Task SendBeside(HttpContext context, string root)
    {
        string path = Path.GetFullPath(Path.Combine(root, context.GetRouteValue("path") as string ?? ""));
        return path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal) && File.Exists(path)
            ? Send(context, path)
            : Problem.Write(context, StatusCodes.Status404NotFound, "There is nothing at this address. The audit's page is at /.");
    }

    private static Task Send(HttpContext context, string path)
    {
        context.Response.Headers.CacheControl = "no-cache";
        string type = Types.TryGetContentType(path, out string? known) ? known : "application/octet-stream";
        type = type.StartsWith("text/", StringComparison.Ordinal) ? $"{type}; charset=utf-8" : type;
        return TypedResults.PhysicalFile(path, type, lastModified: File.GetLastWriteTimeUtc(path)).ExecuteAsync(context);
    }
}
