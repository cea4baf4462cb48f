using Deque.AxeCore.Playwright;
using GradCamSharp.Imaging;
using GradCamSharp.Web.Hosting;
using GradCamSharp.Web.Tests.Serving;
using Microsoft.Playwright;

namespace GradCamSharp.Web.Tests.Page;

/// <summary>The page with models that are no classifiers.</summary>
public sealed class TargetsPageTests(BrowserFixture browser, TargetsFixture api)
    : IClassFixture<BrowserFixture>, IClassFixture<TargetsFixture>
{
    private const string Picture = ".panel:not([data-method]) .view";

    [Fact]
    public async Task Detector_BoxesAreDrawnAndClicked()
    {
        var page = await Open("detector");
        var labels = await page.Locator("#classes .label").AllTextContentsAsync();
        Assert.Equal(["dog", "cat"], labels.Take(2));
        Assert.Equal(labels.Count, await page.Locator(".panel:not([data-method]) .mark").CountAsync());
        Assert.Equal("true", await page.Locator("#classes [data-index='box:0']").GetAttributeAsync("aria-pressed"));

        using var model = PictureTargets.Load(TargetsFixture.PathOf("detector"));
        var (x1, y1, x2, y2) = model.Read(PictureDecoder.Decode(TargetsFixture.Photo)).Detections[1].Box;
        await Click(page, x1 + (0.8 * (x2 - x1)), y1 + (0.8 * (y2 - y1)));
        await page.Locator("#classes [data-index='box:1'][aria-pressed=true]").WaitForAsync();
        await page.Locator(".panel[data-method='hirescam'] .what").GetByText("cat").WaitForAsync();
        Assert.EndsWith("--method hirescam --target box:1", await page.Locator("#command").TextContentAsync());

        await page.Locator("#part").SelectOptionAsync("x1");
        await page.Locator("#command").GetByText("--target box:1.x1").WaitForAsync();
        Assert.True(await page.Locator("#error").IsHiddenAsync());
    }

    [Fact]
    public async Task Detector_KeyboardAlone_ChoosesABoxAndATarget()
    {
        var page = await Open("detector");
        await page.Locator("#classes [data-index='box:1']").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#classes [data-index='box:1'][aria-pressed=true]").WaitForAsync();
        await BrowserFixture.Settle(page);
        await page.Locator("#class-name").FocusAsync();
        await page.Keyboard.TypeAsync("box:dog - box:cat");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#command").GetByText("--target 'box:dog - box:cat'").WaitForAsync();
        await BrowserFixture.Settle(page);
        Assert.True(await page.Locator("#error").IsHiddenAsync());
    }

    [Fact]
    public async Task Detector_TargetThatItLacks_SaysWhatItHas()
    {
        var page = await Open("detector");
        await page.Locator("#class-name").FillAsync("mask:0");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator(".panel[data-method='hirescam'] .note").GetByText("Its targets are box:0").WaitForAsync();
    }

    [Fact]
    public async Task Segmenter_ClickOnAPixel_ExplainsItThere()
    {
        var page = await Open("segmenter");
        Assert.Equal(1, await page.Locator(".panel:not([data-method]) .marks canvas").CountAsync());
        await Click(page, 112, 100);
        await page.Locator("#command").GetByText("112,100").WaitForAsync();
        Assert.Matches(@"--target (class:\d+@|pixel:)112,100", await page.Locator("#command").TextContentAsync());
        await BrowserFixture.Settle(page);
        Assert.True(await page.Locator("#error").IsHiddenAsync());
    }

    [Fact]
    public async Task KeyPoints_AreDrawn()
    {
        var page = await Open("points");
        Assert.Equal(4, await page.Locator(".panel:not([data-method]) .dot").CountAsync());
        await page.Locator("#classes [data-index='keypoint:2']").ClickAsync();
        await page.Locator("#command").GetByText("--target keypoint:2").WaitForAsync();
    }

    [Fact]
    public async Task Vectors_TwoPictures_HaveBothMapsBesideEachOther()
    {
        _ = api.Client;
        var page = await browser.Open(new Uri(WebServer.AddressOf(api.App), "/#model=vectors&sample=umbrellas.jpg"));
        await BrowserFixture.Settle(page);
        await page.Locator("#panels:not(:has([aria-busy=true])) .panel >> nth=3").WaitForAsync();
        Assert.Equal(4, await page.Locator(".panel").CountAsync());
        Assert.Equal("How alike", await page.Locator("#classes-title").TextContentAsync());
        await page.Locator("#other-samples [data-other='mugs-and-keys.jpg']").ClickAsync();
        await page.Locator("#command").GetByText("similarity:samples/mugs-and-keys.jpg").WaitForAsync();
    }

    [Theory]
    [InlineData(1400, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task Page_OfADetectorWithAllMethodsOpen_IsAccessible(int width, ColorScheme scheme)
    {
        var page = await Open("detector", width, scheme, "&methods=hirescam,rise");
        await page.Locator("#all-methods summary").ClickAsync();
        await page.Locator("#families li").First.WaitForAsync();
        await AssertAccessible(page);
    }

    [Theory]
    [InlineData("clip", 1400, ColorScheme.Light)]
    [InlineData("pair", 390, ColorScheme.Dark)]
    public async Task Texts_EachHasItsShareAndItsMapOnAClick(string model, int width, ColorScheme scheme)
    {
        _ = api.Client;
        var page = await browser.Open(new Uri(WebServer.AddressOf(api.App), $"/#model={model}"), width, 1000, scheme);
        await page.Locator("html[data-ready=true]").WaitForAsync();
        await page.SetInputFilesAsync("#file", new FilePayload
        {
            Name = "colours.png",
            MimeType = "image/png",
            Buffer = PictureEncoder.ToPng(TargetsApiTests.RedAndBlue()),
        });
        await page.GetByText("colours.png, 64 × 64").WaitForAsync();
        await page.Locator("#classes [data-index='0'][aria-pressed=true]").WaitForAsync();
        Assert.Equal(["red", "a blue"], await page.Locator("#classes .label").AllTextContentsAsync());
        Assert.Equal("red\na blue", await page.Locator("#text-lines").InputValueAsync());

        await page.Locator("#classes [data-index='1']").ClickAsync();
        await page.Locator(".panel[data-method] .what").GetByText("a blue, strongest in").WaitForAsync();
        await page.Locator("#text-lines").FillAsync("green\n\nred, or so");
        await page.Locator("#texts button").ClickAsync();
        await page.Locator("#classes .label").GetByText("red, or so").WaitForAsync();
        await BrowserFixture.Settle(page);
        Assert.Contains("--text green --text 'red, or so'", await page.Locator("#command").TextContentAsync());
        Assert.Contains("texts=", page.Url);
        Assert.True(await page.Locator("#error").IsHiddenAsync());
        await AssertAccessible(page);
    }

    [Fact]
    public async Task Texts_WithoutATokenizer_SaysWhatLacks()
    {
        _ = api.Client;
        var page = await browser.Open(new Uri(WebServer.AddressOf(api.App), "/#model=bare"));
        await page.Locator("#texts-hint").GetByText("Put vocab.json and merges.txt, or tokenizer.json, there").WaitForAsync();
        Assert.True(await page.Locator("#text-lines").IsHiddenAsync());
        await page.Locator("#second").WaitForAsync();
    }

    [Theory]
    [InlineData(1400, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task Film_IsGoneThroughByKeysAndPlayed(int width, ColorScheme scheme)
    {
        _ = api.Client;
        var page = await browser.Open(new Uri(WebServer.AddressOf(api.App), "/#model=video"), width, 1000, scheme);
        await page.Locator("html[data-ready=true]").WaitForAsync();
        await page.Locator("#film-wanted").GetByText("clips of 8 frames").WaitForAsync();
        Assert.Contains("explain FILM --model video.onnx", await page.Locator("#command").TextContentAsync());
        await page.SetInputFilesAsync("#file", new FilePayload { Name = "a.gif", MimeType = "image/gif", Buffer = "no film"u8.ToArray() });
        await page.Locator("#error").GetByText("ffmpeg").WaitForAsync();
        Assert.True(await page.Locator("#film-wanted").IsVisibleAsync());
        await page.SetInputFilesAsync("#file", new FilePayload
        {
            Name = "square.gif",
            MimeType = "image/gif",
            Buffer = TargetsApiTests.Animation(10),
        });
        await page.GetByText("square.gif, 48 × 32, 10 frames").WaitForAsync();
        await BrowserFixture.Settle(page);
        Assert.Equal("1 of 10", await page.Locator("#frame-value").TextContentAsync());
        byte[] first = await page.Locator(".panel[data-method] canvas").ScreenshotAsync();

        await page.Locator("#frame").FocusAsync();
        await page.Keyboard.PressAsync("End");
        await page.Locator("#frame[aria-valuetext='frame 10 of 10, at 0.90 seconds']").WaitForAsync();
        Assert.NotEqual(first, await page.Locator(".panel[data-method] canvas").ScreenshotAsync());
        await page.Locator("#classes button").Nth(1).ClickAsync();
        await page.Locator("#command").GetByText("--target class:").WaitForAsync();
        await BrowserFixture.Settle(page);
        Assert.Equal("10 of 10", await page.Locator("#frame-value").TextContentAsync());
        await AssertAccessible(page);

        await page.Locator("#play").ClickAsync();
        await page.Locator("#frame-value").GetByText("3 of 10").WaitForAsync();
        Assert.Equal("Pause", await page.Locator("#play").TextContentAsync());
        await page.Locator("#play").ClickAsync();
        Assert.Equal("Play", await page.Locator("#play").TextContentAsync());
        Assert.True(await page.Locator("#error").IsHiddenAsync());
    }

    private static async Task AssertAccessible(IPage page)
    {
        var result = await page.RunAxe();
        var violations = result.Violations.Select(v => $"{v.Id}: {v.Help}: {string.Join(" | ", v.Nodes.Select(n => n.Html))}");
        Assert.True(result.Violations.Length == 0, string.Join('\n', violations));
        bool fits = await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth");
        Assert.True(fits, "The page is wider than the window.");
    }

    private async Task<IPage> Open(string model, int width = 1400, ColorScheme scheme = ColorScheme.Light, string more = "")
    {
        var page = await browser.Open(new Uri(WebServer.AddressOf(api.App), $"/#model={model}{more}"), width, 1000, scheme);
        await page.Locator("html[data-ready=true]").WaitForAsync();
        await page.SetInputFilesAsync("#file", TargetsFixture.Photo);
        await page.GetByText("both.png, 224 × 224").WaitForAsync();
        await page.Locator("#classes button").First.WaitForAsync();
        await BrowserFixture.Settle(page);
        return page;
    }

    /// <summary>Clicks a pixel of the picture.</summary>
    private static async Task Click(IPage page, double x, double y)
    {
        var box = (await page.Locator(Picture).BoundingBoxAsync())!;
        await page.Locator(Picture).ClickAsync(new LocatorClickOptions
        {
            Position = new Position { X = (float)((x + 0.5) / 224 * box.Width), Y = (float)((y + 0.5) / 224 * box.Height) },
        });
    }
}
