using GradCamSharp.Methods;

namespace GradCamSharp.Tests.Methods;

public sealed class NamedNumbersTests
{
    [Theory]
    [InlineData("", 1156539639830188822)]
    [InlineData("road/a.jpg", 3875976270983434110)]
    public void Named_Purpose_IsAStreamOfItsHash(string purpose, ulong seed) =>
        Assert.Equal(new RandomNumbers(seed).Bits(0), RandomNumbers.Named(1, purpose).Bits(0));

    [Fact]
    public void Order_OfTen_IsTheDefinitions() => Assert.Equal([8, 4, 3, 7, 0, 1, 5, 9, 6, 2], new RandomNumbers(1).Order(10));

    [Fact]
    public void Order_OfMany_HoldsEachOnce() => Assert.Equal(Enumerable.Range(0, 5000), new RandomNumbers(9).Order(5000).Order());

    [Fact]
    public void Order_OfNone_IsEmpty() => Assert.Empty(new RandomNumbers(9).Order(0));
}
