using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GradCamSharp.Studies;

/// <summary>How a study is written as JSON, and how the first form of it is read.</summary>
internal static class StudyJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>SHA-256 of a document, in hexadecimal digits.</summary>
    public static string Sha256<T>(T value) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(value, Options)));

    /// <summary>Whether a recipe has the first form, in which labels, mapping and annotations are missing.</summary>
    public static bool IsFirstRecipe(JsonObject recipe) => recipe.ContainsKey("model_sha256");

    /// <summary>
    /// Reads a study of the first form. Its answers belong to it by the hash of that form, so that this stays; what the form does not have
    /// is left empty.
    /// </summary>
    /// <exception cref="JsonException">It is no study of that form.</exception>
    public static Study ReadFirst(JsonObject document)
    {
        var hashed = document.DeepClone().AsObject();
        if (hashed.ContainsKey("texts"))
            hashed["texts"] = JsonSerializer.SerializeToNode(new StudyTexts(), Options);
        if (document["recipe"] is not JsonObject recipe || !IsFirstRecipe(recipe))
            throw new JsonException("it has no recipe.");
        var upgraded = document.DeepClone().AsObject();
        upgraded["recipe"] = new JsonObject
        {
            ["model"] = new JsonObject
            {
                ["file"] = Copy("model"),
                ["sha256"] = Copy("model_sha256"),
                ["layer"] = Copy("layer"),
                ["layer_format"] = "",
                ["head"] = "",
                ["classes"] = 0,
                ["labels"] = "",
                ["device"] = "",
            },
            ["preprocessing"] = Copy("preprocessing"),
            ["data"] = new JsonObject
            {
                ["kind"] = "",
                ["root"] = Copy("images"),
                ["pictures"] = Copy("data_set_pictures"),
                ["sha256"] = Copy("data_set_sha256"),
                ["mapping"] = null,
                ["difficult"] = null,
                ["image_set"] = Copy("image_set"),
            },
            ["methods"] = Copy("methods"),
            ["classes"] = Copy("classes"),
            ["class_count"] = Copy("class_count"),
            ["per_class"] = Copy("per_class"),
            ["seed"] = Copy("seed"),
            ["versions"] = new JsonObject { ["gradcam"] = "", ["onnx_runtime"] = "" },
        };
        var study = upgraded.Deserialize<Study>(Options) ?? throw new JsonException("it is null.");
        return study with { FirstFingerprint = Sha256(hashed) };

        JsonNode? Copy(string name) => recipe[name]?.DeepClone();
    }
}
