using System.Collections.Immutable;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Records;
using GradCamSharp.Imaging;
using GradCamSharp.Runtime;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Evaluation.Experiments;

/// <summary>
/// Measures pictures: decodes and prepares them, makes all maps in one forward pass, and leaves it to an experiment what is measured on
/// these.
/// </summary>
/// <remarks>A measure keeps its buffers; it serves one thread at a time.</remarks>
/// <param name="context">What all measures of the run share.</param>
/// <param name="cancellationToken">Stops what is being measured: a picture may take hundreds of passes.</param>
internal abstract class PictureMeasure(RunContext context, CancellationToken cancellationToken)
{
    private readonly RelativePaths paths = new(context.Data.Root);
    private readonly float[] input = new float[context.Batch * context.InputLength];

    protected RunContext Context => context;

    /// <summary>Measures the pictures of a batch.</summary>
    /// <param name="pictures">The pictures that could be prepared; their inputs are in the batch's buffer.</param>
    /// <returns>For each picture its rows.</returns>
    protected abstract IReadOnlyList<PictureRow>[] Measure(IReadOnlyList<Prepared> pictures);

    /// <summary>
    /// Measures a batch of pictures. What is wrong with a picture for good becomes its row; what may be over the next time postpones it.
    /// </summary>
    /// <exception cref="OperationCanceledException">The run was cancelled; nothing of the batch is a result.</exception>
    public MeasuredBatch Measure(ReadOnlySpan<RunPicture> pictures)
    {
        var rows = new IReadOnlyList<PictureRow>[pictures.Length];
        var postponed = new List<PostponedPicture>();
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
            catch (Exception e) when (Failures.Of(e) is not null)
            {
                Fail(e, i, pictures[i], rows, postponed);
            }
        }

        if (prepared.Count > 0 && postponed.Count == 0)
            MeasurePrepared(prepared, rows, postponed);
        return postponed.Count > 0 ? new MeasuredBatch([], postponed) : new MeasuredBatch(rows, []);
    }

    /// <summary>All maps of the batch's first pictures by one forward pass.</summary>
    /// <exception cref="InvalidDataException">A score is not finite.</exception>
    protected MapBatch Explain(int count, IReadOnlyList<ClassRequest> classes)
    {
        var maps = context.Passes.Explain(
            input.AsMemory(0, count * context.InputLength), context.InputShape(count), classes, cancellationToken);
        ThrowUnlessFinite(maps.Scores, "the picture");
        return maps;
    }

    /// <summary>The class scores of a batch of inputs.</summary>
    /// <param name="batch">The inputs, row by row.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="what">What they are, for the message where a score is not finite.</param>
    /// <exception cref="InvalidDataException">A score is not finite.</exception>
    protected IReadOnlyList<ImmutableArray<float>> Predict(Memory<float> batch, int count, string what)
    {
        var scores = context.Passes.Predict(batch, context.InputShape(count), cancellationToken);
        ThrowUnlessFinite(scores, what);
        return scores;
    }

    /// <summary>The input of one picture of the batch.</summary>
    protected Memory<float> Input(int item) => input.AsMemory(item * context.InputLength, context.InputLength);

    /// <summary>A class that is not measured, or a picture without any.</summary>
    protected static UnmeasuredRow Unmeasured(Prepared picture, string? dataSetClass = null) =>
        new(picture.Source.Index, picture.Source.Picture.Id, dataSetClass);

    /// <summary>Which picture, class and method a row is of.</summary>
    protected Explained Explained(Prepared picture, string? dataSetClass, long @class, int method, float score, bool isEmpty) => new(
        picture.Source.Index, picture.Source.Picture.Id, dataSetClass, @class, context.Explainer.Labels[@class],
        context.Methods.Names[method], score, isEmpty);

    /// <summary>The boxes of the data set's classes that the model's class is.</summary>
    protected IReadOnlyList<PixelBox> BoxesOf(Prepared picture, long @class) => [.. context.Data.Objects(picture.Source.Picture)
        .Where(o => context.Mapping.IndicesOf(o.Class).Contains((int)@class)).Select(o => o.Box)];

    private void MeasurePrepared(
        List<Prepared> prepared, IReadOnlyList<PictureRow>[] rows, List<PostponedPicture> postponed)
    {
        try
        {
            var measured = Measure(prepared);
            for (int i = 0; i < prepared.Count; i++)
                rows[prepared[i].Place] = measured[i];
        }
        catch (Exception e) when (Failures.Of(e) is not null && prepared.Count == 1)
        {
            Fail(e, prepared[0].Place, prepared[0].Source, rows, postponed);
        }
        catch (Exception e) when (Failures.Of(e) is not null)
        {
            // One picture of a batch fails it: find out which, each by itself.
            foreach (var one in prepared)
            {
                var single = Measure([one.Source]);
                postponed.AddRange(single.Postponed);
                if (single.Postponed.Count == 0)
                    rows[one.Place] = single.Rows[0];
            }
        }
    }

    private void Fail(
        Exception error, int place, RunPicture picture, IReadOnlyList<PictureRow>[] rows, List<PostponedPicture> postponed)
    {
        string reason = paths.In(error.Message, picture.Picture);
        if (Failures.Of(error) == FailureKind.Transient)
            postponed.Add(new PostponedPicture(picture.Picture.Id, reason));
        else
            rows[place] = [new FailedRow(picture.Index, picture.Picture.Id, reason)];
    }

    // A mean over thousands of pictures is lost where one of them is not a number.
    internal static void ThrowUnlessFinite(IReadOnlyList<ImmutableArray<float>> scores, string what)
    {
        foreach (var own in scores)
        {
            // A score of minus infinity is a probability of 0.
            if (own.Any(score => !(score <= float.MaxValue)))
                throw new InvalidDataException(
                    $"The model's scores on {what} are not finite numbers: its own activations overflow there. Check its weights.");
        }
    }

    /// <summary>A picture that is ready for the network.</summary>
    /// <param name="Place">Its place in its batch as it was given.</param>
    /// <param name="Source">The picture.</param>
    /// <param name="Picture">What the network sees of it.</param>
    protected sealed record Prepared(int Place, RunPicture Source, PreparedPicture Picture);
}
