using GradCamSharp.Methods;
using OnnxGrad;

namespace GradCamSharp.Tests.Methods;

/// <summary>Methods are values; their parameters can be read and set by name.</summary>
public class MethodParameterTests
{
    public static TheoryData<string> Names => [.. CamMethods.All.Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void With_EveryParametersOwnText_GivesAnEqualMethod(string name)
    {
        var method = CamMethods.Find(name);
        foreach (var parameter in method.Parameters)
        {
            Assert.Equal(method, method.With(parameter.Name, parameter.TextOf(method)));
            Assert.Matches("^[a-z][a-z0-9_]*$", parameter.Name);
            Assert.All([parameter.Range, parameter.Meaning], t => Assert.False(string.IsNullOrWhiteSpace(t)));
            Assert.NotNull(parameter.ValueOf(method));
        }

        Assert.Equal(method.Parameters.Count, method.Parameters.Select(p => p.Name).Distinct().Count());
        method.Check();
    }

    [Theory]
    [InlineData("eigencam", "centred", "TRUE", "true")]
    [InlineData("fem", "k", "2.5", "2.5")]
    [InlineData("occlusion", "window", "16x16", "16x16")]
    [InlineData("occlusion", "window", "auto", "auto")]
    [InlineData("integrated-gradients", "baseline", "-1x0.5x0.25", "-1x0.5x0.25")]
    [InlineData("integrated-gradients", "rule", "gauss-legendre", "gauss-legendre")]
    [InlineData("integrated-gradients", "steps", "16", "16")]
    [InlineData("kpcacam", "gamma", "1/K", "1/K")]
    [InlineData("scorecam", "weights", "softmax over channels", "softmax")]
    [InlineData("kernelshap", "coalitions", "all", "all")]
    [InlineData("gradcam", "augment", "true", "true")]
    public void With_AValue_IsReadBack(string method, string name, string text, string expected)
    {
        var changed = CamMethods.Find(method).With(name, text);
        Assert.Equal(expected, changed.Parameters.Single(p => p.Name == name).TextOf(changed));
        Assert.Equal(method, changed.Name);
    }

    [Theory]
    [InlineData("fem", "k", "-1", "'fem.k' takes a number from 0 to 100, not '-1'.")]
    [InlineData("fem", "kk", "1", "has no parameter 'kk'. Did you mean 'k'? It has k, eigen_smooth, augment.")]
    [InlineData("saliency", "k", "1", "The method 'saliency' has no parameters, so no 'k'.")]
    [InlineData("rise", "cells", "0x7", "'rise.cells' takes lengths from 1 on")]
    [InlineData("rise", "masks", "2.5", "'rise.masks' takes a whole number from 1 to 1000000, not '2.5'.")]
    [InlineData("reciprocam", "score", "logits", "'reciprocam.score' takes logit or probability, not 'logits'.")]
    public void With_WhatIsNoValue_SaysWhatIs(string method, string name, string text, string message) => Assert.Contains(
        message, Assert.Throws<ArgumentException>(() => CamMethods.Find(method).With(name, text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Equals_MethodsOfOneTypeAndValues_AreOneMethod()
    {
        Assert.Equal(new Fem { K = 3 }, CamMethods.Find("fem").With("k", "3"));
        Assert.NotEqual<ExplanationMethod>(new Fem { K = 3 }, new Fem());
        Assert.Equal(new Occlusion { Window = new NumberList(16, 8) }, new Occlusion { Window = new NumberList(16, 8) });
        Assert.Equal(new GradCam(), new GradCam().With("augment", "true").With("augment", "false"));
        Assert.Equal("fem(k=3, eigen_smooth=false, augment=false)", new Fem { K = 3 }.ToString());
    }

    [Fact]
    public void Explain_PropertyOutsideItsRange_IsRefused()
    {
        using var explainer = Explainer.From(
            TinyNetwork.Linear(new Shape(1, 2, 2, 2), new float[8]), new ExplainerOptions { Layer = "features" });
        Assert.Contains(
            "'fem.k' takes a number from 0 to 100",
            Assert.Throws<ArgumentException>(() => explainer.Explain(
                new float[8], new Shape(1, 2, 2, 2), [new Fem { K = -1 }], [GradCamSharp.Targets.ClassRequest.Top1],
                TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }
}
