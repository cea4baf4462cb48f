using System.Buffers;
using System.Numerics.Tensors;
using System.Text.Json;
using GradCamSharp.Imaging;
using GradCamSharp.Output;
using Microsoft.AspNetCore.Http;

namespace GradCamSharp.Web.Serving;

/// <summary>
/// <c>POST /api/describe</c>: what a model does, why that is thought, and what it says of a picture: detections, masks, key points, in the
/// original picture's pixels.
/// </summary>
internal sealed class DescribeEndpoint(ModelShelf models, PictureSource pictures, ExplainQueue queue)
{
    private static readonly string[] Known = ["model", "picture", "other", "text", "token"];

    public async Task Describe(HttpContext context)
    {
        var query = context.Request.Query;
        ExplainQuery.CheckNames(query, Known);
        var model = models.Find(ExplainQuery.One(query, "model"));
        model.CheckTakesPictures();
        var texts = Asked.TextsOf(query, model);
        var other = ExplainQuery.One(query, "other") is { } handle ? pictures.Named(handle) : null;
        var document = await pictures.Run(
            context, ExplainQuery.One(query, "picture"), queue,
            (picture, stop) => model.Targets.Use(false, m => Write(model, m, picture(), other, texts, stop), stop), context.RequestAborted);
        await JsonAnswer.Write(context, document);
    }

    private static ReadOnlyMemory<byte> Write(
        ServedModel model, PictureTargets targets, Picture picture, Picture? other, IReadOnlyList<string> given,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var texts = model.Compare(targets, picture, given, cancellationToken);
        var inputs = texts is null ? model.Inputs : model.Inputs.SetItems(texts.Inputs);
        var description = targets.Model.Describe(targets.Model.Zeros(inputs), cancellationToken);
        var reading = targets.Read(picture, inputs, cancellationToken);
        var scores = texts?.Scores(reading.Predictions) ?? [];
        reading = reading with { Predictions = ExplainedPicture.Labelled(reading.Predictions, texts) };
        double? similarity = other is null ? null : Math.Round(TensorPrimitives.CosineSimilarity(
            targets.Embed(picture, inputs, cancellationToken), targets.Embed(other, inputs, cancellationToken)), 6);
        var bytes = new ArrayBufferWriter<byte>(4096);
        using var json = new Utf8JsonWriter(bytes, ExplanationJson.Options(isIndented: false));
        json.WriteStartObject();
        json.WriteString("model", model.Source.Name);
        DescriptionJson.WriteModel(json, description, targets.Model.OtherInputs);
        json.WriteString("method", description.Method.Name);
        json.WriteString("preprocessing", targets.PreprocessingSource);
        json.WriteString("labels", targets.SidecarFiles.LabelsSource);
        ExplainDocument.WriteGeometry(json, targets.Preprocessing.Prepare(picture).Geometry);
        DescriptionJson.WriteReading(json, reading);
        ExplainDocument.WriteTexts(json, scores);
        if (similarity is { } cosine)
            json.WriteNumber("similarity", cosine);
        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenMemory;
    }
}
