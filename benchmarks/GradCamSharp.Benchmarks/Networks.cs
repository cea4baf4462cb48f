using OnnxGrad;

namespace GradCamSharp.Benchmarks;

/// <summary>The networks of the papers at full size, batch normalisation folded into the convolutions as exporters do.</summary>
internal static class Networks
{
    /// <summary>VGG-16 (Simonyan and Zisserman, arXiv 1409.1556).</summary>
    public static byte[] Vgg16()
    {
        var net = new NetworkBuilder("vgg16");
        var x = net.Input();
        foreach (var (channels, depth) in new[] { (64, 2), (128, 2), (256, 3), (512, 3), (512, 3) })
        {
            for (int i = 0; i < depth; i++)
                x = net.Conv(x, channels, kernel: 3, pad: 1).Relu();
            x = x.MaxPool([2, 2], Window.Square(stride: 2));
        }

        x = net.Dense(net.Flatten(x), 4096).Relu();
        return net.Finish(net.Dense(net.Dense(x, 4096).Relu(), 1000));
    }

    /// <summary>AlexNet as published: two groups, local response normalisation, overlapping pooling (Krizhevsky et al., 2012).</summary>
    public static byte[] AlexNet()
    {
        var net = new NetworkBuilder("alexnet");
        var x = net.Lrn(net.Conv(net.Input(), 96, kernel: 11, stride: 4, pad: 2).Relu()).MaxPool([3, 3], Window.Square(stride: 2));
        x = net.Lrn(net.Conv(x, 256, kernel: 5, pad: 2, group: 2).Relu()).MaxPool([3, 3], Window.Square(stride: 2));
        x = net.Conv(x, 384, kernel: 3, pad: 1).Relu();
        x = net.Conv(x, 384, kernel: 3, pad: 1, group: 2).Relu();
        x = net.Conv(x, 256, kernel: 3, pad: 1, group: 2).Relu().MaxPool([3, 3], Window.Square(stride: 2));
        x = net.Dense(net.Flatten(x), 4096).Relu();
        return net.Finish(net.Dense(net.Dense(x, 4096).Relu(), 1000));
    }

    /// <summary>ResNet-50 (He et al., arXiv 1512.03385), the stride in the 3x3 convolution as in torchvision.</summary>
    public static byte[] ResNet50()
    {
        var net = new NetworkBuilder("resnet50");
        var x = net.Conv(net.Input(), 64, kernel: 7, stride: 2, pad: 3).Relu().MaxPool([3, 3], Window.Square(stride: 2, pad: 1));
        foreach (var (channels, depth, first) in new[] { (64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2) })
        {
            for (int i = 0; i < depth; i++)
            {
                int stride = i == 0 ? first : 1;
                var skip = i == 0 ? net.Conv(x, 4 * channels, kernel: 1, stride, gain: 0.7) : x;
                var branch = net.Conv(net.Conv(x, channels, kernel: 1).Relu(), channels, kernel: 3, stride, pad: 1).Relu();
                x = (net.Conv(branch, 4 * channels, kernel: 1, gain: 0.3) + skip).Relu();
            }
        }

        return net.Finish(net.Dense(net.Flatten(net.GlobalAverage(x)), 1000));
    }

    /// <summary>MobileNet v2 (Sandler et al., arXiv 1801.04381).</summary>
    public static byte[] MobileNetV2()
    {
        var net = new NetworkBuilder("mobilenet_v2");
        var x = net.Relu6(net.Conv(net.Input(), 32, kernel: 3, stride: 2, pad: 1));
        (int Expand, int Channels, int Depth, int First)[] stages =
        [
            (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
        ];
        foreach (var (expand, channels, depth, first) in stages)
        {
            for (int i = 0; i < depth; i++)
            {
                var before = x;
                long hidden = expand * x.Shape[1].Value;
                var wide = expand == 1 ? x : net.Relu6(net.Conv(x, hidden, kernel: 1));
                var deep = net.Relu6(net.Conv(wide, hidden, kernel: 3, stride: i == 0 ? first : 1, pad: 1, group: hidden));
                bool residual = i > 0;
                x = net.Conv(deep, channels, kernel: 1, gain: residual ? 0.3 : 0.7);
                if (residual)
                    x += before;
            }
        }

        x = net.Relu6(net.Conv(x, 1280, kernel: 1));
        return net.Finish(net.Dense(net.Flatten(net.GlobalAverage(x)), 1000));
    }

    /// <summary>A small vision transformer: patches of 16, 12 blocks of width 384, 6 heads (Touvron et al., arXiv 2012.12877).</summary>
    public static byte[] VisionTransformer()
    {
        const long Width = 384, Heads = 6, Tokens = 197;
        var net = new NetworkBuilder("vit_small");
        var patches = net.Conv(net.Input(), Width, kernel: 16, stride: 16).Reshape(new Shape(1, Width, Tokens - 1)).TransposeMatrix();
        var x = Tensor.Concat(1, net.Embedding(1, Width), patches) + net.Embedding(Tokens, Width);
        for (int i = 0; i < 12; i++)
        {
            var normal = net.LayerNormal(x);
            var weights = (Head(net.Rows(normal, Width)) * Math.Sqrt((double)Heads / Width))
                .MatMul(Head(net.Rows(normal, Width)).TransposeMatrix()).Softmax(3);
            var mixed = weights.MatMul(Head(net.Rows(normal, Width))).Transpose([0, 2, 1, 3]).Reshape(new Shape(1, Tokens, Width));
            x += net.Rows(mixed, Width, gain: 0.5);
            var hidden = net.Rows(net.LayerNormal(x), 4 * Width);
            x += net.Rows(hidden * ((hidden * Math.Sqrt(0.5)).Erf() + 1) * 0.5, Width, gain: 0.5);
        }

        return net.Finish(net.Dense(net.LayerNormal(x).Slice(1, 0, 1).Reshape(new Shape(1, Width)), 1000));

        static Tensor Head(Tensor rows) => rows.Reshape(new Shape(1, Tokens, Heads, Width / Heads)).Transpose([0, 2, 1, 3]);
    }

    /// <summary>SqueezeNet 1.1 (Iandola et al., arXiv 1602.07360).</summary>
    public static byte[] SqueezeNet()
    {
        var net = new NetworkBuilder("squeezenet1_1");
        var x = Pooled(net.Conv(net.Input(), 64, kernel: 3, stride: 2).Relu());
        x = Pooled(Fire(Fire(x, 16, 64), 16, 64));
        x = Pooled(Fire(Fire(x, 32, 128), 32, 128));
        x = Fire(Fire(Fire(Fire(x, 48, 192), 48, 192), 64, 256), 64, 256);
        return net.Finish(net.Flatten(net.GlobalAverage(net.Conv(x, 1000, kernel: 1).Relu())));

        static Tensor Pooled(Tensor x) => x.MaxPool([3, 3], Window.Square(stride: 2));

        Tensor Fire(Tensor input, long squeeze, long expand)
        {
            var narrow = net.Conv(input, squeeze, kernel: 1).Relu();
            return Tensor.Concat(1, net.Conv(narrow, expand, kernel: 1).Relu(), net.Conv(narrow, expand, kernel: 3, pad: 1).Relu());
        }
    }
}
