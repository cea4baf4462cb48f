using System.Net;
using GradCamSharp.Web.Tests.Hosting;

namespace GradCamSharp.Web.Tests.Serving;

/// <summary>What is refused; what is answered, PageTests look at.</summary>
public sealed class CompareEndpointTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("""{"pictures":["00000000000000000000000000000000"]}""", HttpStatusCode.BadRequest, "name 2 to 200")]
    [InlineData("""{"pictures":["a","b"],"methods":["rise"]}""", HttpStatusCode.BadRequest, "run the network once")]
    [InlineData("""{"pictures":["a","b"],"methods":["gradcan"]}""", HttpStatusCode.BadRequest, "gradcam")]
    [InlineData("""{"pictures":["a","b"],"methods":["gradcam"]}""", HttpStatusCode.Gone, "Send it again")]
    [InlineData("""{"model":"none","pictures":["a","b"]}""", HttpStatusCode.NotFound, "No such model")]
    public async Task Compare_WrongRequest_IsRefusedWithTheReason(string body, HttpStatusCode status, string reason)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await api.Client.PostAsync("/api/compare", content);
        Assert.Equal(status, response.StatusCode);
        Assert.Contains(reason, await RunningServer.Reason(response), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_Compare_IsServed()
    {
        string page = await api.Client.GetStringAsync("/compare");
        Assert.Contains("Which map should I believe?", page, StringComparison.Ordinal);
        Assert.Contains("export const compare", await api.Client.GetStringAsync("/page/api.js"), StringComparison.Ordinal);
    }
}
