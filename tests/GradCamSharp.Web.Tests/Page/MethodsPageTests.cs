using GradCamSharp.Methods;
using Microsoft.Playwright;

namespace GradCamSharp.Web.Tests.Page;

/// <summary>The choice of methods, their parameters, and runs that take long.</summary>
public sealed class MethodsPageTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string Sample = "#sample=umbrellas.jpg&model=scenes-resnet";

    [Fact]
    public async Task Methods_AllByFamily_AreSearched()
    {
        var page = await browser.Open(Sample);
        await page.Locator("#all-methods summary").ClickAsync();
        await page.Locator("#families li").First.WaitForAsync();
        Assert.Equal(CamMethods.All.Count, await page.Locator("#families li").CountAsync());
        await page.Locator("#search").FillAsync("occl");
        Assert.Equal(1, await page.Locator("#families li:visible").CountAsync());
        Assert.Equal(1, await page.Locator("#families section:visible").CountAsync());
        await page.Locator("#families li:visible input[type=checkbox]").CheckAsync();
        await page.Locator(".panel[data-method='occlusion']").WaitForAsync();
    }

    [Fact]
    public async Task Parameters_AreFieldsAndGoIntoTheCommandAndTheLink()
    {
        var page = await browser.Open($"{Sample}&methods=eigencam");
        byte[] before = await Pixels(page, "eigencam");
        await page.Locator("#all-methods summary").ClickAsync();
        await page.Locator("#families .parameters label", new() { HasText = "centred" }).Locator("select").SelectOptionAsync("true");
        await page.Locator("#command").GetByText("--set eigencam.centred=true").WaitForAsync();
        await BrowserFixture.Settle(page);
        Assert.NotEqual(before, await Pixels(page, "eigencam"));
        Assert.Contains("set=eigencam.centred%3Dtrue", page.Url);
    }

    [Fact]
    public async Task LongRun_IsAskedAboutShownAndStopped()
    {
        var page = await browser.Open($"{Sample}&methods=rise&set=rise.masks=8000");
        const string panel = ".panel[data-method='rise']";
        await page.Locator($"{panel} .ask").GetByText("runs the network").WaitForAsync();
        Assert.Contains("about", await page.Locator($"{panel} .ask p").TextContentAsync());
        await page.Locator($"{panel} .ask button").ClickAsync();
        await page.Locator($"{panel} progress").WaitForAsync();
        await page.Locator($"{panel} .note").GetByText("runs").WaitForAsync();
        var stopped = page.WaitForRequestAsync(r => r.Method == "DELETE" && r.Url.Contains("/api/runs/", StringComparison.Ordinal));
        await page.Locator($"{panel} .note button").ClickAsync();
        await stopped;
        await page.Locator($"{panel} .ask").GetByText("was stopped").WaitForAsync();
        Assert.True(await page.Locator("#error").IsHiddenAsync());
    }

    [Fact]
    public async Task Classifier_TargetInTheField_IsExplained()
    {
        var page = await browser.Open(Sample);
        await page.Locator("#class-name").FillAsync("class:umbrella - class:bird");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#command").GetByText("--target 'class:umbrella - class:bird'").WaitForAsync();
        await BrowserFixture.Settle(page);
        Assert.True(await page.Locator("#error").IsHiddenAsync());
        await page.Locator("#classes button").First.ClickAsync();
        await page.Locator("#command").GetByText("--class").WaitForAsync();
    }

    private static Task<byte[]> Pixels(IPage page, string method) =>
        page.Locator($".panel[data-method='{method}'] canvas").First.ScreenshotAsync();
}
