using GradCamSharp.Audit.Clustering;
using GradCamSharp.Audit.Scanning;
using GradCamSharp.Audit.Tests.Scanning;

namespace GradCamSharp.Audit.Tests.Clustering;

public sealed class ClusterTests
{
    private static readonly Embedding Points = Embedding.Of(SyntheticPictures.Maps);

    [Fact]
    public void NeighbourGraph_OfPrototypePoints_HasItsEigenvalues()
    {
        double[] expected =
        [
            0, 0.3078254862608198, 0.7156649326398119, 0.8628986383317198, 0.9081619318765398, 0.9401994249257403, 0.9736349734808691,
        ];
        var graph = new NeighbourGraph(Points, 1);
        Assert.Equal(expected.Length, graph.Values.Length);
        Assert.All(expected.Zip(graph.Values), pair => Assert.Equal(pair.First, pair.Second, 1e-7));
    }

    [Fact]
    public void Spectral_OfPrototypePoints_PartsAsItDoes()
    {
        int[] groups = Clusters.Spectral(new NeighbourGraph(Points, 1), 1);
        Assert.Equal(2, groups.Distinct().Count());
        Assert.Single(groups.Take(10).Distinct());
        Assert.Single(groups.Skip(10).Distinct());
    }

    [Fact]
    public void Silhouette_OfPrototypePoints_IsThePrototypes()
    {
        int[] groups = [.. Enumerable.Repeat(0, 10), .. Enumerable.Repeat(1, 8), .. Enumerable.Repeat(2, 6)];
        Assert.Equal(0.28468764295453475, Silhouette.Of(Clusters.Distances(Points), groups).Average(), 1e-9);
    }

    [Fact]
    public void Groups_OfThreeHeaps_AreTheHeaps()
    {
        double[] points = [0, 0, 0.1, 0, 0, 0.1, 5, 5, 5.1, 5, 5, 5.1, -4, 6, -4.1, 6, -4, 6.1];
        int[] groups = KMeans.Groups(points, 2, 3, 1);
        Assert.Equal(3, groups.Distinct().Count());
        Assert.All(groups.Chunk(3), heap => Assert.Single(heap.Distinct()));
        Assert.Equal(groups, KMeans.Groups(points, 2, 3, 1));
    }

    [Fact]
    public void Groups_OfEqualPoints_DoNotFail() => Assert.Equal(4, KMeans.Groups([1, 1, 1, 1], 1, 2, 1).Length);

    [Fact]
    public void Eigen_OfASymmetricMatrix_GivesItBack()
    {
        double[,] matrix = { { 4, 1, -2 }, { 1, 3, 0.5 }, { -2, 0.5, 1 } };
        var (values, vectors) = SymmetricMatrix.Eigen((double[,])matrix.Clone());
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
                Assert.Equal(matrix[i, j], Enumerable.Range(0, 3).Sum(k => values[k] * vectors[i, k] * vectors[j, k]), 1e-12);
        }
    }
}
