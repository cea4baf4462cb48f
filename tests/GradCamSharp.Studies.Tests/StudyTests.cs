using GradCamSharp.Studies;

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
        Assert.Contains("not finished", Assert.Throws<InvalidDataException>(() => Study.Load(folder)).Message, StringComparison.Ordinal);
    }
}
