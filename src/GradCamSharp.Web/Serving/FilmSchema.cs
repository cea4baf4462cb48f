namespace GradCamSharp.Web.Serving;

/// <summary>The shape of what <c>/api/film</c> answers, for its description.</summary>
/// <param name="Model">The model.</param>
/// <param name="Layer">The layer that was explained.</param>
/// <param name="Results">One result: of the film.</param>
/// <param name="Timings">How long it took.</param>
internal sealed record FilmSchema(string Model, ChosenLayer Layer, IReadOnlyList<FilmResultSchema> Results, TimingsSchema Timings);

/// <summary>What a model of clips says of a film, and why.</summary>
/// <param name="Input">Always <c>film</c>.</param>
/// <param name="Film">The film.</param>
/// <param name="Geometry">Where the network's input lies in a frame as it is answered.</param>
/// <param name="Task">What the model does.</param>
/// <param name="Predictions">The most probable classes of the first clip.</param>
/// <param name="Explanations">All methods of the first target, then of the next.</param>
/// <param name="Notes">What a reader should know.</param>
/// <param name="Frames">The frames.</param>
internal sealed record FilmResultSchema(
    string Input, FilmLengthSchema Film, GeometrySchema Geometry, string Task, IReadOnlyList<PredictionSchema> Predictions,
    IReadOnlyList<FilmExplanationSchema> Explanations, IReadOnlyList<string> Notes, IReadOnlyList<FrameSchema> Frames);

/// <summary>How long a film is, and how it was cut.</summary>
/// <param name="Frames">How many frames it has.</param>
/// <param name="Seconds">How long they are shown.</param>
/// <param name="Clip">How many frames a clip has.</param>
/// <param name="Stride">Every how manieth frame of the film is one of them.</param>
internal sealed record FilmLengthSchema(int Frames, double Seconds, int Clip, int Stride);

/// <summary>The explanation of a target by a method, over the film.</summary>
/// <param name="Method">The method.</param>
/// <param name="Parameters">Its parameters, by name.</param>
/// <param name="Shape">Of a clip's raw map.</param>
/// <param name="Min">The least value of all clips.</param>
/// <param name="Max">The largest.</param>
/// <param name="Empty">No positive evidence in any clip.</param>
/// <param name="Box">Always null: each frame has its own.</param>
/// <param name="Files">Empty.</param>
/// <param name="Parts">The clips.</param>
/// <param name="Class">The class, where it is the same in all clips.</param>
/// <param name="Target">What is explained; its value is the mean of the clips'.</param>
/// <param name="Layer">The layer of the maps.</param>
/// <param name="Maps">A map a frame, unless <c>maps=none</c>.</param>
internal sealed record FilmExplanationSchema(
    string Method, IReadOnlyDictionary<string, object> Parameters, IReadOnlyList<long> Shape, float Min, float Max, bool Empty,
    IReadOnlyList<int>? Box, IReadOnlyDictionary<string, string> Files, IReadOnlyList<FilmPartSchema> Parts, ClassSchema? Class = null,
    TargetSchema? Target = null, string? Layer = null, FilmMapsSchema? Maps = null);

/// <summary>A clip.</summary>
/// <param name="First">Its first frame in the film, of those that no clip before has shown.</param>
/// <param name="Frames">How many frames it shows.</param>
/// <param name="Label">What was explained in it.</param>
/// <param name="Value">The number S.</param>
/// <param name="Empty">No positive evidence.</param>
internal sealed record FilmPartSchema(int First, int Frames, string Label, double Value, bool Empty);

/// <summary>The maps of the frames.</summary>
/// <param name="Form"><c>&lt;f4</c>: values from 0 to 1 over their clip, float32, little-endian, at the layer's resolution; <c>png</c>: the
/// map alone in colours; <c>jpeg</c>: the map on the frame.</param>
/// <param name="Shape">Height and width of a map of values.</param>
/// <param name="Frames">A map a frame, in base64.</param>
internal sealed record FilmMapsSchema(string Form, IReadOnlyList<int> Shape, IReadOnlyList<string> Frames);

/// <summary>A frame.</summary>
/// <param name="Seconds">How long it is shown.</param>
/// <param name="Jpeg">With <c>frames=jpeg</c>: the frame, its longest side 480 pixels at most, in base64.</param>
internal sealed record FrameSchema(double Seconds, string? Jpeg = null);
