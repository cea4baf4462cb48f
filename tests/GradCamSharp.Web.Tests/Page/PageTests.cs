using System.Text.Json;
using Deque.AxeCore.Playwright;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Output;
using GradCamSharp.Targets;
using GradCamSharp.Web.Tests.Serving;
using Microsoft.Playwright;

namespace GradCamSharp.Web.Tests.Page;

public sealed partial class PageTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string Sample = "#sample=umbrellas.jpg";
    private const string PlusPlus = ".panel[data-method='gradcam++']", Plain = ".panel[data-method='gradcam']";

    [Fact]
    public async Task Opened_ShowsTheHeatMapOfASampleWithoutAClick()
    {
        var page = await browser.Open();
        Assert.Equal(2, await page.Locator(".panel").CountAsync());
        Assert.NotEqual(await Pixels(page, ".panel:not([data-method])"), await Pixels(page, PlusPlus));
        Assert.Equal(5, await page.Locator("#classes button").CountAsync());
        Assert.True(await page.Locator("#error").IsHiddenAsync());
        Assert.Contains("Grad-CAM++", await page.Locator("#status").TextContentAsync());
    }

    [Theory]
    [InlineData("turbo", 75)]
    [InlineData("inferno", 40)]
    public async Task Overlay_IsTheFileThatTheCommandLineWrites(string colors, int opacity)
    {
        var page = await browser.Open($"{Sample}&model=scenes-resnet&colors={colors}&opacity={opacity}&box=0");
        using var explainer = PictureExplainer.Load(ApiFixture.ModelPath("scenes-resnet"));
        var picture = PictureDecoder.Decode(ApiFixture.SamplePath("umbrellas.jpg"));
        var map = explainer.Explain(picture).Explanations[0].HeatMap;
        var expected = Rendering.Overlay(picture, map, ColorMap.Parse(colors), opacity / 100f);
        byte[] actual = await Pixels(page, PlusPlus);
        Assert.Equal(expected.Width * expected.Height * 4, actual.Length);
        // A value on the edge between two of the 256 levels may fall to either side: the neighbour's colour is at most a few steps away.
        int differ = 0, most = 0;
        for (int i = 0; i < expected.Width * expected.Height; i++)
        {
            for (int c = 0; c < 3; c++)
            {
                int difference = Math.Abs(expected.Pixels[(3 * i) + c] - actual[(4 * i) + c]);
                differ += difference > 0 ? 1 : 0;
                most = Math.Max(most, difference);
            }
        }

        Assert.InRange(most, 0, 8);
        Assert.InRange(differ, 0, actual.Length / 500);
    }

    [Fact]
    public async Task Upload_ShowsThePictureAndItsClasses()
    {
        var page = await browser.Open(Sample);
        await page.SetInputFilesAsync("#file", ApiFixture.SamplePath("birds-and-fish.jpg"));
        await page.GetByText("birds-and-fish.jpg, 480 × 480").WaitForAsync();
        await BrowserFixture.Settle(page);
        using var explainer = PictureExplainer.Load(ApiFixture.ModelPath("scenes-vgg"));
        var predicted = explainer.Explain(PictureDecoder.Decode(ApiFixture.SamplePath("birds-and-fish.jpg"))).Predictions[0];
        Assert.Equal(predicted.Label, await page.Locator("#classes [aria-pressed=true] .label").TextContentAsync());
        Assert.DoesNotContain("sample=", page.Url);
        Assert.Contains("explain birds-and-fish.jpg", await page.Locator("#command").TextContentAsync());
    }

    [Fact]
    public async Task Upload_NoPicture_SaysSo()
    {
        var page = await browser.Open(Sample);
        var file = new FilePayload { Name = "notes.txt", MimeType = "text/plain", Buffer = "no picture"u8.ToArray() };
        await page.SetInputFilesAsync("#file", file);
        await page.Locator("#error").GetByText("notes.txt is no picture").WaitForAsync();
    }

    [Fact]
    public async Task ClassClick_ShowsThatClassesMap()
    {
        var page = await browser.Open(Sample);
        byte[] before = await Pixels(page, PlusPlus);
        string second = (await page.Locator("#classes button .label").Nth(1).TextContentAsync())!;
        await page.Locator("#classes button").Nth(1).ClickAsync();
        await page.Locator($"{PlusPlus} .what").GetByText(second).WaitForAsync();
        Assert.Equal(second, await page.Locator("#classes [aria-pressed=true] .label").TextContentAsync());
        Assert.NotEqual(before, await Pixels(page, PlusPlus));
        Assert.Matches(@"--class \d+", await page.Locator("#command").TextContentAsync());
    }

    [Fact]
    public async Task Sliders_ChangeThePixelsWithoutAskingTheServer()
    {
        var page = await browser.Open($"{Sample}&model=scenes-resnet");
        // The strip asks for layers after the maps are shown; what follows must not ask at all.
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        int asked = 0;
        page.Request += (_, request) => asked += request.Url.Contains("/api/", StringComparison.Ordinal) ? 1 : 0;
        byte[] picture = await Pixels(page, ".panel:not([data-method])"), overlay = await Pixels(page, PlusPlus);

        await Slide(page, "#opacity", 0);
        await Until(page, async () => (await Pixels(page, PlusPlus)).SequenceEqual(picture));
        await Slide(page, "#opacity", 75);
        await Until(page, async () => (await Pixels(page, PlusPlus)).SequenceEqual(overlay));

        string box = await BoxOf(page);
        await Slide(page, "#threshold", 90);
        await Until(page, async () => await BoxOf(page) != box);
        await page.GetByLabel("Hide what is below").CheckAsync();
        await Until(page, async () =>
            Same(await Pixels(page, PlusPlus), picture) > 0.7 && !(await Pixels(page, PlusPlus)).SequenceEqual(picture));
        await page.Locator("#colors").SelectOptionAsync("gray");
        await page.GetByLabel("Alone", new() { Exact = true }).CheckAsync();
        await Until(page, async () => (await Pixels(page, PlusPlus)).Chunk(4).All(p => p[0] == p[1] && p[1] == p[2]));
        Assert.Equal(0, asked);
    }

    [Fact]
    public async Task TwoMethods_ZoomTogether()
    {
        var page = await browser.Open(Sample);
        await page.GetByLabel("Grad-CAM", new() { Exact = true }).CheckAsync();
        await page.Locator(Plain).WaitForAsync();
        await BrowserFixture.Settle(page);
        Assert.NotEqual(await Pixels(page, PlusPlus), await Pixels(page, Plain));
        await page.Locator($"{PlusPlus} .view").FocusAsync();
        await page.Keyboard.PressAsync("+");
        await page.Keyboard.PressAsync("ArrowRight");
        string[] transforms = await page.EvaluateAsync<string[]>("[...document.querySelectorAll('.paper')].map(p => p.style.transform)");
        Assert.Equal(3, transforms.Length);
        Assert.Single(transforms.Distinct());
        Assert.Contains("scale(1.4)", transforms[0]);
        await page.Keyboard.PressAsync("0");
        Assert.Equal("100 %", await page.Locator("#zoom-value").TextContentAsync());
    }

    [Fact]
    public async Task Keyboard_Alone_ChoosesPictureMethodClassLayerAndSettings()
    {
        var page = await browser.Open(Sample);
        await TabTo(page, "[data-name='birds-and-fish.jpg']");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator(".panel").GetByText("birds-and-fish.jpg").WaitForAsync();
        await BrowserFixture.Settle(page);
        await TabTo(page, "#classes li:nth-child(2) button");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#classes li:nth-child(2) button[aria-pressed=true]").WaitForAsync();
        await TabTo(page, "#methods input[value='gradcam']");
        await page.Keyboard.PressAsync("Space");
        await page.Locator(Plain).WaitForAsync();
        await TabTo(page, "#opacity");
        await page.Keyboard.PressAsync("ArrowRight");
        Assert.Equal("76 %", await page.Locator("#opacity-value").TextContentAsync());
        await page.Locator("#depth button").First.WaitForAsync();
        await TabTo(page, "#depth li:first-child button");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#depth li:first-child button[aria-pressed=true]").WaitForAsync();
        Assert.Contains("--layer", await page.Locator("#command").TextContentAsync());
    }

    [Fact]
    public async Task Link_BringsBackTheView()
    {
        var page = await browser.Open(
            $"{Sample}&methods=gradcam,saliency&cls=3&opacity=40&threshold=70&colors=viridis&view=alone&box=0&hide=1");
        Assert.Equal(
            ["gradcam", "saliency"],
            await page.EvaluateAsync<string[]>("[...document.querySelectorAll('.panel[data-method]')].map(p => p.dataset.method)"));
        Assert.Equal("3", await page.Locator("#classes [aria-pressed=true]").GetAttributeAsync("data-index"));
        Assert.Equal("40", await page.Locator("#opacity").InputValueAsync());
        Assert.Equal("70", await page.Locator("#threshold").InputValueAsync());
        Assert.Equal("viridis", await page.Locator("#colors").InputValueAsync());
        Assert.False(await page.Locator("#box").IsCheckedAsync());
        Assert.Equal(
            "gradcam explain samples/umbrellas.jpg --method gradcam,saliency --class 3 --colormap viridis --opacity 0.4 --save heatmap",
            await page.Locator("#command").TextContentAsync());
    }

    [Fact]
    public async Task Link_OfNonsense_ShowsThePageAsAtFirst()
    {
        var page = await browser.Open(
            "#model=../etc&methods=magic&cls=99999&opacity=1e9&colors=%3Cscript%3E&view=x&layer=nothing&sample=../../x");
        Assert.True(await page.Locator("#error").IsHiddenAsync());
        Assert.Equal(1, await page.Locator(PlusPlus).CountAsync());
    }

    [Fact]
    public async Task Downloads_AreWhatTheCommandLineWrites()
    {
        var page = await browser.Open($"{Sample}&model=scenes-resnet");
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByLabel("Download Grad-CAM++ as npy").ClickAsync());
        Assert.Equal("umbrellas.gradcam++.npy", download.SuggestedFilename);
        var array = Npy.Read<float>(await download.PathAsync());
        using var explainer = PictureExplainer.Load(ApiFixture.ModelPath("scenes-resnet"));
        var picture = PictureDecoder.Decode(ApiFixture.SamplePath("umbrellas.jpg"));
        var expected = explainer.Explain(picture, [CamMethods.Default], [ClassRequest.Top1]);
        Assert.Equal([1, 1, .. expected.Explanations[0].Shape.Select(l => (int)l)], array.Shape);
        Assert.Equal(expected.Explanations[0].Raw.ToArray(), array.Values, (e, a) => Math.Abs(e - a) < 1e-4);

        download = await page.RunAndWaitForDownloadAsync(() => page.GetByLabel("Download Grad-CAM++ as PNG").ClickAsync());
        Assert.EndsWith(".overlay.png", download.SuggestedFilename);
        Assert.Equal(new PixelSize(480, 480), PictureDecoder.Decode(await download.PathAsync()).Size);

        download = await page.RunAndWaitForDownloadAsync(() => page.GetByText("JSON", new() { Exact = true }).ClickAsync());
        var json = JsonDocument.Parse(await File.ReadAllTextAsync(await download.PathAsync())).RootElement;
        Assert.Equal("umbrellas.jpg", json.GetProperty("results")[0].GetProperty("input").GetString());
        Assert.Equal(1, json.GetProperty("results")[0].GetProperty("explanations").GetArrayLength());
    }

    [Theory]
    [InlineData(1400, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task Page_IsAccessible(int width, ColorScheme scheme)
    {
        var page = await browser.Open($"{Sample}&methods=gradcam%2B%2B,gradcam", width, 900, scheme);
        var result = await page.RunAxe();
        var violations = result.Violations.Select(v => $"{v.Id}: {v.Help}: {string.Join(" | ", v.Nodes.Select(n => n.Html))}");
        Assert.True(result.Violations.Length == 0, string.Join('\n', violations));
        bool fits = await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth");
        Assert.True(fits, "The page is wider than the window.");
    }

    [Fact]
    public async Task Page_AsksNoOtherServer()
    {
        var page = await browser.Open();
        var asked = new List<string>();
        page.Request += (_, request) => asked.Add(request.Url);
        await page.ReloadAsync();
        await BrowserFixture.Settle(page);
        Assert.NotEmpty(asked);
        Assert.All(asked, url => Assert.True(
            url.StartsWith(browser.Address.AbsoluteUri, StringComparison.Ordinal) || url.StartsWith("blob:", StringComparison.Ordinal),
            url));
    }

    private static async Task<byte[]> Pixels(IPage page, string panel) => Convert.FromBase64String(await page.EvaluateAsync<string>(
        """
        selector => {
          const canvas = document.querySelector(selector + ' canvas');
          const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
          let text = '';
          for (let i = 0; i < data.length; i += 8192) text += String.fromCharCode(...data.subarray(i, i + 8192));
          return btoa(text);
        }
        """,
        panel));

    private static async Task Slide(IPage page, string slider, int value) => await page.Locator(slider).EvaluateAsync(
        "(e, value) => { e.value = value; e.dispatchEvent(new Event('input', { bubbles: true })); }", value);

    private static async Task<string> BoxOf(IPage page) => await page.Locator($"{PlusPlus} .part").GetAttributeAsync("style") ?? "";

    private static double Same(byte[] one, byte[] other) =>
        one.Chunk(4).Zip(other.Chunk(4)).Count(p => p.First.SequenceEqual(p.Second)) / (one.Length / 4.0);

    /// <summary>Waits, frame by frame, for something that the page does; a page that never does it fails the test.</summary>
    private static async Task Until(IPage page, Func<Task<bool>> holds)
    {
        for (int frame = 0; frame < 600; frame++)
        {
            if (await holds())
                return;
            await page.EvaluateAsync("() => new Promise(requestAnimationFrame)");
        }

        Assert.Fail("The page did not come to the expected state.");
    }

    /// <summary>Presses Tab until an element has the focus.</summary>
    private static async Task TabTo(IPage page, string selector)
    {
        for (int i = 0; i < 150; i++)
        {
            if (await page.EvaluateAsync<bool>("selector => document.activeElement.matches(selector)", selector))
                return;
            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"Tab does not reach {selector}.");
    }
}
