using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GradCamSharp.Web.Serving;

/// <summary><c>/api/pictures</c>: keeps a picture, which further requests name by the handle that it answers, and forgets it.</summary>
internal sealed class PicturesEndpoint(PictureSource pictures, ExplainQueue queue, KeptPictures kept)
{
    public async Task<Created<KeptDocument>> Keep(HttpContext context)
    {
        var picture = await pictures.Run(context, null, queue, (decode, _) => decode(), context.RequestAborted);
        string handle = kept.Keep(picture) ?? throw queue.Full("The memory for pictures is full.");
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created(
            (string?)null, new KeptDocument(handle, picture.Width, picture.Height, (int)kept.Idle.TotalSeconds));
    }

    public NoContent Forget(string picture)
    {
        kept.Forget(picture);
        return TypedResults.NoContent();
    }
}
