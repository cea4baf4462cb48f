namespace GradCamSharp.Compilation;

/// <summary>The keys under which an exported model's metadata (metadata_props) says what is inside.</summary>
public static class ExportMetadata
{
    /// <summary>The methods' names, separated by commas, in the order of their outputs.</summary>
    public const string Methods = "gradcam.methods";

    /// <summary>The layer that is explained, by its name in the original model.</summary>
    public const string Layer = "gradcam.layer";

    /// <summary>How classes are chosen: <c>top3</c> for the three most probable ones, or <c>input</c>.</summary>
    public const string Classes = "gradcam.classes";

    /// <summary>What is explained, where that is no class of a classifier: a target as docs/targets.md writes it.</summary>
    public const string Target = "gradcam.target";

    /// <summary>The version of GradCamSharp that wrote the file.</summary>
    public const string Version = "gradcam.version";

    /// <summary>The SHA-256 of the original model's .onnx file, in lower-case hexadecimal; absent where it came from memory.</summary>
    public const string SourceSha256 = "gradcam.source.sha256";

    /// <summary>The original model's file name.</summary>
    public const string SourceName = "gradcam.source.name";
}
