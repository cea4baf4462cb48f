using System.Globalization;
using System.Net;
using System.Security.Cryptography;

namespace GradCamSharp.Web.Hosting;

/// <summary>Where a server listens, and what it asks of those who call.</summary>
public sealed record Binding
{
    private const int ShortestToken = 8;

    private Binding(IPAddress? address, int port, string? token, bool isTokenGenerated)
    {
        Address = address;
        Port = port;
        Token = token;
        IsTokenGenerated = isTokenGenerated;
    }

    /// <summary>The address listened on; null for all of the machine's, by IPv6 too where it has that.</summary>
    public IPAddress? Address { get; }

    /// <summary>The port; 0 for a free one.</summary>
    public int Port { get; }

    /// <summary>What a caller has to know; null where the server can be reached from this machine alone and nothing is asked.</summary>
    public string? Token { get; }

    /// <summary>Whether the token was made up here, so that it has to be shown.</summary>
    public bool IsTokenGenerated { get; }

    /// <summary>Whether only this machine can reach the server.</summary>
    public bool IsLoopback => Address is not null && IPAddress.IsLoopback(Address);

    /// <summary>Makes a binding. Beyond this machine there is always a token: the one given, or one made up.</summary>
    /// <param name="host">An IP address, localhost, or * for all of the machine's addresses; null for 127.0.0.1.</param>
    /// <param name="port">0 to 65535; 0 for a free one.</param>
    /// <param name="token">At least 8 printable ASCII characters; null for none, or one made up.</param>
    /// <exception cref="ArgumentException">One of them is not possible; the message says what is.</exception>
    public static Binding Create(string? host = null, int port = 0, string? token = null)
    {
        if (port is < 0 or > 65535)
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture, $"There is no port {port}. Ports are 1 to 65535; 0 takes a free one."));
        if (token is not null && (token.Length < ShortestToken || token.Any(c => c is <= ' ' or > '~')))
            throw new ArgumentException(
                $"A token has at least {ShortestToken} printable ASCII characters and no spaces. Leave it out to have one made up.");
        var address = Parse(host);
        bool generate = token is null && !(address is not null && IPAddress.IsLoopback(address));
        return new Binding(address, port, generate ? RandomNumberGenerator.GetHexString(32, lowercase: true) : token, generate);
    }

    private static IPAddress? Parse(string? host) => host?.ToUpperInvariant() switch
    {
        null or "LOCALHOST" => IPAddress.Loopback,
        "*" => null,
        _ when IPAddress.TryParse(host, out var address) => address,
        _ => throw new ArgumentException(
            $"There is no address '{host}' to listen on. Give an IP address of this machine, localhost, or * for all of its addresses."),
    };
}
