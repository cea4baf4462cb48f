using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Records;
using GradCamSharp.Imaging;
using GradCamSharp.Runtime;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Evaluation.Runs;

/// <summary>All rows of one picture.</summary>
internal sealed record MeasuredPicture(IReadOnlyList<MeasurementRecord> Rows);

/// <summary>
/// Measures pictures: decodes and prepares them, makes all maps in one forward pass, and leaves it to a kind of run what is measured on
/// these.
/// </summary>
/// <remarks>A measure keeps its buffers; it serves one thread at a time.</remarks>
/// <param name="context">What all measures of the run share.</param>
/// <param name="cancellationToken">Stops what is being measured: a picture may take hundreds of passes.</param>
internal abstract class PictureMeasure(RunContext context, CancellationToken cancellationToken)
{
    private readonly RelativePaths paths = new(context.Data.Root);
    private readonly float[] input = new float[context.Options.Batch * context.InputLength];

    protected RunContext Context => context;

    /// <summary>Measures the pictures of a batch.</summary>
    /// <param name="pictures">The pictures that could be prepared; their inputs are in the batch's buffer.</param>
    /// <returns>For each picture its rows.</returns>
    protected abstract IReadOnlyList<MeasurementRecord>[] Measure(IReadOnlyList<Prepared> pictures);

    /// <summary>Measures a batch of pictures. What is wrong with a picture becomes its row.</summary>
    /// <returns>In the pictures' order.</returns>
    /// <exception cref="OperationCanceledException">The run was cancelled; nothing of the batch is a result.</exception>
    public MeasuredPicture[] Measure(ReadOnlySpan<RunPicture> pictures)
    {
        var results = new MeasuredPicture[pictures.Length];
        var prepared = new List<Prepared>(pictures.Length);
        for (int i = 0; i < pictures.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                var picture = context.Explainer.Preprocessing.Prepare(pictures[i].Picture.Path);
                if (picture.Input.Width * picture.Input.Height * context.Explainer.Channels != context.InputLength)
                    throw new ModelException(
                        $"Prepared it has {picture.Input.Size} pixels, which the model's input {context.InputShape(1)} does not take.");
                picture.WriteTo(Input(prepared.Count).Span, context.Explainer.Channels, context.Model.Input.IsChannelsLast);
                prepared.Add(new Prepared(i, pictures[i], picture));
            }
            catch (Exception e) when (IsThePictures(e))
            {
                results[i] = Failed(pictures[i], e);
            }
        }

        if (prepared.Count > 0)
        {
            try
            {
                var rows = Measure(prepared);
                for (int i = 0; i < prepared.Count; i++)
                    results[prepared[i].Place] = new MeasuredPicture(rows[i]);
            }
            catch (Exception e) when (IsThePictures(e) && prepared.Count == 1)
            {
                results[prepared[0].Place] = Failed(prepared[0].Source, e);
            }
            catch (Exception e) when (IsThePictures(e))
            {
                // One picture of a batch fails it: find out which, each by itself.
                foreach (var one in prepared)
                    results[one.Place] = Measure([one.Source])[0];
            }
        }

        return results;
    }

    /// <summary>All maps of the batch's first pictures by one forward pass.</summary>
    protected MapBatch Explain(int count, IReadOnlyList<ClassRequest> classes) =>
        context.Passes.Explain(input.AsMemory(0, count * context.InputLength), context.InputShape(count), classes, cancellationToken);

    /// <summary>The class scores of a batch of inputs.</summary>
    protected float[][] Predict(Memory<float> batch, int count) =>
        context.Passes.Predict(batch, context.InputShape(count), cancellationToken);

    /// <summary>The input of one picture of the batch.</summary>
    protected Memory<float> Input(int item) => input.AsMemory(item * context.InputLength, context.InputLength);

    /// <summary>A row that says which picture and class it is about.</summary>
    protected MeasurementRecord Row(Prepared picture, string? dataSetClass = null, long? @class = null) => new()
    {
        Index = picture.Source.Index,
        Picture = picture.Source.Picture.Id,
        Object = dataSetClass,
        Class = @class,
        Label = @class is { } index ? context.Explainer.Labels[index] : null,
    };

    private static bool IsThePictures(Exception e) =>
        e is PictureException or ModelException or InvalidDataException or IOException or UnauthorizedAccessException;

    private MeasuredPicture Failed(RunPicture picture, Exception e) => new([new MeasurementRecord
    {
        Index = picture.Index,
        Picture = picture.Picture.Id,
        Error = paths.In(e.Message, picture.Picture),
    }]);

    /// <summary>A picture that is ready for the network.</summary>
    /// <param name="Place">Its place in its batch as it was given.</param>
    /// <param name="Source">The picture.</param>
    /// <param name="Picture">What the network sees of it.</param>
    protected sealed record Prepared(int Place, RunPicture Source, PreparedPicture Picture);
}
