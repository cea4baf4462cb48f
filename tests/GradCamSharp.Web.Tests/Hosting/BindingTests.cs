using System.Net;
using GradCamSharp.Web.Hosting;

namespace GradCamSharp.Web.Tests.Hosting;

public sealed class BindingTests
{
    [Fact]
    public void Create_NothingSaid_ListensOnThisMachineAloneWithoutToken()
    {
        var binding = Binding.Create();
        Assert.Equal(IPAddress.Loopback, binding.Address);
        Assert.True(binding.IsLoopback);
        Assert.Null(binding.Token);
    }

    [Theory]
    [InlineData("localhost", "127.0.0.1")]
    [InlineData("::1", "::1")]
    [InlineData("127.0.0.2", "127.0.0.2")]
    public void Create_Loopback_NeedsNoToken(string host, string address)
    {
        var binding = Binding.Create(host);
        Assert.Equal(IPAddress.Parse(address), binding.Address);
        Assert.Null(binding.Token);
    }

    [Fact]
    public void Create_Star_IsNoAddressOfOneProtocol() => Assert.Null(Binding.Create("*").Address);

    [Theory]
    [InlineData("*")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("192.0.2.1")]
    public void Create_BeyondThisMachine_MakesUpATokenOf128Bits(string host)
    {
        var (one, other) = (Binding.Create(host), Binding.Create(host));
        Assert.True(one.IsTokenGenerated);
        Assert.Matches("^[0-9a-f]{32}$", one.Token);
        Assert.NotEqual(one.Token, other.Token);
    }

    [Fact]
    public void Create_TokenGiven_IsKept()
    {
        var binding = Binding.Create("*", 80, "a-good-token");
        Assert.Equal("a-good-token", binding.Token);
        Assert.False(binding.IsTokenGenerated);
    }

    [Theory]
    [InlineData("example.invalid", 0, null)]
    [InlineData(null, -1, null)]
    [InlineData(null, 65536, null)]
    [InlineData(null, 0, "short")]
    [InlineData(null, 0, "with a space")]
    [InlineData(null, 0, "line\nbreak")]
    public void Create_Impossible_SaysWhatIsPossible(string? host, int port, string? token) =>
        Assert.Throws<ArgumentException>(() => Binding.Create(host, port, token));
}
