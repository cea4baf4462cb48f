using System.Text.Json;
using Deque.AxeCore.Playwright;
using GradCamSharp.Audit.Explorer;
using GradCamSharp.Audit.Results;
using GradCamSharp.Audit.Tests.Explorer;
using GradCamSharp.Web.Audits;
using GradCamSharp.Web.Hosting;
using GradCamSharp.Web.Tests.Page;
using Microsoft.Playwright;

namespace GradCamSharp.Web.Tests.Audits;

public sealed class ExplorerPageTests(BrowserFixture browser) : IClassFixture<BrowserFixture>, IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("explorer-page").FullName;

    private string Folder => Path.Combine(root, "audit");

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task Overview_FromDisk_TellsWhatWasFoundAndNeedsNoNetwork()
    {
        var page = await Open(Write());
        var asked = new List<string>();
        var errors = new List<string>();
        page.Request += (_, request) => asked.Add(request.Url);
        page.Console += (_, message) => errors.AddRange(message.Type == "error" ? [message.Text] : []);
        await page.ReloadAsync();
        await Ready(page);
        Assert.Equal("One shortcut is likely", await page.Locator("h1").TextContentAsync());
        Assert.Equal(2, await page.Locator("article.finding").CountAsync());
        string first = await page.Locator("article.finding").First.InnerTextAsync();
        Assert.Contains("4 of 12 pictures called teapot", first, StringComparison.Ordinal);
        // A class's name is a text, whatever it holds.
        Assert.Equal(1, await page.Locator("table").GetByText("a <b> & \"c\"").CountAsync());
        await page.Locator("table a").First.ClickAsync();
        await page.Locator(".gallery .tile").First.WaitForAsync();
        Assert.All(asked.Where(url => url != "data:,"), url => Assert.StartsWith("file:", url, StringComparison.Ordinal));
        Assert.Empty(errors);
    }

    [Theory]
    [InlineData(1400, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task EveryPage_HasNothingThatAxeMinds(int width, ColorScheme scheme)
    {
        Write();
        var page = await Open(Folder, width, scheme);
        foreach (string address in (string[])["#/", "#/finding/1", "#/class/0", "#/picture/3"])
        {
            await Go(page, address);
            var result = await page.RunAxe();
            Assert.True(result.Violations.Length == 0, address + ": " + string.Join("; ", result.Violations
                .Select(v => $"{v.Id}: {string.Join(", ", v.Nodes.Select(n => n.Html))}")));
            int wide = await page.Locator("body").EvaluateAsync<int>("b => b.scrollWidth");
            Assert.True(wide <= width, $"{address} is {wide} pixels wide on a window of {width}.");
        }
    }

    [Fact]
    public async Task Gallery_OfThousands_KeepsOnlyTheRowsNearTheWindowInThePage()
    {
        var page = await Open(Write(perClass: 700));
        await Go(page, "#/all");
        Assert.Equal("2,100 pictures", await page.Locator("h2[aria-live]").TextContentAsync());
        Assert.InRange(await page.Locator(".gallery .tile").CountAsync(), 20, 250);
        await page.Locator(".gallery .tile").First.FocusAsync();
        await page.Keyboard.PressAsync("End");
        await page.Locator("[aria-posinset='2100']").WaitForAsync();
        Assert.Equal("2100", await page.Locator(".item:focus-within").GetAttributeAsync("aria-posinset"));
        Assert.InRange(await page.Locator(".gallery .tile").CountAsync(), 20, 250);
        await page.Keyboard.PressAsync("ArrowLeft");
        Assert.Equal("2099", await page.Locator(".item:focus-within").GetAttributeAsync("aria-posinset"));
    }

    [Fact]
    public async Task Filters_AndTheTable_HoldThePicturesThatAreAskedFor()
    {
        var result = Write();
        var page = await Open(result);
        await Go(page, "#/class/0");
        AuditPicture[] wrong = [.. result.Pictures.Where(p => p.Class == 0 && p.IsRight == false)];
        await page.GetByLabel("Answer").SelectOptionAsync("wrong");
        Assert.Equal($"{wrong.Length} of 12 pictures", await page.Locator("h2[aria-live]").TextContentAsync());
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByText("Save as CSV").ClickAsync());
        Assert.Equal("pictures.csv", download.SuggestedFilename);
        string[] lines = await File.ReadAllLinesAsync(await download.PathAsync());
        Assert.Equal(wrong.Select(p => p.Id), lines[1..].Select(l => l.Split(',')[0]).Order(StringComparer.Ordinal));
        await page.GetByLabel("Finding", new() { Exact = true }).SelectOptionAsync("1");
        int both = wrong.Count(SampleAudit.IsMarked);
        Assert.Equal($"{both} of 12 pictures", await page.Locator("h2[aria-live]").TextContentAsync());
        await page.GetByLabel("Answer").SelectOptionAsync("any");
        await page.GetByLabel("Finding", new() { Exact = true }).SelectOptionAsync("none");
        await page.GetByLabel("Group").SelectOptionAsync("0");
        Assert.Equal("0 of 12 pictures", await page.Locator("h2[aria-live]").TextContentAsync());
    }

    [Fact]
    public async Task Scatter_AFrameAroundTheMarked_LeavesThem()
    {
        var result = Write();
        var page = await Open(result);
        await Go(page, "#/class/0");
        var plot = (await page.Locator(".plot canvas").BoundingBoxAsync())!;
        int marked = result.Pictures.Count(SampleAudit.IsMarked);
        // The marked lie at the lower right of this view, the others at the upper left.
        await page.Mouse.MoveAsync(plot.X + (plot.Width / 2), plot.Y + (plot.Height / 2));
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(plot.X + plot.Width - 4, plot.Y + plot.Height - 4, new() { Steps = 4 });
        await page.Mouse.UpAsync();
        await page.Locator("h2[aria-live]").GetByText($"{marked} of 12 pictures").WaitForAsync();
        Assert.Equal(marked, await page.Locator(".gallery .tile").CountAsync());
        await page.GetByText("Take the frame away").ClickAsync();
        await page.Locator("h2[aria-live]").GetByText("12 pictures", new() { Exact = true }).WaitForAsync();

        // Zoomed in upon the middle, where no picture is, a click meets nothing; all of it again, a click opens the picture.
        for (int i = 0; i < 6; i++)
            await page.GetByLabel("Zoom in").ClickAsync();
        await page.Mouse.ClickAsync(plot.X + (plot.Width / 2), plot.Y + (plot.Height / 2));
        Assert.EndsWith("#/class/0", page.Url, StringComparison.Ordinal);
        await page.Locator(".plot canvas").FocusAsync();
        await page.Keyboard.PressAsync("0");
        await page.GetByLabel("Sure and alike").CheckAsync();
        Assert.Contains("sure", await page.Locator(".card .quiet").TextContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_GoThroughFindingsAndPictures()
    {
        var page = await Open(Write());
        await page.Keyboard.PressAsync("j");
        await page.Locator("h1").GetByText("4 of 12 pictures called teapot").WaitForAsync();
        await page.Keyboard.PressAsync("j");
        await page.Locator("h1").GetByText("pictures called key are wrong together").WaitForAsync();
        await page.Keyboard.PressAsync("k");
        await page.Locator(".gallery .tile").First.ClickAsync();
        await page.GetByText("1 of 4", new() { Exact = true }).WaitForAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await page.GetByText("2 of 4", new() { Exact = true }).WaitForAsync();
        Assert.Equal(14, await page.Locator(".near .tile").CountAsync());
        await page.Keyboard.PressAsync("Escape");
        await page.Locator("h1").GetByText("4 of 12 pictures called teapot").WaitForAsync();
        await page.Keyboard.PressAsync("e");
        Assert.Equal("false", await page.Locator("#evidence").GetAttributeAsync("aria-pressed"));
        await page.Keyboard.PressAsync("?");
        Assert.True(await page.Locator("#keys").IsVisibleAsync());
    }

    [Fact]
    public async Task Verdict_FromDisk_StaysInTheBrowserAndIsSavedAsAFile()
    {
        var page = await Open(Write());
        await Go(page, "#/finding/1");
        await page.Keyboard.PressAsync("1");
        await page.Locator("#said").GetByText("Kept in this browser.").WaitForAsync();
        await page.ReloadAsync();
        await Ready(page);
        Assert.Equal("true", await page.Locator(".answer.shortcut").GetAttributeAsync("aria-pressed"));
        Assert.Equal("Shortcut", await page.Locator("#side .said").TextContentAsync());
        var download = await page.RunAndWaitForDownloadAsync(() => page.Locator("#verdicts").ClickAsync());
        using var judged = JsonDocument.Parse(await File.ReadAllTextAsync(await download.PathAsync()));
        var one = Assert.Single(judged.RootElement.GetProperty("judged").EnumerateArray());
        Assert.Equal(("aa11", "same-mark", "shortcut"), (Text(one, "key"), Text(one, "kind"), Text(one, "verdict")));
        Assert.Equal("pictures/00000.png", one.GetProperty("pictures")[0].GetString());
    }

    [Fact]
    public async Task Verdict_Served_IsWrittenToJudgedJsonForEverybody()
    {
        Write();
        await using var app = AuditServer.Create(Binding.Create(), Folder);
        await app.StartAsync();
        var address = new Uri(WebServer.AddressOf(app), "/#/finding/2");
        var page = await browser.Open(address);
        var errors = new List<string>();
        page.Console += (_, message) => errors.AddRange(message.Type == "error" ? [message.Text] : []);
        await Ready(page);
        await page.GetByLabel("Note").FillAsync("they are drawn from behind");
        await page.Locator(".answer.fine").ClickAsync();
        await page.Locator("#said").GetByText("Saved in judged.json.").WaitForAsync();
        using var judged = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, "judged.json")));
        var one = Assert.Single(judged.RootElement.GetProperty("judged").EnumerateArray());
        Assert.Equal(("bb22", "fine", "they are drawn from behind"), (Text(one, "key"), Text(one, "verdict"), Text(one, "note")));
        Assert.Empty(errors);

        var other = await browser.Open(address);
        await Ready(other);
        Assert.Equal("true", await other.Locator(".answer.fine").GetAttributeAsync("aria-pressed"));
        await Go(other, "#/");
        Assert.Equal(1, await other.Locator("article.finding").CountAsync());
        await app.StopAsync();
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private AuditResult Write(int perClass = 12)
    {
        var result = SampleAudit.Make(Path.Combine(root, "pictures"), perClass);
        AuditExplorer.Write(result, Folder);
        return result;
    }

    private Task<IPage> Open(AuditResult result)
    {
        Assert.NotEmpty(result.Pictures);
        return Open(Folder);
    }

    private async Task<IPage> Open(string folder, int width = 1400, ColorScheme scheme = ColorScheme.Light)
    {
        var page = await browser.Open(new Uri(Path.Combine(folder, "index.html")), width, 1000, scheme, isTouched: width < 600);
        await Ready(page);
        return page;
    }

    private static Task Ready(IPage page) => page.Locator("html[data-ready=true]").WaitForAsync();

    private static async Task Go(IPage page, string address)
    {
        await page.EvaluateAsync("address => { location.hash = address; }", address);
        await page.Locator($"html[data-page='{address}']").WaitForAsync();
        if (address is not "#/" && !address.StartsWith("#/picture", StringComparison.Ordinal))
            await page.Locator(".gallery .tile").First.WaitForAsync();
    }
}
