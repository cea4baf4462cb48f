using System.Diagnostics.Metrics;
using System.Net.Sockets;
using System.Text;
using GradCamSharp.Imaging;
using GradCamSharp.Web.Hosting;
using GradCamSharp.Web.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace GradCamSharp.Web.Tests.Serving;

/// <summary>A client that hangs up before it has its answer.</summary>
public sealed class HangUpTests
{
    [Fact]
    public async Task Explain_ClientHangsUpDuringItsRun_StopsTheRun()
    {
        var binding = Binding.Create();
        await using var app = ExplainServer.Create(ApiFixture.Options("scenes-vgg") with { Runs = 1 }, binding);
        var request = new TaskCompletionSource<HttpContext>(TaskCreationOptions.RunContinuationsAsynchronously);
        var outcome = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        app.Use(async (context, next) =>
        {
            request.TrySetResult(context);
            outcome.TrySetResult(await Record.ExceptionAsync(() => next(context)));
        });
        await app.StartAsync();
        using var client = new TcpClient();
        int begun = 0, ended = 0;
        using var runs = Listen(app, "gradcam.run.active", () =>
        {
            // On the run's own thread: the client goes away now, and the run goes on when the server knows it.
            if (Interlocked.Increment(ref begun) > 1)
                return;
            var gone = request.Task.Result.RequestAborted;
            client.Close();
            Assert.True(gone.WaitHandle.WaitOne(TimeSpan.FromSeconds(30)), "Nobody told the request that its client is gone.");
        });
        using var finished = Listen(app, "gradcam.run.duration", () => Interlocked.Increment(ref ended));

        var address = WebServer.AddressOf(app);
        await client.ConnectAsync(address.Host, address.Port);
        await client.GetStream().WriteAsync(Post("/api/explain?maps=overlay", ApiFixture.Sample()));
        Assert.IsAssignableFrom<OperationCanceledException>(await outcome.Task);
        Assert.Equal(1, begun);
        Assert.Equal(0, ended);
        Assert.Equal(0, app.Services.GetRequiredService<ExplainQueue>().Present);
        await app.StopAsync();
    }

    [Fact]
    public void Write_CallerGone_DrawsNoMap()
    {
        using var shelf = new ModelShelf(ApiFixture.Options("scenes-vgg"), new RunsUnderWay());
        var query = ExplainQuery.Parse(new QueryCollection(new Dictionary<string, StringValues> { ["maps"] = "overlay" }), shelf);
        var model = query.Model.Classifier!;
        var explanation = model.Explain(PictureDecoder.Decode(ApiFixture.SamplePath("umbrellas.jpg")));
        var result = ExplainedPicture.Of(model, model.Model.Layer, explanation);
        Assert.Throws<OperationCanceledException>(() => ExplainDocument.Write(query, result, 1, new CancellationToken(canceled: true)));
    }

    /// <summary>Calls back when a server begins or ends something that it counts.</summary>
    private static MeterListener Listen(WebApplication app, string name, Action happened)
    {
        // Other servers of this process have meters of the same name.
        var own = app.Services.GetRequiredService<IMeterFactory>();
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == name && instrument.Meter.Scope == own)
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, change, _, _) =>
        {
            if (change > 0)
                happened();
        });
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => happened());
        listener.Start();
        return listener;
    }

    private static byte[] Post(string path, byte[] picture)
    {
        byte[] head = "--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.jpg\"\r\n\r\n"u8.ToArray();
        byte[] end = "\r\n--b--\r\n"u8.ToArray();
        byte[] headers = Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: localhost\r\n" +
            $"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {head.Length + picture.Length + end.Length}\r\n\r\n");
        return [.. headers, .. head, .. picture, .. end];
    }
}
