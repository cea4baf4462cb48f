using System.Text.Json.Nodes;
using GradCamSharp.Evaluation.Experiments;
using GradCamSharp.Evaluation.Runs;
using GradCamSharp.Evaluation.Tests.Experiments;

namespace GradCamSharp.Evaluation.Tests.Runs;

public sealed class ManifestFileTests
{
    [Fact]
    public void Read_WhatWriteWrote_IsTheSameRun()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        var manifest =
            Manifests.Localization([0, 0.25], "gradcam++", "centre") with { Limit = 5, Shard = "2/3", Command = "gradcam evaluate 'ä'" };
        ManifestFile.Write(folder, manifest);
        var read = ManifestFile.Read(folder);
        Assert.Empty(manifest.Differences(read));
        Assert.Equal(manifest.Command, read.Command);
        Assert.Equal(manifest.Identity().Sha256, read.Identity().Sha256);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Differences_OtherModelAndMethods_AreNamed()
    {
        var one = Manifests.Faithfulness("gradcam++", "gradcam");
        var other = one with { Model = one.Model with { Sha256 = "ff", File = "elsewhere.onnx" }, Methods = ["gradcam"], Command = "x" };
        Assert.Equal(["methods is [\"gradcam++\",\"gradcam\"], not [\"gradcam\"]", "model.sha256 is \"00\", not \"ff\""],
            one.Differences(other));
        Assert.NotEqual(one.Identity().Sha256, other.Identity().Sha256);
    }

    [Fact]
    public void Differences_Digests_AreShortened()
    {
        var one = Manifests.Faithfulness("cam");
        one = one with { Model = one.Model with { Sha256 = new string('a', 64) } };
        var other = one with { Model = one.Model with { Sha256 = new string('b', 64) } };
        Assert.Equal(["model.sha256 is \"aaaaaaaaaaaa...\", not \"bbbbbbbbbbbb...\""], one.Differences(other));
    }

    [Fact]
    public void Differences_SameRunElsewhere_AreNone()
    {
        var one = Manifests.Faithfulness("cam");
        Assert.Empty(one.Differences(one with { Data = one.Data with { Root = "/mnt" }, Command = "other" }));
    }

    [Fact]
    public void Differences_MergedFromParts_AreNone()
    {
        var one = Manifests.Faithfulness("cam") with { Command = "measure" };
        var merged = one with { Command = "merge", Parts = [new ManifestPart("a", "1/2", "measure a"), new ManifestPart("b", "2/2", "")] };
        Assert.Empty(one.Differences(merged));
        Assert.Equal(one.Identity().Sha256, merged.Identity().Sha256);
        Assert.Equal("measure", one.MeasuredBy);
        Assert.Equal("measure a", merged.MeasuredBy);
    }

    [Fact]
    public void Read_MergedFromManyParts_HasThemAll()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        string command = "gradcam evaluate faithfulness " + new string('x', 200);
        var manifest = Manifests.Faithfulness("cam") with
        {
            Parts = [.. Enumerable.Range(1, 20_000).Select(i => new ManifestPart($"part-{i}", $"{i}/20000", command))],
        };
        ManifestFile.Write(folder, manifest);
        Assert.Equal(manifest.Parts, ManifestFile.Read(folder).Parts);
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"format\": 3}")]
    [InlineData("null")]
    public void Read_NoManifest_IsRefusedWithThePath(string text)
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        File.WriteAllText(Path.Combine(folder, RunFiles.Manifest), text);
        Assert.Contains(folder, Assert.Throws<InvalidDataException>(() => ManifestFile.Read(folder)).Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Read_OtherFormat_IsRefused()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        ManifestFile.Write(folder, Manifests.Faithfulness("cam"));
        string path = Path.Combine(folder, RunFiles.Manifest);
        var json = JsonNode.Parse(File.ReadAllText(path))!;
        json["format"] = 3;
        File.WriteAllText(path, json.ToJsonString());
        Assert.Contains("version", Assert.Throws<InvalidDataException>(() => ManifestFile.Read(folder)).Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    // As the version before wrote it: the options of all experiments side by side.
    [Fact]
    public void Read_ManifestOfTheFirstFormat_IsTheSameRun()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        File.WriteAllText(Path.Combine(folder, RunFiles.Manifest), """
            {
              "format": 1,
              "kind": "localization",
              "model": {
                "file": "m.onnx", "sha256": "00", "layer": "layer", "layer_format": "nchw", "head": "softmax", "classes": 10,
                "labels": "11", "device": "cpu"
              },
              "methods": ["gradcam++", "centre"],
              "metrics": [],
              "deltas": [0, 0.25],
              "table_deltas": [0, 0.25],
              "preprocessing": { "scale": 0.003921569 },
              "mask_space": null,
              "classes": "top5",
              "data": {
                "kind": "folder", "root": "/data", "pictures": 3, "sha256": "22", "mapping": null, "difficult": null, "image_set": null
              },
              "limit": 5,
              "seed": 0,
              "batch": 1,
              "shard": null,
              "versions": { "gradcam": "1", "onnx_runtime": "2" },
              "command": "gradcam evaluate localization",
              "parts": []
            }
            """);
        var read = ManifestFile.Read(folder);
        Assert.Empty(read.Differences(Manifests.Localization([0, 0.25], "gradcam++", "centre") with { Limit = 5 }));
        Assert.Equal("gradcam evaluate localization", read.Command);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Write_AManifest_HoldsTheHashOfItsIdentity()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        var manifest = Manifests.Faithfulness("cam");
        ManifestFile.Write(folder, manifest with { Command = "any" });
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, RunFiles.Manifest)))!;
        Assert.Equal(manifest.Identity().Sha256, json["identity"]!.GetValue<string>());
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Read_UnknownExperiment_IsRefusedByName()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        ManifestFile.Write(folder, Manifests.Faithfulness("cam"));
        string path = Path.Combine(folder, RunFiles.Manifest);
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"faithfulness\"", "\"telepathy\"", StringComparison.Ordinal));
        var e = Assert.Throws<InvalidDataException>(() => ManifestFile.Read(folder));
        Assert.Contains("telepathy", e.Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }
}
