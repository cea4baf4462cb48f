using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace GradCamSharp.Cli.Zoo;

/// <summary>
/// One download: into a .part file that the next attempt, or the next run, goes on with; the file gets its name only when its SHA-256 is
/// right. Proxies are those of HTTP_PROXY, HTTPS_PROXY and NO_PROXY, or of the system.
/// </summary>
internal sealed class ModelDownload(ZooModel model, DownloadOptions options, string path, Action<string> say)
{
    private const int BufferBytes = 1 << 17;

    private string Address => $"{options.Address}/{model.File}";

    private string Part => path + ".part";

    /// <summary>The server's name for the version that the part is of (its ETag).</summary>
    private string PartTag => path + ".part.etag";

    /// <exception cref="IOException">It cannot be fetched; the message says what was tried and what to do.</exception>
    public void Run(CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { ConnectTimeout = options.Timeout };
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        string? version = typeof(ModelDownload).Assembly.GetName().Version?.ToString(3);
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("gradcam", version));
        for (int attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                bool resumed = Fetch(client, cancellationToken);
                if (Finish())
                    return;
                // A part of another version, patched up, has a wrong sum; a whole download that has one will have it again.
                if (!resumed || attempt >= options.Attempts)
                {
                    throw new GivenUp($"what came has not the SHA-256 {model.Sha256}: " +
                        "the file was changed on the way or at its source, and was thrown away");
                }

                say("What was resumed does not fit together; starting again.");
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException)
            {
                if (attempt >= options.Attempts)
                    throw Failure(e.Message, attempt, e);
                long have = File.Exists(Part) ? new FileInfo(Part).Length : 0;
                say(FormattableString.Invariant($"{e.Message} Trying again, from byte {have}."));
            }
            catch (GivenUp e)
            {
                throw Failure(e.Message, attempt, e);
            }
        }
    }

    /// <summary>Fetches what is missing into the part.</summary>
    /// <returns>Whether the part had a beginning already.</returns>
    private bool Fetch(HttpClient client, CancellationToken cancellationToken)
    {
        long have = File.Exists(Part) ? new FileInfo(Part).Length : 0;
        if (have > model.Bytes)
        {
            Discard();
            have = 0;
        }

        if (have == model.Bytes)
            return true;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            timeout.CancelAfter(options.Timeout);
            using var request = new HttpRequestMessage(HttpMethod.Get, Address);
            if (have > 0)
            {
                request.Headers.Range = new RangeHeaderValue(have, null);
                // Another version would answer whole, instead of with its own rest.
                if (File.Exists(PartTag) && EntityTagHeaderValue.TryParse(File.ReadAllText(PartTag), out var tag) && !tag.IsWeak)
                    request.Headers.IfRange = new RangeConditionHeaderValue(tag);
            }

            using var response = client.Send(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                Discard();
                throw new IOException("The server has fewer bytes than came before.");
            }

            Check(response);
            bool goesOn = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == have;
            if (response.StatusCode == HttpStatusCode.PartialContent && !goesOn)
            {
                Discard();
                throw new IOException("The server sent another part of the file than the one asked for.");
            }

            long start = goesOn ? have : 0;
            if (response.Content.Headers.ContentLength is { } length && start + length != model.Bytes)
                throw new GivenUp($"the server offers {start + length} bytes, and the model has {model.Bytes}: that is not the file");
            if (!goesOn)
                Discard();
            if (response.Headers.ETag is { } etag)
                File.WriteAllText(PartTag, etag.ToString());
            if (goesOn)
                say($"Going on at {Megabytes(start)} of {Megabytes(model.Bytes)} MB.");
            Receive(response, start, timeout, cancellationToken);
            return goesOn;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(FormattableString.Invariant($"Nothing came for {options.Timeout.TotalSeconds:0.#} s."), e);
        }
    }

    private void Receive(HttpResponseMessage response, long start, CancellationTokenSource timeout, CancellationToken cancellationToken)
    {
        using var source = response.Content.ReadAsStream(timeout.Token);
        using var target = new FileStream(Part, FileMode.Append, FileAccess.Write, FileShare.Read);
        var progress = new DownloadProgress(model.Name, start, model.Bytes);
        byte[] buffer = new byte[BufferBytes];
        for (long done = start; ;)
        {
            timeout.CancelAfter(options.Timeout);
            // The synchronous Read does not heed cancellation.
            int read = source.ReadAsync(buffer, timeout.Token).AsTask().GetAwaiter().GetResult();
            cancellationToken.ThrowIfCancellationRequested();
            if (read == 0)
            {
                progress.Clear();
                if (done < model.Bytes)
                    throw new IOException($"The connection ended after {done} of {model.Bytes} bytes.");
                return;
            }

            done += read;
            if (done > model.Bytes)
            {
                target.Dispose();
                Discard();
                throw new GivenUp($"the server sends more than the model's {model.Bytes} bytes: that is not the file");
            }

            target.Write(buffer, 0, read);
            progress.Report(done);
        }
    }

    private static void Check(HttpResponseMessage response)
    {
        if (response.IsSuccessStatusCode)
            return;
        string status = $"the server answers {(int)response.StatusCode} {response.ReasonPhrase}";
        // What a server says of itself may pass; what it says of the request will not.
        throw (int)response.StatusCode is >= 500 or 408 or 429 ? new IOException(status + ".") : new GivenUp(status);
    }

    /// <summary>Gives the part its name if its SHA-256 is right; throws it away otherwise.</summary>
    private bool Finish()
    {
        if (!model.Is(Part))
        {
            Discard();
            return false;
        }

        // In this order: a whole part needs its tag no more, and a tag without its part would stay for ever.
        File.Delete(PartTag);
        File.Move(Part, path, overwrite: true);
        return true;
    }

    private void Discard()
    {
        File.Delete(PartTag);
        File.Delete(Part);
    }

    private IOException Failure(string why, int attempts, Exception inner) => new(
        $"'{model.Name}' cannot be fetched from {Address} (tried {attempts} time{(attempts == 1 ? "" : "s")}): {why.TrimEnd('.')}. "
        + (File.Exists(Part) ? "What has come is kept; the next attempt goes on from there. " : "")
        + $"Without a network: fetch the file elsewhere and put it at '{path}'. "
        + $"Another source is named by --url or {ModelZoo.AddressVariable}, a proxy by HTTPS_PROXY.", inner);

    private static string Megabytes(long bytes) => (bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture);

    /// <summary>Trying again will not help.</summary>
    private sealed class GivenUp(string message) : Exception(message);
}
