using GradCamSharp.Web.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using static GradCamSharp.Web.Hosting.RefusedException;

namespace GradCamSharp.Web.Serving;

/// <summary>
/// Takes the picture out of a multipart form: in memory alone, never on disk, and without regard to the name that the client gives it.
/// </summary>
internal static class PictureForm
{
    private const string Field = "image";
    private const int LongestBoundary = 70;

    /// <summary>Reads the body.</summary>
    /// <returns>The bytes of the field <c>image</c>, at its start.</returns>
    /// <exception cref="RefusedException">It is no form, or not one with a picture and nothing else.</exception>
    public static async Task<MemoryStream> Read(HttpRequest request, TimeSpan patience, CancellationToken cancellationToken)
    {
        string boundary = Boundary(request);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        MemoryStream? picture = null;
        try
        {
            var reader = new MultipartReader(boundary, request.Body);
            while (await reader.ReadNextSectionAsync(limit.Token) is { } section)
            {
                string? name = ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)
                    ? HeaderUtilities.RemoveQuotes(disposition.Name).Value : null;
                if (name != Field)
                {
                    throw BadRequest($"The form has a field '{Shown(name)}'; it takes the picture as '{Field}' and nothing else. "
                        + "Method, class, layer and model stand in the query.");
                }

                if (picture is not null)
                    throw BadRequest($"The form has two fields '{Field}'. Send one picture a request.");
                picture = new MemoryStream((int)Math.Min(request.ContentLength ?? 0, 1 << 20));
                await section.Body.CopyToAsync(picture, limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RefusedException(StatusCodes.Status408RequestTimeout, "The body did not arrive in time.");
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw BadRequest($"The body is no whole multipart form: {e.Message}");
        }

        if (picture is null)
            throw BadRequest($"The form has no field '{Field}'. Send the picture as it, as curl -F {Field}=@photo.jpg does.");
        picture.Position = 0;
        return picture;
    }

    private static string Boundary(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            throw new RefusedException(StatusCodes.Status415UnsupportedMediaType,
                $"The body is to be multipart/form-data with the picture as '{Field}', as curl -F {Field}=@photo.jpg sends it.");
        }

        string boundary = HeaderUtilities.RemoveQuotes(type.Boundary).ToString();
        return boundary.Length is > 0 and <= LongestBoundary
            ? boundary : throw BadRequest($"The Content-Type multipart/form-data has no boundary of 1 to {LongestBoundary} characters.");
    }
}
