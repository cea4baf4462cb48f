namespace OnnxGrad.Tests.Values;

public class DimensionTests
{
    private static readonly Dimension N = Dimension.Batch, H = new("H");

    [Fact]
    public void Arithmetic_KnownLengths_IsThatOfNumbers()
    {
        Dimension a = 7;
        Assert.Equal([9, 5, 14, 3], new[] { a + 2, a - 2, a * 2, a / 2 }.Select(d => d.Value));
        Assert.Equal(7, (long)a);
        Assert.Equal(7, a.GetValueOrDefault(1));
    }

    [Fact]
    public void Arithmetic_OneSymbol_StaysExact()
    {
        Assert.Equal(N * 12, N * 3 * 4);
        Assert.Equal(N, (N * 6) / 6);
        Assert.Equal(N, N + 2 - 2);
        Assert.Equal(N * 2 + 1, N + (N + 1));
        Assert.Equal(0, N - N);
        Assert.Equal(H * 2 - 1, (H * 4 - 2) / 2);
        Assert.Equal("2*N + 1", (N * 2 + 1).ToString());
    }

    [Fact]
    public void Arithmetic_ThatIsNotExact_IsASymbolOfItsOwn()
    {
        Assert.NotEqual(H, (H / 2) * 2);
        Assert.Equal((H - 1) / 2, (H - 1) / 2);
        Assert.Equal(N * H, H * N);
        Assert.NotEqual(N + H, N * H);
        Assert.All([H / 2, N * H, N + H, 5 - H], d => Assert.False(d.IsKnown));
    }

    [Fact]
    public void Value_Symbol_IsRefusedByName()
    {
        var e = Assert.Throws<UnknownLengthException>(() => (H * 2).Value);
        Assert.Contains("'2*H'", e.Message, StringComparison.Ordinal);
        Assert.Equal(1, H.GetValueOrDefault(1));
    }

    [Fact]
    public void Length_BelowZero_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dimension(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Shape(-1, 3));
        Assert.Throws<ModelException>(() => new Dimension(2) - 3);
    }

    [Fact]
    public void Broadcast_SymbolAndNumber_FollowsTheRule()
    {
        Assert.Equal(new Shape(N, 3), Shape.Broadcast(new Shape(N, 1), new Shape(3)));
        Assert.Equal(new Shape(4, 3), Shape.Broadcast(new Shape(N, 3), new Shape(4, 1)));
        Assert.Throws<ModelException>(() => Shape.Broadcast(new Shape(N), new Shape(H)));
    }
}
