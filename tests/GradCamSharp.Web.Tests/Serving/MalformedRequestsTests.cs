using System.Globalization;
using GradCamSharp.Web.Tests.Hosting;

namespace GradCamSharp.Web.Tests.Serving;

public sealed class MalformedRequestsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    /// <summary>GRADCAM_MALFORMED_REQUESTS=5000 sends them all.</summary>
    private static readonly int Count = int.Parse(
        Environment.GetEnvironmentVariable("GRADCAM_MALFORMED_REQUESTS") ?? "600", CultureInfo.InvariantCulture);

    [Fact]
    public async Task EveryMalformedRequest_IsRefusedWithAReason_AndTheServerLives()
    {
        await Parallel.ForAsync(0, Count, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, stop) =>
        {
            var (what, request) = new MalformedRequests(i).Next();
            using var response = await api.Client.SendAsync(request, stop);
            int status = (int)response.StatusCode;
            Assert.True(status is >= 400 and < 500, $"Request {i}, {what}: {status} {await response.Content.ReadAsStringAsync(stop)}");
            Assert.NotEqual("", await RunningServer.Reason(response));
        });
        var result = (await api.Explain("")).GetProperty("results")[0];
        Assert.Equal("umbrella", result.GetProperty("predictions")[0].GetProperty("label").GetString());
    }
}
