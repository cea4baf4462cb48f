using GradCamSharp.Web.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using static GradCamSharp.Web.Hosting.RefusedException;

namespace GradCamSharp.Web.Serving;

/// <summary>
/// Takes the picture, or the film, out of a multipart form: in memory alone, never on disk, and without regard to the name that the client
/// gives it.
/// </summary>
internal sealed class PictureForm(PictureMemory memory, ExplainQueue queue, TimeSpan timeout, string field, string kind)
{
    private const int LongestBoundary = 70;

    /// <summary>Reads the body.</summary>
    /// <returns>The field; the caller disposes.</returns>
    /// <exception cref="RefusedException">
    /// It is no form, or not one with a picture and nothing else; it came too slowly; there is no memory for it.
    /// </exception>
    public async Task<ArrivingPicture> Read(HttpRequest request, CancellationToken cancellationToken)
    {
        string boundary = Boundary(request);
        var picture = memory.Begin();
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, picture.GivenUp);
            limit.CancelAfter(timeout);
            await Fill(picture, new MultipartReader(boundary, request.Body), limit.Token);
            picture.Settle();
            return picture;
        }
        catch (Exception e)
        {
            bool isGivenUp = picture.GivenUp.IsCancellationRequested;
            picture.Dispose();
            if (e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                throw isGivenUp ? queue.Full("The memory for pictures is full, and this one has been arriving for the longest.")
                    : new RefusedException(StatusCodes.Status408RequestTimeout, "The body did not arrive in time.");
            }

            if (e is InvalidDataException or IOException and not BadHttpRequestException)
                throw BadRequest($"The body is no whole multipart form: {e.Message}");
            throw;
        }
    }

    private async Task Fill(ArrivingPicture picture, MultipartReader reader, CancellationToken cancellationToken)
    {
        bool isThere = false;
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
        {
            string? name = ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)
                ? HeaderUtilities.RemoveQuotes(disposition.Name).Value : null;
            if (name != field)
            {
                throw BadRequest($"The form has a field '{Shown(name)}'; it takes the {kind} as '{field}' and nothing else. "
                    + "Method, class, layer and model stand in the query.");
            }

            if (isThere)
                throw BadRequest($"The form has two fields '{field}'. Send one {kind} a request.");
            isThere = true;
            if (!await picture.Fill(section.Body, cancellationToken))
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw queue.Full("The memory for pictures is full.");
            }
        }

        if (!isThere)
            throw BadRequest($"The form has no field '{field}'. Send the {kind} as it, as curl -F {field}=@FILE does.");
    }

    private string Boundary(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            throw new RefusedException(StatusCodes.Status415UnsupportedMediaType,
                $"The body is to be multipart/form-data with the {kind} as '{field}', as curl -F {field}=@FILE sends it.");
        }

        string boundary = HeaderUtilities.RemoveQuotes(type.Boundary).ToString();
        return boundary.Length is > 0 and <= LongestBoundary
            ? boundary : throw BadRequest($"The Content-Type multipart/form-data has no boundary of 1 to {LongestBoundary} characters.");
    }
}
