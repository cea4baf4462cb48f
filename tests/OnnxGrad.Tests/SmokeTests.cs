namespace OnnxGrad.Tests;

public class SmokeTests
{
    [Fact]
    public void Nothing() => Assert.Equal(1L, new Protobuf.ModelProto { IrVersion = 1 }.IrVersion);
}
