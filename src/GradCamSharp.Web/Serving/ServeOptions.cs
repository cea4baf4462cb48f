namespace GradCamSharp.Web.Serving;

/// <summary>A model that is served.</summary>
/// <param name="Name">What requests call it.</param>
/// <param name="Path">Its .onnx file.</param>
/// <param name="Argument">What <c>--model</c> would be on the command line that gives the same result.</param>
public sealed record ModelSource(string Name, string Path, string Argument);

/// <summary>What is served, and what a request may cost.</summary>
public sealed record ServeOptions
{
    /// <summary>The models; the first is the default.</summary>
    public required IReadOnlyList<ModelSource> Models { get; init; }

    /// <summary>Threads and device; the layer is named by requests.</summary>
    public ExplainerOptions Explainer { get; init; } = new();

    /// <summary>How the tool is called in command lines that the page shows.</summary>
    public string Command { get; init; } = "gradcam";

    /// <summary>The most bytes of a request's body: of a picture.</summary>
    public long LargestBody { get; init; } = 32 << 20;

    /// <summary>The most pixels of a picture, checked before any is decoded. Each takes 11 bytes for as long as the request runs.</summary>
    public long MostPixels { get; init; } = 40_000_000;

    /// <summary>How long a request may be read, may wait for its turn, and may run: each of them.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many requests may wait beside those that run; more are told to come again.</summary>
    public int QueueLength { get; init; } = 128;

    /// <summary>How many requests run at once. They share one pool of threads; a second one decodes while the first computes.</summary>
    public int Runs { get; init; } = Math.Max(2, Environment.ProcessorCount);
}
