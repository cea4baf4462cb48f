using System.Collections.Immutable;

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

    /// <summary>Threads and device, and the layer that is explained where a request names none.</summary>
    public ExplainerOptions Explainer { get; init; } = new();

    /// <summary>What the model does, where it is not recognised: detect, segment ...; null to recognise it.</summary>
    public string? Task { get; init; }

    /// <summary>The input that takes the picture, where several could; null for the only one.</summary>
    public string? PictureInput { get; init; }

    /// <summary>What the inputs beside the picture's are fed; those that follow from the picture may be left out.</summary>
    public ImmutableDictionary<string, InputTensor> Inputs { get; init; } = ImmutableDictionary<string, InputTensor>.Empty;

    /// <summary>The texts that the page begins with, of a model that compares pictures with texts; none for some of its own.</summary>
    public IReadOnlyList<string> Texts { get; init; } = [];

    /// <summary>The text encoder of a model that embeds pictures; null for one that lies beside it.</summary>
    public string? TextModel { get; init; }

    /// <summary>How pictures are prepared for every model: a name or a file; null for what lies beside each.</summary>
    public string? Preprocess { get; init; }

    /// <summary>The labels' file; null for what lies beside each model.</summary>
    public string? Labels { get; init; }

    /// <summary>The words of the command line that give the same result, beside picture, model, method, class and layer.</summary>
    public IReadOnlyList<string> CommandOptions { get; init; } = [];

    /// <summary>How the tool is called in command lines that the page shows.</summary>
    public string Command { get; init; } = "gradcam";

    /// <summary>The most bytes of a request's body: of a picture.</summary>
    public long LargestBody { get; init; } = 32 << 20;

    /// <summary>The most pixels of a picture, checked before any is decoded. Each takes 11 bytes for as long as the request runs.</summary>
    public long MostPixels { get; init; } = 40_000_000;

    /// <summary>
    /// The most bytes of pictures in memory: of bodies that arrive or wait for their turn, and of decoded pictures that are kept for
    /// requests to come. At least <see cref="LeastPictureMemory"/>.
    /// </summary>
    public long PictureMemory { get; init; } = 512 << 20;

    /// <summary>The least of <see cref="PictureMemory"/>: room for one body and one kept picture of the largest sizes.</summary>
    public long LeastPictureMemory => LargestBody + (3 * MostPixels) + (1 << 20);

    /// <summary>How long a picture is kept for which nobody asks.</summary>
    public TimeSpan KeptFor { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a request may be read, may wait for its turn, and may run: each of them.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a request may wait and run, each, whose methods run the network so often that it takes long.</summary>
    public TimeSpan LongTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How many of these run at once; others, that are soon done, do not wait for them.</summary>
    public int LongRuns { get; init; } = 1;

    /// <summary>How many requests may wait beside those that run; more are told to come again.</summary>
    public int QueueLength { get; init; } = 128;

    /// <summary>How many requests run at once. They share one pool of threads; a second one decodes while the first computes.</summary>
    public int Runs { get; init; } = Math.Max(2, Environment.ProcessorCount);
}
