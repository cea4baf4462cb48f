using GradCamSharp.Studies;
using GradCamSharp.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace GradCamSharp.Web.Studies;

/// <summary>Serves a study: the participants' page behind personal links, the operator's behind the server's token.</summary>
public static class StudyServer
{
    private const long LargestBody = 4096;

    /// <summary>Makes the server; it is not started yet.</summary>
    /// <param name="binding">Where it listens; it has to have a token, which is the operator's.</param>
    /// <param name="folder">The study's folder.</param>
    /// <param name="study">The study.</param>
    /// <param name="store">Its answers.</param>
    /// <returns>The application; the caller disposes.</returns>
    /// <exception cref="ArgumentException">There is no token.</exception>
    /// <exception cref="InvalidDataException">A picture of the study is missing.</exception>
    public static WebApplication Create(Binding binding, string folder, Study study, AnswerStore store)
    {
        ArgumentNullException.ThrowIfNull(binding);
        ArgumentNullException.ThrowIfNull(study);
        if (binding.Token is null)
            throw new ArgumentException("The operator's page needs a token, also on this machine alone.", nameof(binding));
        string root = Path.GetFullPath(folder);
        CheckPictures(root, study);
        var app = WebServer.Build(
            WebServer.CreateBuilder(binding, LargestBody), binding, "The operator's page is /operator; it makes the participants' links.");
        var assets = new EmbeddedAssets("study/", EmbeddedAssets.Shared);
        foreach (string name in assets.Names.Where(n => !n.EndsWith(".html", StringComparison.Ordinal)))
            assets.MapFile(app, "/study/" + name, name, OpenToAll.Mark);
        assets.MapFile(app, "/", "welcome.html", OpenToAll.Mark);
        assets.MapFile(app, "/p/{key}", "participant.html", OpenToAll.Mark);
        assets.MapFile(app, "/operator", "operator.html");
        app.MapGet("/healthz", context => context.Response.WriteAsync("ok")).WithMetadata(OpenToAll.Mark);
        new ParticipantApi(study, root, store).Map(app);
        new OperatorApi(study, store).Map(app);
        return app;
    }

    private static void CheckPictures(string root, Study study)
    {
        string? missing = study.Pictures.SelectMany(p => (string[])[p.Original, p.MapA, p.MapB])
            .FirstOrDefault(name => !File.Exists(Path.Combine(root, Study.PicturesFolder, name)));
        if (missing is not null)
            throw new InvalidDataException(
                $"The study's picture '{Path.Combine(root, Study.PicturesFolder, missing)}' is missing. Restore the folder.");
    }
}
