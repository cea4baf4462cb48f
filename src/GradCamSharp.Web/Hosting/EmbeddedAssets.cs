using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GradCamSharp.Web.Hosting;

/// <summary>Files of a page that are part of the program: served from memory, checked by the browser at each visit.</summary>
public sealed class EmbeddedAssets
{
    private readonly Dictionary<string, Asset> assets = new(StringComparer.Ordinal);

    /// <summary>Reads the resources of this assembly whose names begin with a folder.</summary>
    /// <param name="folder">The folder, with its slash: <c>page/</c>.</param>
    public EmbeddedAssets(string folder)
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (string name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(folder, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            byte[] content = new byte[stream.Length];
            stream.ReadExactly(content);
            string tag = $"\"{Convert.ToHexString(SHA256.HashData(content).AsSpan(0, 12))}\"";
            assets[name[folder.Length..]] = new Asset(content, TypeOf(name), tag);
        }
    }

    /// <summary>The files' names below the folder, sorted.</summary>
    public IReadOnlyList<string> Names => [.. assets.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The bytes of a file.</summary>
    /// <exception cref="KeyNotFoundException">There is no such file.</exception>
    public ReadOnlyMemory<byte> this[string name] => assets[name].Content;

    /// <summary>Serves every file at its name below a path. Only names that exist are routes; no path is made of a request.</summary>
    /// <param name="routes">The application.</param>
    /// <param name="path">Where: <c>/</c> or <c>/samples/</c>.</param>
    /// <param name="marks">Metadata of the endpoints, as <see cref="OpenToAll.Mark"/>.</param>
    public void Map(IEndpointRouteBuilder routes, string path, params object[] marks)
    {
        foreach (var (name, asset) in assets)
            MapOne(routes, path + name, asset, marks);
    }

    /// <summary>Serves one file at a path of its own.</summary>
    /// <param name="routes">The application.</param>
    /// <param name="path">Where.</param>
    /// <param name="name">The file's name.</param>
    /// <param name="marks">Metadata of the endpoint.</param>
    public void MapFile(IEndpointRouteBuilder routes, string path, string name, params object[] marks) =>
        MapOne(routes, path, assets[name], marks);

    private static void MapOne(IEndpointRouteBuilder routes, string path, Asset asset, object[] marks) =>
        routes.MapMethods(path, ["GET", "HEAD"], context => Send(context, asset)).WithMetadata(marks);

    private static async Task Send(HttpContext context, Asset asset)
    {
        var response = context.Response;
        response.Headers.ETag = asset.Tag;
        response.Headers.CacheControl = "no-cache";
        if (context.Request.Headers.IfNoneMatch.Contains(asset.Tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = asset.Type;
        response.ContentLength = asset.Content.Length;
        if (HttpMethods.IsGet(context.Request.Method))
            await response.Body.WriteAsync(asset.Content, context.RequestAborted);
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".json" => "application/json",
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        ".jpg" => "image/jpeg",
        _ => "application/octet-stream",
    };

    private sealed record Asset(byte[] Content, string Type, string Tag);
}
