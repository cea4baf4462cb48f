namespace GradCamSharp.Studies.Tests;

public sealed class StudyTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Load_WhatSaveWrote_IsTheSameStudy()
    {
        var study = TestStudy.Of(2, 3);
        study.Save(folder);
        var loaded = Study.Load(folder);
        Assert.Equal(study.Fingerprint, loaded.Fingerprint);
        Assert.Equal(study.Pictures.Select(p => p.Source), loaded.Pictures.Select(p => p.Source));
        Assert.Equal(study.Texts.Consent, loaded.Texts.Consent);
    }

    [Fact]
    public void Fingerprint_OtherTexts_IsTheSame()
    {
        var study = TestStudy.Of(2, 3);
        Assert.Equal(study.Fingerprint, (study with { Texts = new StudyTexts { Title = "Another", Consent = ["Yes"] } }).Fingerprint);
        Assert.NotEqual(study.Fingerprint, TestStudy.Of(2, 3, seed: 7).Fingerprint);
    }

    [Theory]
    [InlineData("../../etc/passwd.png")]
    [InlineData("/etc/passwd")]
    [InlineData("..png")]
    [InlineData("ABCDEF.png")]
    public void Load_APictureOutOfItsFolder_IsRefused(string name)
    {
        var study = TestStudy.Of(1, 1);
        study.Save(folder);
        string path = Path.Combine(folder, Study.FileName);
        File.WriteAllText(path, File.ReadAllText(path).Replace(study.Pictures[0].MapA, name, StringComparison.Ordinal));
        var error = Assert.Throws<InvalidDataException>(() => Study.Load(folder));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"format\": 1}")]
    public void Load_NoStudy_SaysSo(string json)
    {
        File.WriteAllText(Path.Combine(folder, Study.FileName), json);
        Assert.Contains(Study.FileName, Assert.Throws<InvalidDataException>(() => Study.Load(folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_AnUnfinishedStudy_SaysHowToFinishIt()
    {
        File.WriteAllText(Path.Combine(folder, StudyRecipe.FileName), "{}");
        Assert.Contains("not finished", Assert.Throws<StudyException>(() => Study.Load(folder)).Message, StringComparison.Ordinal);
    }

    // As the version before wrote it. Answers belong to it by the hash of that form.
    [Fact]
    public void Load_AStudyOfTheFirstForm_IsReadAndKeepsItsFingerprint()
    {
        string texts = System.Text.Json.JsonSerializer.Serialize(new StudyTexts(), StudyJson.Options).ReplaceLineEndings("\n  ");
        string json = $$"""
            {
              "format": 1,
              "texts": {{texts}},
              "recipe": {
                "model": "model.onnx",
                "model_sha256": "aa",
                "layer": "features",
                "preprocessing": {
                  "resize": "none",
                  "crop": "none",
                  "values": "RGB",
                  "source": "test"
                },
                "images": "images",
                "image_set": null,
                "data_set_pictures": 1,
                "data_set_sha256": "bb",
                "methods": [
                  "gradcam++",
                  "gradcam"
                ],
                "classes": [
                  "auto"
                ],
                "class_count": 1,
                "per_class": 1,
                "seed": 7
              },
              "classes": [
                {
                  "name": "mug",
                  "data_set_name": "mug",
                  "f1": 0.5
                }
              ],
              "pictures": [
                {
                  "id": "0001",
                  "class": "mug",
                  "source": "0.jpg",
                  "class_index": 0,
                  "label": "mug",
                  "probability": 0.9,
                  "predicted_index": 0,
                  "original": "00000000.png",
                  "map_a": "00000001.png",
                  "map_b": "00000002.png",
                  "empty": []
                }
              ]
            }
            """.ReplaceLineEndings("\n");
        File.WriteAllText(Path.Combine(folder, Study.FileName), json);
        var study = Study.Load(folder);
        byte[] hash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(json));
        Assert.Equal(Convert.ToHexStringLower(hash), study.Fingerprint);
        Assert.Equal(("model.onnx", "features", 7, "gradcam"),
            (study.Recipe.Model.File, study.Recipe.Model.Layer, study.Recipe.Seed, study.MethodB));

        // Other texts are the same study.
        File.WriteAllText(Path.Combine(folder, Study.FileName), json.Replace("Which picture", "What picture", StringComparison.Ordinal));
        Assert.Equal(study.Fingerprint, Study.Load(folder).Fingerprint);
        Assert.Equal("What picture explains it better?", Study.Load(folder).Texts.Title);
    }
}
