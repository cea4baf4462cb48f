using GradCamSharp.Imaging;
using GradCamSharp.Layers;
using GradCamSharp.Runs;
using GradCamSharp.Runtime;
using OnnxGrad;

namespace GradCamSharp;

/// <summary>How a model is loaded and run.</summary>
public sealed record ExplainerOptions
{
    /// <summary>The ONNX value to explain; null for the last layer of features.</summary>
    public string? Layer { get; init; }

    /// <summary>Who named <see cref="Layer"/>, as the layer's own reason is to say it; null for the caller.</summary>
    public string? LayerReason { get; init; }

    /// <summary>How the layer is laid out; null to recognise it from its shape and its operators.</summary>
    public LayerFormat? LayerFormat { get; init; }

    /// <summary>
    /// The number of threads of the pool that all explainers of the process share; 0 for one a core. The first explainer decides.
    /// </summary>
    public int Threads { get; init; }

    /// <summary>The devices' names.</summary>
    public static IReadOnlyList<string> Devices => ComputeDevice.Names;

    /// <summary>The execution provider: one of <see cref="Devices"/>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>
    /// Whether ONNX Runtime may change the graph before it runs it: fuse operators, fold constants, lay channels out in blocks. Without,
    /// runs are slower, and every operator computes what its definition says; maps differ by rounding alone.
    /// </summary>
    public bool GraphOptimizations { get; init; } = true;

    /// <summary>
    /// How many compiled graphs are kept, 1 or more: one for each combination of methods, layer and input size. The least recently used
    /// one goes when another is needed.
    /// </summary>
    public int KeptGraphs { get; init; } = 32;

    /// <summary>
    /// The operators that are known, with their gradient rules: add those of a domain of your own. By default those of the standard, for a
    /// device that computes in 16-bit floats (coreml) with rules that these can hold.
    /// </summary>
    public OperatorRegistry Operators
    {
        get => field ?? (Device == "coreml" ? StandardOperators.HalfPrecision : StandardOperators.Registry);
        init;
    }

    /// <summary>
    /// How many input sizes beside the first one keep their graphs, 1 or more, for models of open height and width. The least recently used
    /// size goes when another is needed.
    /// </summary>
    public int KeptSizes { get; init; } = 3;

    /// <summary>The output that holds the class scores; null to choose it where only one can.</summary>
    public string? Output { get; init; }

    /// <summary>Is told how far methods are that run the network many times, from the thread that explains; null for nobody.</summary>
    public IProgress<RunProgress>? Progress { get; init; }

    /// <summary>
    /// The size of the picture for models that leave height and width open; a model that leaves one of them open takes that one.
    /// </summary>
    public PixelSize OpenInputSize { get; init; } = new(224, 224);
}
