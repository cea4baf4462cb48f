using GradCamSharp.Web.Hosting;
using Microsoft.AspNetCore.Http;

namespace GradCamSharp.Web.Serving;

/// <summary>The models named at start. A request chooses one of them by name; no path ever comes from a request.</summary>
internal sealed class ModelShelf : IDisposable
{
    private readonly List<ServedModel> models = [];

    /// <summary>Loads the models.</summary>
    public ModelShelf(ServeOptions options, RunsUnderWay runs)
    {
        try
        {
            foreach (var source in options.Models)
            {
                if (models.Any(m => m.Source.Name == source.Name))
                    throw new ArgumentException($"Two models are called '{source.Name}'. Give each a name of its own.");
                models.Add(new ServedModel(source, options, runs));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public IReadOnlyList<ServedModel> All => models;

    /// <summary>The model of a name; the first where none is named.</summary>
    /// <exception cref="RefusedException">There is no such model.</exception>
    public ServedModel Find(string? name) => name is null ? models[0] : models.Find(m => m.Source.Name == name)
        ?? throw new RefusedException(StatusCodes.Status404NotFound,
            $"No such model is served. The models are {string.Join(", ", models.Select(m => m.Source.Name))}.");

    public void Dispose() => models.ForEach(m => m.Dispose());
}
