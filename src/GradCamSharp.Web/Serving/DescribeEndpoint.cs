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
internal sealed class DescribeEndpoint(ServeOptions options, ModelShelf models, PictureSource pictures, ExplainQueue queue)
{
    private static readonly string[] Known = ["model", "picture", "other", "token"];

    public async Task Describe(HttpContext context)
    {
        var query = context.Request.Query;
        ExplainQuery.CheckNames(query, Known);
        var model = models.Find(ExplainQuery.One(query, "model"));
        var other = ExplainQuery.One(query, "other") is { } handle ? pictures.Named(handle) : null;
        var document = await pictures.Run(
            context, ExplainQuery.One(query, "picture"), queue,
            (picture, stop) => model.Targets.Use(false, m => Write(model, m, picture(), other, stop), stop), context.RequestAborted);
        await JsonAnswer.Write(context, document);
    }

    private ReadOnlyMemory<byte> Write(
        ServedModel model, PictureTargets targets, Picture picture, Picture? other, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var description = targets.Model.Describe(targets.Model.Zeros(options.Inputs), cancellationToken);
        var reading = targets.Read(picture, options.Inputs, cancellationToken);
        double? similarity = other is null ? null : Math.Round(TensorPrimitives.CosineSimilarity(
            targets.Embed(picture, options.Inputs, cancellationToken), targets.Embed(other, options.Inputs, cancellationToken)), 6);
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
        if (similarity is { } cosine)
            json.WriteNumber("similarity", cosine);
        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenMemory;
    }
}
