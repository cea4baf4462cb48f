namespace OnnxGrad;

/// <summary>How a model is written.</summary>
public sealed record SaveOptions
{
    /// <summary>
    /// Whether weights of 1 KiB and more go into a second file beside the model, <c>name.onnx.data</c>; else only where one
    /// file cannot hold them (2 GiB).
    /// </summary>
    public bool ExternalData { get; init; }

    /// <summary>
    /// Whether float32 weights of 1 KiB and more are stored as float16, each behind a Cast that ONNX Runtime folds when it loads the model:
    /// half the size, and arithmetic stays in 32 bits. A weight is rounded to 11 significant bits; a tensor with a value that float16
    /// cannot hold (above 65504) stays as it is.
    /// </summary>
    public bool Float16Weights { get; init; }
}
