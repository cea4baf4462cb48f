using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace GradCamSharp.Web.Hosting;

/// <summary>Files of a page that are part of the program: served from memory, checked by the browser at each visit.</summary>
public sealed class EmbeddedAssets
{
    /// <summary>The folder of what several pages share.</summary>
    public const string Shared = "shared/";

    private static readonly FileExtensionContentTypeProvider Types = new();
    private readonly Dictionary<string, Asset> assets = new(StringComparer.Ordinal);

    /// <summary>Reads the resources of this assembly whose names begin with one of some folders.</summary>
    /// <param name="folders">The folders, with their slashes: <c>page/</c>.</param>
    public EmbeddedAssets(params ReadOnlySpan<string> folders)
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (string folder in folders)
        {
            foreach (string name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(folder, StringComparison.Ordinal)))
            {
                using var stream = assembly.GetManifestResourceStream(name)!;
                byte[] content = new byte[stream.Length];
                stream.ReadExactly(content);
                string tag = $"\"{Convert.ToHexString(SHA256.HashData(content).AsSpan(0, 12))}\"";
                assets.Add(name[folder.Length..], new Asset(content, TypeOf(name), new EntityTagHeaderValue(tag)));
            }
        }
    }

    /// <summary>The files' names below the folders, sorted.</summary>
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

    private static Task Send(HttpContext context, Asset asset)
    {
        context.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Bytes(asset.Content, asset.Type, entityTag: asset.Tag).ExecuteAsync(context);
    }

    private static string TypeOf(string name)
    {
        string type = Types.TryGetContentType(name, out string? known) ? known : "application/octet-stream";
        return type.StartsWith("text/", StringComparison.Ordinal) ? $"{type}; charset=utf-8" : type;
    }

    private sealed record Asset(ReadOnlyMemory<byte> Content, string Type, EntityTagHeaderValue Tag);
}
