namespace GradCamSharp.Tests.Layers;

public class LayerFinderTests
{
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
    [InlineData("two_branch", "features")]
    [InlineData("tiny_gradients", "features")]
    [InlineData("huge_scores", "features")]
    [InlineData("lse_pool", "features")]
    [InlineData("gmp_head", "features")]
    [InlineData("c3d_video", "features")]
    [InlineData("conv1d_signal", "features")]
    [InlineData("convnext", "features")]
    [InlineData("norms", "features")]
    [InlineData("swin", "features")]
    [InlineData("vit", "features")]
    [InlineData("activations", "features")]
    [InlineData("pooling", "features")]
    [InlineData("shapes", "features")]
    [InlineData("segmentation", "features")]
    [InlineData("detector_heads", "features")]
    public void Default_CommonTopology_IsLastLayerOfFeatures(string network, string expected)
    {
        using var explainer = new Oracle.OracleCase(network).Load(layer: null);
        TestContext.Current.TestOutputHelper?.WriteLine($"{network}: {explainer.Layer}");
        Assert.Equal(expected, explainer.Layer.Name);
    }
}
