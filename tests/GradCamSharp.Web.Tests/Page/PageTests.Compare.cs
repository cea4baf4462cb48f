using System.Text.Json;
using Deque.AxeCore.Playwright;
using GradCamSharp.Web.Tests.Serving;
using Microsoft.Playwright;

namespace GradCamSharp.Web.Tests.Page;

/// <summary>The page that says which map to believe.</summary>
public sealed partial class PageTests
{
    // A comparison takes as long as the machine needs.
    private const float Patience = 600_000;

    [Fact]
    public async Task Compare_OfTwoPictures_AnswersInPlainWordsWithATable()
    {
        var page = await browser.OpenOther("/compare");
        await page.Locator("#model option").First.WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached });
        Assert.True(await page.Locator("#go").IsDisabledAsync());
        await page.Locator("#model").SelectOptionAsync("scenes-resnet");
        foreach (string method in (string[])["layercam", "hirescam"])
            await page.Locator($"#methods input[value='{method}']").UncheckAsync();
        await page.SetInputFilesAsync("#files", [ApiFixture.SamplePath("umbrellas.jpg"), ApiFixture.SamplePath("mugs-and-keys.jpg")]);
        await page.Locator("#count").GetByText("2 chosen").WaitForAsync();
        var before = TemporaryFolders();
        var response = await page.RunAndWaitForResponseAsync(
            () => page.Locator("#go").ClickAsync(), r => r.Url.EndsWith("/api/compare", StringComparison.Ordinal),
            new PageRunAndWaitForResponseOptions { Timeout = Patience });
        Assert.True(response.Ok, await response.TextAsync());

        var json = JsonDocument.Parse(await response.TextAsync()).RootElement;
        Assert.Equal(2, json.GetProperty("pictures").GetInt32());
        Assert.Equal(["gradcam++", "gradcam", "centre", "random"],
            json.GetProperty("candidates").EnumerateArray().Select(c => c.GetProperty("name").GetString()));
        string headline = json.GetProperty("headline").GetString()!;
        Assert.DoesNotContain("--", headline, StringComparison.Ordinal);
        Assert.StartsWith("What this does not say", json.GetProperty("limits").GetString(), StringComparison.Ordinal);
        Assert.Empty(TemporaryFolders().Except(before));

        await page.Locator("#result:focus").WaitForAsync();
        Assert.NotEqual("", await page.Locator("#answer").TextContentAsync());
        Assert.NotEqual("", await page.Locator("#plain").TextContentAsync());
        var rows = page.Locator("#table tbody tr");
        Assert.Equal(4, await rows.CountAsync());
        Assert.Equal(
            ["Always the middle", "Random spots"], await page.Locator("#table .yardstick th").AllTextContentsAsync());
        Assert.Equal(6, await page.Locator("#table thead th").CountAsync());
        await page.Locator("#result summary").ClickAsync();
        await page.Locator("#details").GetByText(headline).WaitForAsync();
        Assert.True(await page.Locator("#running").IsHiddenAsync());
        Assert.True(await page.Locator("#error").IsHiddenAsync());
        Assert.True(await page.Locator("#go").IsEnabledAsync());
        foreach (int width in (int[])[1400, 390])
        {
            await page.SetViewportSizeAsync(width, 1000);
            var result = await page.RunAxe();
            var violations = result.Violations.Select(v => $"{v.Id}: {v.Help}: {string.Join(" | ", v.Nodes.Select(n => n.Html))}");
            Assert.True(result.Violations.Length == 0, string.Join('\n', violations));
            bool fits = await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth");
            Assert.True(fits, "The page is wider than the window.");
        }
    }

    private static string[] TemporaryFolders() => Directory.GetDirectories(Path.GetTempPath(), "gradcam-compare-*");
}
