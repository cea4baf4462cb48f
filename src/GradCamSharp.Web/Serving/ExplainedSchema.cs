namespace GradCamSharp.Web.Serving;

/// <summary>
/// The shape of what <c>/api/explain</c> answers, for its description; the document itself is written as the command line's.
/// </summary>
/// <param name="Model">The model.</param>
/// <param name="Layer">The layer that was explained.</param>
/// <param name="Results">One result: of the picture.</param>
/// <param name="Timings">How long it took.</param>
internal sealed record ExplainedSchema(string Model, ChosenLayer Layer, IReadOnlyList<ResultSchema> Results, TimingsSchema Timings);

/// <summary>What a model says of a picture, and why.</summary>
/// <param name="Input">Always <c>image</c>.</param>
/// <param name="Geometry">Where the network's input lies in the picture.</param>
/// <param name="Predictions">The most probable classes.</param>
/// <param name="Explanations">All methods of the first class or target, then of the next.</param>
/// <param name="Task">What the model does, where it is explained by targets.</param>
/// <param name="Detections">What a detector reports.</param>
/// <param name="Notes">What a reader should know.</param>
/// <param name="Texts">How well each text of the request fits, in their order.</param>
internal sealed record ResultSchema(
    string Input, GeometrySchema Geometry, IReadOnlyList<PredictionSchema> Predictions, IReadOnlyList<ExplanationSchema> Explanations,
    string? Task = null, IReadOnlyList<DetectionSchema>? Detections = null, IReadOnlyList<string>? Notes = null,
    IReadOnlyList<TextSchema>? Texts = null);

/// <summary>Where the network's input lies in the picture.</summary>
/// <param name="Original">The picture's width and height.</param>
/// <param name="Resized">Its width and height after resizing.</param>
/// <param name="Crop">The part of that which the network saw: x, y, width, height.</param>
internal sealed record GeometrySchema(IReadOnlyList<int> Original, IReadOnlyList<int> Resized, IReadOnlyList<int> Crop);

/// <summary>A class that is predicted.</summary>
/// <param name="Index">The class.</param>
/// <param name="Label">Its name.</param>
/// <param name="Probability">From 0 to 1.</param>
/// <param name="Score">Before softmax or sigmoid.</param>
internal sealed record PredictionSchema(long Index, string Label, float Probability, float Score);

/// <summary>The explanation of a class by a method.</summary>
/// <param name="Method">The method.</param>
/// <param name="Parameters">Its parameters, by name.</param>
/// <param name="Class">The class; absent where the target is of none.</param>
/// <param name="Shape">Of the raw map: height and width of the layer; channels, height and width in pixel space.</param>
/// <param name="Min">The least value.</param>
/// <param name="Max">The largest value.</param>
/// <param name="Empty">No positive evidence for this class at this layer.</param>
/// <param name="Box">The largest connected part above half of the maximum, in the picture's pixels: x, y, width, height.</param>
/// <param name="Files">Empty; the command line lists its files here.</param>
/// <param name="Map">With <c>maps=float32</c>.</param>
/// <param name="Png">With <c>maps=png</c> or <c>maps=overlay</c>: the picture, in base64.</param>
/// <param name="Target">What is explained, where that is more than a class.</param>
/// <param name="Layer">The layer of this map, where each target has its own.</param>
/// <param name="Residual">By how much a map does not sum to the change of the score that it should.</param>
internal sealed record ExplanationSchema(
    string Method, IReadOnlyDictionary<string, object> Parameters, IReadOnlyList<long> Shape, float Min, float Max,
    bool Empty, IReadOnlyList<int>? Box, IReadOnlyDictionary<string, string> Files, ClassSchema? Class = null, MapSchema? Map = null,
    string? Png = null, TargetSchema? Target = null, string? Layer = null, double? Residual = null);

/// <summary>What is explained.</summary>
/// <param name="Spec">The target as it was asked for.</param>
/// <param name="Slug">The target in file names.</param>
/// <param name="Value">The number S.</param>
/// <param name="Words">Which detection or class it is.</param>
internal sealed record TargetSchema(string Spec, string Slug, double Value, string? Words = null);

/// <summary>A text, and how well it fits the picture.</summary>
/// <param name="Text">The text.</param>
/// <param name="Score">The model's score of it before softmax, or the cosine of both vectors.</param>
/// <param name="Probability">From 0 to 1 among these texts; absent where there are vectors alone.</param>
internal sealed record TextSchema(string Text, double Score, double? Probability = null);

/// <summary>An object that a detector reports.</summary>
/// <param name="Index">Its rank, from 0: box:0 is the most confident.</param>
/// <param name="Class">Its class.</param>
/// <param name="Label">The class's name.</param>
/// <param name="Score">From 0 to 1.</param>
/// <param name="Box">Left, top, right and bottom edge, in the picture's pixels.</param>
/// <param name="Where">The numbers of the outputs that it was read from.</param>
/// <param name="Keypoints">x, y and, where there is one, a score for each of its key points.</param>
internal sealed record DetectionSchema(
    int Index, long Class, string Label, double Score, IReadOnlyList<double> Box, string Where,
    IReadOnlyList<IReadOnlyList<double>>? Keypoints = null);

/// <summary>A class.</summary>
/// <param name="Index">The class.</param>
/// <param name="Label">Its name.</param>
internal sealed record ClassSchema(long Index, string Label);

/// <summary>A raw map: not normalised, signed in pixel space.</summary>
/// <param name="Dtype">Always <c>&lt;f4</c>: float32, little-endian.</param>
/// <param name="Shape">Its shape; the values are in C order.</param>
/// <param name="Data">The values, in base64.</param>
internal sealed record MapSchema(string Dtype, IReadOnlyList<long> Shape, string Data);

/// <summary>How long it took.</summary>
/// <param name="LoadMs">Always 0: the model was loaded before.</param>
/// <param name="RunMs">From the first byte decoded to the maps, in milliseconds.</param>
internal sealed record TimingsSchema(double LoadMs, double RunMs);
