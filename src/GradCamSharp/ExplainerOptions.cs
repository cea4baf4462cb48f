using GradCamSharp.Imaging;
using GradCamSharp.Layers;

namespace GradCamSharp;

/// <summary>How a model is loaded and run.</summary>
public sealed record ExplainerOptions
{
    /// <summary>The ONNX value to explain; null for the last layer of features.</summary>
    public string? Layer { get; init; }

    /// <summary>How the layer is laid out; null to recognise it from its shape and its operators.</summary>
    public LayerFormat? LayerFormat { get; init; }

    /// <summary>
    /// The number of threads of the pool that all explainers of the process share; 0 for one a core. The first explainer decides.
    /// </summary>
    public int Threads { get; init; }

    /// <summary>The execution provider: cpu, cuda, directml or coreml.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>
    /// How many compiled graphs are kept, 1 or more: one for each combination of methods, layer and input size. The least recently used
    /// one goes when another is needed.
    /// </summary>
    public int KeptGraphs { get; init; } = 32;

    /// <summary>
    /// The size of the picture for models that leave height and width open; a model that leaves one of them open takes that one.
    /// </summary>
    public PixelSize OpenInputSize { get; init; } = new(224, 224);
}
