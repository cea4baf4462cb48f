using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using GradCamSharp.Imaging;

namespace GradCamSharp.Web.Tests.Serving;

/// <summary>Requests that no server should take, from a seed: every one is wrong for certain.</summary>
internal sealed class MalformedRequests(int seed)
{
    private const string Explain = "/api/explain";
    private static readonly byte[] Jpeg = ApiFixture.Sample();
    private static readonly byte[] Png = PictureEncoder.ToPng(PictureDecoder.Decode(ApiFixture.SamplePath("umbrellas.jpg")));

    private static readonly string[] Tricks =
    [
        "../../etc/passwd", "..\\..\\windows\\win.ini", "/etc/passwd", "%2e%2e/%2e%2e", "C:\\x", "file:///etc/passwd",
        "\0", "a\u202eb", "'; drop table", "~", "${7*7}",
    ];

    // A zero in a path is no HTTP to Kestrel: it answers a bare 400 itself.
    private static readonly string[] Paths = [.. Tricks.Where(t => t != "\0")];
    private readonly Random random = new(seed);

    /// <summary>The next request, and what is wrong with it.</summary>
    public (string What, HttpRequestMessage Request) Next() => random.Next(12) switch
    {
        0 => ("random bytes for a picture", Post(Explain, ApiFixture.Form(Noise(random.Next(0, 4000))))),
        1 => ("a truncated JPEG", Post(Explain, ApiFixture.Form(Jpeg[..random.Next(2, Jpeg.Length - 1000)]))),
        2 => ("a truncated PNG", Post(Explain, ApiFixture.Form(Png[..random.Next(8, Png.Length / 2)]))),
        3 => ("a bomb", Post(Explain, ApiFixture.Form(Bomb()))),
        4 => ("a wrong field", Post(
            Explain,
            ApiFixture.Form(Jpeg, Pick("picture", "Image", "image2", "file", "im age", "method", "../image"), "x.jpg"))),
        5 => ("a wrong parameter", Post($"{Explain}?{Parameter()}", ApiFixture.Form(Jpeg, file: "p.jpg"))),
        6 => ("a broken form", Broken()),
        7 => ("a body that is no form", Raw(
            Noise(random.Next(0, 2000)),
            Pick("application/json", "image/jpeg", "text/plain", "application/x-www-form-urlencoded", "",
                "multipart/mixed; boundary=x", "a/b/c"))),
        8 => ("another method", new HttpRequestMessage(new HttpMethod(Pick("PUT", "DELETE", "PATCH", "GET", "BREW")), Explain)),
        9 => ("a path trick", new HttpRequestMessage(
            HttpMethod.Get,
            Pick("/page/", "/samples/", "/api/", "/") + Uri.EscapeDataString(Pick(Paths) + random.Next()))),
        10 => ("huge headers", Huge()),
        _ => ("two pictures or none", Post(Explain, random.Next(2) == 0 ? new MultipartFormDataContent() : Twice())),
    };

    private static HttpRequestMessage Post(string path, HttpContent content) => new(HttpMethod.Post, path) { Content = content };

    private static HttpRequestMessage Raw(byte[] body, string type)
    {
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return Post(Explain, content);
    }

    private static MultipartFormDataContent Twice() => new()
    {
        { new ByteArrayContent(Jpeg), "image", "a.jpg" },
        { new ByteArrayContent(Jpeg), "image", "b.jpg" },
    };

    private HttpRequestMessage Huge()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/healthz");
        if (random.Next(2) == 0)
            request.RequestUri = new Uri("/healthz?" + new string('q', random.Next(9000, 30_000)), UriKind.Relative);
        else
            request.Headers.TryAddWithoutValidation("X-Huge", new string('h', random.Next(33_000, 90_000)));
        return request;
    }

    private string Parameter()
    {
        string value = Uri.EscapeDataString(Pick(Tricks) + random.Next().ToString(CultureInfo.InvariantCulture));
        return random.Next(9) switch
        {
            0 => "model=" + value,
            1 => "layer=" + value,
            2 => "class=" + value,
            3 => "method=" + value,
            4 => "maps=" + value,
            5 => "opacity=" + Pick("-1", "2", "NaN", "1e99", "half"),
            6 => "class=" + Pick("12", "top0", "top99", "-1", "1,2,99", "999999999999999999999"),
            7 => value + "=1",
            _ => "method=gradcam&method=gradcam%2B%2B",
        };
    }

    private HttpRequestMessage Broken()
    {
        string boundary = "b" + random.Next();
        byte[] head = Encoding.ASCII.GetBytes(
            $"--{boundary}\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.jpg\"\r\n\r\n");
        byte[] whole = [.. head, .. Jpeg, .. Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n")];
        string type = "multipart/form-data; boundary=" + boundary;
        return random.Next(7) switch
        {
            0 => Raw(whole, "multipart/form-data"),
            1 => Raw(whole, "multipart/form-data; boundary="),
            2 => Raw(whole, "multipart/form-data; boundary=" + new string('x', 200)),
            3 => Raw(whole, type + "x"),
            4 => Raw(whole[..random.Next(0, whole.Length - boundary.Length - 10)], type),
            5 => Raw([.. Encoding.ASCII.GetBytes($"--{boundary}\r\n{new string('H', 40_000)}: x\r\n\r\n"), .. Jpeg], type),
            _ => Raw(
                [
                    .. Encoding.ASCII.GetBytes($"--{boundary}\r\nno header at all\r\n\r\n"), .. Jpeg,
                    .. Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n"),
                ],
                type),
        };
    }

    /// <summary>A small file that says it has 30,000 x 30,000 pixels.</summary>
    private byte[] Bomb()
    {
        const int side = 30_000;
        if (random.Next(2) == 0)
        {
            // The JPEG's own frame header, its height and width changed.
            byte[] jpeg = [.. Jpeg];
            for (int i = 2; i < jpeg.Length - 9; i++)
            {
                if (jpeg[i] == 0xFF && jpeg[i + 1] is 0xC0 or 0xC2)
                {
                    BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(i + 5), side);
                    BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(i + 7), side);
                    return jpeg;
                }
            }
        }

        byte[] png = [.. Png];
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), side);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), side + random.Next(100));
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc32(png.AsSpan(12, 17)));
        return png;
    }

    /// <summary>The checksum of PNG's chunks: without it the decoder would refuse the file for another reason.</summary>
    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }

        return ~crc;
    }

    private byte[] Noise(int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private string Pick(params string[] of) => of[random.Next(of.Length)];
}
