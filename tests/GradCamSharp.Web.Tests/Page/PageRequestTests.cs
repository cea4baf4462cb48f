using GradCamSharp.Imaging;
using GradCamSharp.Web.Hosting;
using GradCamSharp.Web.Tests.Serving;
using Microsoft.Playwright;

namespace GradCamSharp.Web.Tests.Page;

/// <summary>What the page asks of the server, and what it does where that fails.</summary>
public sealed class PageRequestTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string Sample = "#sample=umbrellas.jpg";

    [Fact]
    public async Task Picture_IsSentOnceForAllThatFollows()
    {
        var page = await browser.Open(new Uri(browser.Address, "/healthz"));
        var sent = Count(page, "/api/pictures");
        await Show(page);
        await page.Locator("#classes button").Nth(1).ClickAsync();
        await page.Locator("#classes li:nth-child(2) button[aria-pressed=true]").WaitForAsync();
        await page.GetByLabel("Grad-CAM", new() { Exact = true }).CheckAsync();
        await BrowserFixture.Settle(page);
        Assert.Single(sent);
    }

    [Fact]
    public async Task Picture_ForgottenByTheServer_IsSentAgain()
    {
        var page = await browser.Open(new Uri(browser.Address, "/healthz"));
        var sent = Count(page, "/api/pictures");
        var asked = Count(page, "/api/explain");
        await Show(page);
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        using var client = new HttpClient();
        string handle = asked[0].Split("picture=")[1].Split('&')[0];
        await client.DeleteAsync(new Uri(browser.Address, $"/api/pictures/{handle}"));
        await page.Locator("#classes button").Nth(1).ClickAsync();
        await page.Locator("#classes li:nth-child(2) button[aria-pressed=true]").WaitForAsync();
        Assert.Equal(2, sent.Count);
        Assert.True(await page.Locator("#error").IsHiddenAsync());
    }

    [Fact]
    public async Task Picture_IsForgottenWhenAnotherIsChosen()
    {
        var page = await browser.Open(Sample);
        var forgotten = page.WaitForRequestAsync(r => r.Method == "DELETE");
        await page.Locator("[data-name='birds-and-fish.jpg']").ClickAsync();
        Assert.Contains("/api/pictures/", (await forgotten).Url);
    }

    [Fact]
    public async Task Strip_SharesTheMapsOfThePanels()
    {
        var page = await browser.Open(new Uri(browser.Address, "/healthz"));
        var asked = Count(page, "/api/explain");
        await Show(page, "&model=scenes-resnet");
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        int layers = await page.Locator("#depth button").CountAsync();
        Assert.Equal(layers, asked.Count);

        // The map of a layer in the strip is that of the panel.
        await page.Locator("#depth button").First.ClickAsync();
        await page.Locator("#depth li:first-child button[aria-pressed=true]").WaitForAsync();
        await BrowserFixture.Settle(page);
        Assert.Equal(layers, asked.Count);
    }

    [Fact]
    public async Task Strip_ShowsMapsThatNeverGrow()
    {
        var page = await browser.Open($"{Sample}&model=scenes-resnet");
        await page.Locator("#depth button").First.WaitForAsync();
        int[] sides = [.. (await page.Locator("#depth button span").AllTextContentsAsync())
            .Select(t => int.Parse(t.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.True(sides.Length > 2);
        Assert.Equal(sides.OrderDescending(), sides);
    }

    [Theory]
    [InlineData("**/api/models", "The server does not answer")]
    [InlineData("**/api/layers*", "The server does not answer")]
    [InlineData("**/page/strip.js", "did not arrive")]
    public async Task Start_WhatItNeedsDoesNotArrive_SaysSoOnThePage(string address, string said)
    {
        var page = await browser.Open(new Uri(browser.Address, "/healthz"));
        await page.RouteAsync(address, route => route.AbortAsync());
        await page.GotoAsync(browser.Address.AbsoluteUri);
        await page.Locator("#error").GetByText(said).WaitForAsync();
    }

    [Fact]
    public async Task Start_RefusedByTheServer_SaysItsReason()
    {
        var page = await browser.Open(new Uri(browser.Address, "/healthz"));
        await page.RouteAsync("**/api/models", route => route.FulfillAsync(new RouteFulfillOptions
        {
            Status = 401,
            ContentType = "application/problem+json",
            Body = """{"status":401,"detail":"This server asks for its token."}""",
        }));
        await page.GotoAsync(browser.Address.AbsoluteUri);
        await page.Locator("#error").GetByText("This server asks for its token.").WaitForAsync();
    }

    [Theory]
    [InlineData("overlay")]
    [InlineData("alone")]
    public async Task Picture_WhatTheNetworkDoesNotSee_IsGreyAndFramedOff(string view)
    {
        // The shipped networks see a picture whole; this preparation cuts the edges off.
        var (app, client) = await ApiFixture.Start(ApiFixture.Options("scenes-vgg") with { Preprocess = "torch" });
        await using var _ = app;
        client.Dispose();
        var page = await browser.Open(new Uri(WebServer.AddressOf(app), $"/{Sample}&view={view}"));
        await BrowserFixture.Settle(page);
        var wide = new Picture(300, 100, [.. Enumerable.Range(0, 300 * 100).SelectMany(i => (byte[])[200, (byte)(i % 100), 40])]);
        var file = new FilePayload { Name = "wide.png", MimeType = "image/png", Buffer = PictureEncoder.ToPng(wide) };
        await page.SetInputFilesAsync("#file", file);
        await page.GetByText("wide.png, 300 × 100; the network sees only the framed part").WaitForAsync();
        Assert.True(await page.Locator("#crop-note").IsVisibleAsync());
        Assert.Equal(2, await page.Locator(".seen:visible").CountAsync());
        int[] grey = await page.EvaluateAsync<int[]>(
            """
            () => {
              const canvas = document.querySelector('.panel[data-method] canvas');
              const row = canvas.getContext('2d').getImageData(0, 50, 300, 1).data;
              return Array.from({ length: 300 }, (_, x) => x).filter(x => row[4 * x] === row[4 * x + 1] && row[4 * x] === row[4 * x + 2]);
            }
            """);
        using var explainer = PictureExplainer.Load(ApiFixture.ModelPath("scenes-vgg"), preprocess: "torch");
        var (original, resized, crop) = explainer.Preprocessing.Prepare(wide).Geometry;
        double scale = (double)resized.Width / original.Width;
        var unseen = Enumerable.Range(0, 300).Where(x => ((x + 0.5) * scale) - crop.X is var at && (at < 0 || at >= crop.Width));
        Assert.NotEmpty(grey);
        Assert.Equal(unseen, grey);
        await page.Context.CloseAsync();
        await app.StopAsync();
    }

    [Fact]
    public async Task Picture_SeenWhole_IsNotFramed()
    {
        var page = await browser.Open(Sample);
        Assert.True(await page.Locator("#crop-note").IsHiddenAsync());
        Assert.Equal(0, await page.Locator(".seen:visible").CountAsync());
    }

    // A phone, and a window that is too wide for a phone's layout but too narrow for one row.
    [Theory]
    [InlineData(390)]
    [InlineData(560)]
    public async Task Strip_NarrowWindow_Wraps(int width)
    {
        var page = await browser.Open(Sample, width, 900);
        await page.Locator("#depth li").Nth(3).WaitForAsync();
        Assert.True(await page.EvaluateAsync<bool>(
            "() => { const all = document.querySelectorAll('#depth li'); return all[all.length - 1].offsetTop > all[0].offsetTop; }"));
        Assert.True(await page.Locator("#depth").EvaluateAsync<bool>("s => s.scrollWidth <= s.clientWidth"));
    }

    private async Task Show(IPage page, string fragment = "")
    {
        await page.GotoAsync(new Uri(browser.Address, $"/{Sample}{fragment}").AbsoluteUri);
        await BrowserFixture.Settle(page);
    }

    /// <summary>The addresses of what is posted somewhere, as it is posted.</summary>
    private static List<string> Count(IPage page, string path)
    {
        var urls = new List<string>();
        page.Request += (_, request) =>
        {
            if (request.Method == "POST" && request.Url.Contains(path, StringComparison.Ordinal))
                urls.Add(request.Url);
        };
        return urls;
    }
}
