namespace GradCamSharp.Web.Serving;

/// <summary>The shape of what <c>/api/describe</c> answers, for its description: the document of <c>gradcam describe --json</c>.</summary>
/// <param name="Model">The model.</param>
/// <param name="Task">What it does; "not recognised" where no family of outputs fits.</param>
/// <param name="Head">The family of its outputs.</param>
/// <param name="Reason">What it was recognised by.</param>
/// <param name="Target">The target that is explained where none is named.</param>
/// <param name="Targets">The targets that it has, as an example each.</param>
/// <param name="Input">The picture's input.</param>
/// <param name="OtherInputs">The other inputs: name, type and shape.</param>
/// <param name="Outputs">The outputs: name, type and shape.</param>
/// <param name="Method">The method that is used where none is named.</param>
/// <param name="Preprocessing">Where the preprocessing comes from.</param>
/// <param name="Labels">Where the labels come from.</param>
/// <param name="Geometry">Where the network's input lies in the picture.</param>
/// <param name="Detections">The objects that a detector reports.</param>
/// <param name="Masks">The masks of classes, detections or prompts.</param>
/// <param name="Keypoints">The key points of a model of heat maps.</param>
/// <param name="Predictions">The most probable classes, texts or masks.</param>
/// <param name="Summary">What else it says.</param>
/// <param name="Similarity">The cosine of this picture's vector and the other one's, where one was named.</param>
/// <param name="Texts">How well each text fits, where some were named, in their order.</param>
internal sealed record DescribedSchema(
    string Model, string Task, string Head, string Reason, string? Target, string Targets, InputSchema Input,
    IReadOnlyList<string> OtherInputs, IReadOnlyList<string> Outputs, string Method, string Preprocessing, string? Labels,
    GeometrySchema Geometry, IReadOnlyList<DetectionSchema> Detections, IReadOnlyList<MaskSchema> Masks,
    IReadOnlyList<KeypointSchema> Keypoints, IReadOnlyList<PredictionSchema> Predictions, string Summary, double? Similarity = null,
    IReadOnlyList<TextSchema>? Texts = null);

/// <summary>The picture's input.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Declared">Its shape as the file has it.</param>
/// <param name="Shape">Its shape as it is used.</param>
internal sealed record InputSchema(string Name, string Type, string Declared, IReadOnlyList<long> Shape);

/// <summary>A mask.</summary>
/// <param name="Target">The target that it stands for.</param>
/// <param name="Label">Its class, or which mask it is.</param>
/// <param name="Score">A detection's score, a mask's estimated quality, or the share of the picture that a class has.</param>
/// <param name="Size">Columns and rows of the grid that lies over the whole picture.</param>
/// <param name="Counts">Row by row, how many cells lie outside, then inside, then outside ... .</param>
internal sealed record MaskSchema(string Target, string Label, double Score, IReadOnlyList<int> Size, IReadOnlyList<int> Counts);

/// <summary>A key point.</summary>
/// <param name="Target">The target that it stands for.</param>
/// <param name="Label">Its name.</param>
/// <param name="X">The column, in the picture's pixels.</param>
/// <param name="Y">The row.</param>
/// <param name="Score">The heat map's maximum.</param>
internal sealed record KeypointSchema(string Target, string Label, double X, double Y, double Score);
