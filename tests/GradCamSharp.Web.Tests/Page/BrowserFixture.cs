using GradCamSharp.Web.Hosting;
using GradCamSharp.Web.Tests.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;

namespace GradCamSharp.Web.Tests.Page;

/// <summary>A Chromium of the machine, or the reason why there is none.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private static readonly string[] Places =
    [
        "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", @"C:\Program Files\Google\Chrome\Application\chrome.exe",
    ];

    private static readonly string[] Quiet =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--hide-scrollbars",
    ];

    private IPlaywright? playwright;
    private IBrowser? browser;
    private WebApplication? app;

    /// <summary>Where the page is.</summary>
    public Uri Address => WebServer.AddressOf(app!);

    /// <summary>Opens the page and waits for its maps.</summary>
    public async Task<IPage> Open(string fragment = "", int width = 1400, int height = 1000, ColorScheme scheme = ColorScheme.Light)
    {
        var page = await Open(new Uri(app is null ? new Uri("http://localhost") : Address, "/" + fragment), width, height, scheme);
        await Settle(page);
        return page;
    }

    /// <summary>Opens another page of the server.</summary>
    /// <param name="path">Its address, from the slash on.</param>
    public Task<IPage> OpenOther(string path) => Open(new Uri(app is null ? new Uri("http://localhost") : Address, path));

    /// <summary>Opens an address in a context of its own. Skips the test where there is no Chromium; on CI the test fails.</summary>
    public async Task<IPage> Open(
        Uri address, int width = 1400, int height = 1000, ColorScheme scheme = ColorScheme.Light, bool isTouched = false)
    {
        if (browser is null)
        {
            const string reason = "No Chromium was found. Install it (apt-get install chromium), or name its program in GRADCAM_CHROMIUM.";
            if (Environment.GetEnvironmentVariable("CI") == "true")
                Assert.Fail(reason);
            Assert.Skip(reason);
        }

        var size = new ViewportSize { Width = width, Height = height };
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = size,
            ColorScheme = scheme,
            IsMobile = isTouched,
            HasTouch = isTouched,
        });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(60_000);
        await page.GotoAsync(address.AbsoluteUri);
        return page;
    }

    /// <summary>Waits until every panel shows its map or why there is none.</summary>
    public static async Task Settle(IPage page)
    {
        // By selectors: functions to wait for would need eval, which the page's policy forbids.
        await page.Locator("html[data-ready=true]").WaitForAsync();
        await page.Locator("#panels:not(:has(.waiting, [aria-busy=true])) .panel[data-method]").First.WaitForAsync();
    }

    public async ValueTask InitializeAsync()
    {
        string? program = Environment.GetEnvironmentVariable("GRADCAM_CHROMIUM") is { Length: > 0 } named
            ? named
            : Places.FirstOrDefault(File.Exists);
        if (program is null)
            return;
        (app, var client) = await ApiFixture.Start(ApiFixture.Options("scenes-vgg", "scenes-resnet"));
        client.Dispose();
        playwright = await Playwright.CreateAsync();
        var options = new BrowserTypeLaunchOptions { ExecutablePath = program, Args = Quiet, Timeout = 120_000 };
        browser = await playwright.Chromium.LaunchAsync(options);
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.CloseAsync();
        playwright?.Dispose();
        if (app is not null)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }
    }
}
