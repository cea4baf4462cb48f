using System.Net.Http.Headers;
using System.Text;
using GradCamSharp.Imaging;
using GradCamSharp.Web.Hosting;
using GradCamSharp.Web.Serving;
using Microsoft.AspNetCore.Builder;
using OnnxGrad;

namespace GradCamSharp.Fuzz;

/// <summary>Requests to the page's server: the first line is the query, what follows is the body of a multipart form.</summary>
public sealed class FormHarness : FolderHarness
{
    private const string Boundary = "fuzz";
    private readonly WebApplication app;
    private readonly HttpClient client;

    /// <summary>Starts a server on a free port of this machine.</summary>
    public FormHarness()
    {
        string model = File("model.onnx");
        OnnxModel.Parse(SmallModels.All()[3]).Save(model);
        app = ExplainServer.Create(
            new ServeOptions
            {
                Models = [new ModelSource("small", model, model)],
                LargestBody = 1 << 21,
                MostPixels = 1 << 20,
                Timeout = TimeSpan.FromSeconds(5),
            }, Binding.Create());
        app.StartAsync().GetAwaiter().GetResult();
        client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false })
        {
            BaseAddress = WebServer.AddressOf(app),
        };
    }

    public override string Name => "form";

    public override IReadOnlyList<string> Words { get; } =
    [
        "--fuzz", "--fuzz--", "\r\n\r\n", "Content-Disposition: form-data; name=\"image\"", "Content-Type:", "filename*=UTF-8''a",
        "class=", "&", "method=", "maps=", "layer=", "model=", "opacity=", "top99", "%00",
    ];

    public override IReadOnlyList<byte[]> Seeds() =>
    [
        Form("class=top2&method=gradcam%2B%2B,gradcam&maps=float32", PictureEncoder.ToPng(PictureHarness.Small())),
        Form("maps=overlay&opacity=0.5&colormap=turbo", PictureEncoder.ToJpeg(PictureHarness.Small(), 80)),
    ];

    protected override void Take(byte[] input)
    {
        int line = Array.IndexOf(input, (byte)'\n');
        string query = line < 0 ? ""
            : string.Concat(input.Take(line).Select(b => b is > 0x20 and < 0x7F and not (byte)'#' ? $"{(char)b}" : $"%{b:X2}"));
        using var content = new ByteArrayContent(input, line + 1, input.Length - line - 1);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse($"multipart/form-data; boundary={Boundary}");
        using var response = client.PostAsync($"/api/explain?{query}", content).GetAwaiter().GetResult();
        int status = (int)response.StatusCode;
        string body = response.Content.ReadAsStringAsync().GetAwaiter().GetResult();
        if (status >= 500)
            throw new InvalidOperationException($"The server answers {status}: {body}");
        if (status >= 400 && status != 414 && response.Content.Headers.ContentType?.MediaType != "application/problem+json")
            throw new InvalidOperationException($"The server answers {status} without a problem document: {body}");
        if (status >= 400)
            throw new InvalidDataException(body);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            client.Dispose();
            app.StopAsync().GetAwaiter().GetResult();
            ((IAsyncDisposable)app).DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        base.Dispose(disposing);
    }

    private static byte[] Form(string query, byte[] picture) =>
    [
        .. Encoding.ASCII.GetBytes(
            $"{query}\n--{Boundary}\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\n" +
            "Content-Type: image/png\r\n\r\n"),
        .. picture, .. Encoding.ASCII.GetBytes($"\r\n--{Boundary}--\r\n"),
    ];
}
