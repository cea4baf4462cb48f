namespace GradCamSharp.DependencyInjection;

/// <summary>Which model a service explains, and how it is loaded and run.</summary>
public sealed class GradCamOptions
{
    /// <summary>The .onnx file; relative paths start from the current directory.</summary>
    public string ModelPath { get; set; } = "";

    /// <summary>torch, torchvision, caffe, tf, unit or a JSON file; null to look beside the model and into its metadata.</summary>
    public string? Preprocessing { get; set; }

    /// <summary>A labels file; null to look beside the model and into its metadata.</summary>
    public string? Labels { get; set; }

    /// <summary>The layer, threads and device.</summary>
    public ExplainerOptions Explainer { get; set; } = new();
}
