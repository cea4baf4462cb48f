namespace GradCamSharp.Tests.Analysis;

public class LayerFinderTests
{
    // "features" is the last layer in front of pooling and classifier. Others where the network goes on making features: two_branch,
    // segmentation and detector_heads; and swin, whose last layer norm still has its positions.
    [Theory]
    [InlineData("alexnet_caffe", "features")]
    [InlineData("vgg", "features")]
    [InlineData("vgg_bn_unfolded", "features")]
    [InlineData("resnet", "features")]
    [InlineData("resnet_v1_unfolded", "features")]
    [InlineData("resnext", "features")]
    [InlineData("resnet_preact", "features")]
    [InlineData("squeezenet", "features")]
    [InlineData("inception", "features")]
    [InlineData("densenet", "features")]
    [InlineData("mobilenet_v1", "features")]
    [InlineData("mobilenet_v2", "features")]
    [InlineData("mobilenet_v3", "features")]
    [InlineData("efficientnet", "features")]
    [InlineData("shufflenet_v2", "features")]
    [InlineData("regnet", "features")]
    [InlineData("two_branch", "/head/Add_output_0")]
    [InlineData("tiny_gradients", "features")]
    [InlineData("huge_scores", "features")]
    [InlineData("lse_pool", "features")]
    [InlineData("gmp_head", "features")]
    [InlineData("c3d_video", "features")]
    [InlineData("conv1d_signal", "features")]
    [InlineData("convnext", "features")]
    [InlineData("norms", "features")]
    [InlineData("swin", "/head/norm/LayerNormalization_output_0")]
    [InlineData("vit", "features")]
    [InlineData("activations", "features")]
    [InlineData("pooling", "features")]
    [InlineData("segmentation", "/head/Relu_1_output_0")]
    [InlineData("detector_heads", "/head/b/Conv_output_0")]
    public void Default_CommonTopology_IsLastLayerOfFeatures(string network, string expected)
    {
        using var explainer = new Oracle.OracleCase(network).Load(layer: null);
        TestContext.Current.TestOutputHelper?.WriteLine($"{network}: {explainer.Layer}");
        Assert.Equal(expected, explainer.Layer.Name);
        Assert.NotEmpty(explainer.Layer.Reason);
        Assert.Contains(explainer.FindLayers(), l => l.Name == expected);
    }

    [Fact]
    public void Default_AttentionWithPositionsInFront_IsInTheLastBlock()
    {
        var (model, normalised) = PositionsInFront.Build(blocks: 3);
        using var explainer = Explainer.From(model, new ExplainerOptions());
        Assert.Equal(normalised[2], explainer.Layer.Name);
        Assert.Equal("tokens:2x3", explainer.Layer.Format.Name());
        Assert.Subset(explainer.FindLayers().Select(l => l.Name).ToHashSet(), normalised.ToHashSet());
    }

    [Fact]
    public void Layers_ReadByManyThreads_AreOneList()
    {
        using var explainer = new Oracle.OracleCase("vit").Load(layer: null);
        var lists = new IReadOnlyList<GradCamSharp.Layers.Layer>[32];
        Parallel.For(0, lists.Length, i => lists[i] = explainer.FindLayers());
        Assert.NotEmpty(lists[0]);
        Assert.All(lists, l => Assert.Same(lists[0], l));
    }
}
