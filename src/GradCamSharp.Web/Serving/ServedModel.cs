using GradCamSharp.Imaging;
using GradCamSharp.Layers;
using GradCamSharp.Methods;
using OnnxGrad;

namespace GradCamSharp.Web.Serving;

/// <summary>A model with its compiled graphs: one session a graph, a bounded number of them.</summary>
internal sealed class ServedModel : IDisposable
{
    // Each graph holds the weights once: small models keep all their graphs, of large ones a few.
    private const long GraphMemory = 1L << 30;
    private const int FewestGraphs = 2, MostGraphs = 64;
    private readonly int keptGraphs;

    public ServedModel(ModelSource source, ServeOptions options)
    {
        Source = source;
        keptGraphs = (int)Math.Clamp(GraphMemory / Math.Max(1, WeightsOf(source.Path)), FewestGraphs, MostGraphs);
        Explainer = PictureExplainer.Load(
            source.Path, options.Explainer with { KeptGraphs = keptGraphs }, options.Preprocess, options.Labels);
        try
        {
            Layers = LayersDocument.Of(source.Name, ModelLayers.Of(Explainer.Model));
        }
        catch
        {
            Explainer.Dispose();
            throw;
        }
    }

    public ModelSource Source { get; }

    public PictureExplainer Explainer { get; }

    /// <summary>The layers that can be explained.</summary>
    public LayersDocument Layers { get; }

    /// <summary>The layer of a name; the default where none is named.</summary>
    /// <exception cref="ModelException">There is no such layer.</exception>
    public Layer Layer(string? name) => name is null ? Explainer.Model.Layer : Explainer.Model.FindLayer(name);

    /// <summary>Compiles the graphs of the other methods at the default layer, where there is room for all of them.</summary>
    public void WarmAll(CancellationToken cancellationToken)
    {
        var others = CamMethods.All.OfType<GraphMethod>().Where(m => m != CamMethods.Default).ToList();
        if (keptGraphs <= others.Count)
            return;
        foreach (var method in others)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                Explainer.Explain(new Picture(64, 64, new byte[64 * 64 * 3]), [method], cancellationToken: cancellationToken);
            }
            catch (ModelException)
            {
                // It does not apply to this model: who asks for it is told why.
            }
        }
    }

    public void Dispose() => Explainer.Dispose();

    private static long WeightsOf(string path)
    {
        long external = 0;
        foreach (string beside in (string[])[path + ".data", path + "_data"])
            external += File.Exists(beside) ? new FileInfo(beside).Length : 0;
        return new FileInfo(path).Length + external;
    }
}
