using Deque.AxeCore.Playwright;
using GradCamSharp.Web.Studies;
using GradCamSharp.Web.Tests.Page;
using Microsoft.Playwright;

namespace GradCamSharp.Web.Tests.Studies;

public sealed class StudyPageTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private static readonly SideChoice[] Plan =
        [SideChoice.Left, SideChoice.Same, SideChoice.Right, SideChoice.Right, SideChoice.Left, SideChoice.Same];

    [Fact]
    public async Task WholeStudy_ByThreeBrowsersAtOnce_StoresWhatEachOfThemAnswered()
    {
        await using var study = await RunningStudy.Start();
        string[] keys = [await study.Invite(), await study.Invite(), await study.Invite()];
        await Task.WhenAll(keys.Select(async (key, person) =>
        {
            var page = await Begin(study, key);
            for (int i = 0; i < Plan.Length; i++)
            {
                await Shown(page, i);
                // Each begins elsewhere in the plan; the first has a mouse, the others a keyboard; the third thinks again now and then.
                var choice = Plan[(i + person) % Plan.Length];
                if (person == 2 && i % 2 == 1)
                {
                    await page.Keyboard.PressAsync("1");
                    await (i + 1 < Plan.Length ? Shown(page, i + 1) : page.Locator("#thanks").WaitForAsync());
                    await page.Keyboard.PressAsync("u");
                    await Shown(page, i);
                }

                if (person == 0)
                    await page.Locator($"[data-choice={AnswerStore.NameOf(choice)}]").ClickAsync();
                else
                    await page.Keyboard.PressAsync(choice switch { SideChoice.Left => "1", SideChoice.Right => "2", _ => "3" });
            }

            await page.GetByText("All your answers are stored").First.WaitForAsync();
            await page.Context.CloseAsync();
        }));
        using var store = study.Folder.Open();
        var answers = store.Answers();
        Assert.Equal(18, answers.Count);
        Assert.All(answers, a => Assert.Equal(Plan[(a.Position + a.Participant - 1) % Plan.Length], a.Choice));
        Assert.All(answers, a => Assert.InRange(a.Milliseconds, 0, 600_000));
    }

    [Fact]
    public async Task Consent_ComesFirstAndOnlyOnce()
    {
        await using var study = await RunningStudy.Start();
        string key = await study.Invite();
        var page = await browser.Open(new Uri(study.Address, $"/p/{key}"));
        await page.Locator("#agree").WaitForAsync();
        await page.Keyboard.PressAsync("1");
        Assert.True(await page.Locator("#task").IsHiddenAsync());
        await page.Locator("#agree").ClickAsync();
        await Shown(page, 0);
        await page.Keyboard.PressAsync("3");
        await Shown(page, 1);

        var later = await browser.Open(new Uri(study.Address, $"/p/{key}"));
        await Shown(later, 1);
        Assert.Equal("2 of 6", await later.Locator("#count").TextContentAsync());
        Assert.Equal(1, (await study.State(key)).GetProperty("answered").GetInt32());
    }

    [Fact]
    public async Task Answer_AKeyThatIsHeldDown_CountsOnce()
    {
        await using var study = await RunningStudy.Start();
        string key = await study.Invite();
        var page = await Begin(study, key);
        await Shown(page, 0);
        await page.Keyboard.DownAsync("2");
        await Shown(page, 1);
        await page.Keyboard.DownAsync("2");
        await page.Keyboard.UpAsync("2");
        await page.Keyboard.PressAsync("3");
        await Shown(page, 2);
        using var store = study.Folder.Open();
        Assert.Equal([SideChoice.Right, SideChoice.Same], store.Answers().Select(a => a.Choice));
    }

    [Fact]
    public async Task Answer_WhileTheConnectionIsInterrupted_IsSentAgain()
    {
        await using var study = await RunningStudy.Start();
        string key = await study.Invite();
        var page = await Begin(study, key);
        await Shown(page, 0);
        // The route stays: a browser whose requests are no longer intercepted may lose one that is just being held.
        bool isInterrupted = true;
        await page.RouteAsync("**/answers", route => isInterrupted ? route.AbortAsync() : route.ContinueAsync());
        await page.Keyboard.PressAsync("2");
        await page.GetByText("The connection is interrupted").WaitForAsync();
        isInterrupted = false;
        await page.Locator("#retry").ClickAsync();
        await Shown(page, 1);
        Assert.True(await page.Locator("#trouble").IsHiddenAsync());
        using var store = study.Folder.Open();
        Assert.Equal(SideChoice.Right, Assert.Single(store.Answers()).Choice);
    }

    [Fact]
    public async Task Consent_OnATouchScreen_SpeaksOfNoKeysAndIsWhole()
    {
        await using var study = await RunningStudy.Start();
        string key = await study.Invite();
        var page = await browser.Open(new Uri(study.Address, $"/p/{key}"), 390, 800, isTouched: true);
        await page.Locator("#agree").WaitForAsync();
        Assert.Equal(
            "Answer with the buttons: left, right, or both are the same. Undo takes the last answer back.",
            (await page.Locator(".how").InnerTextAsync()).Trim());
        Assert.Equal(0, await page.Locator("kbd:visible").CountAsync());
    }

    [Fact]
    public async Task Pictures_AreAskedForOnceEach_AndStayNowhere()
    {
        await using var study = await RunningStudy.Start(1, 3);
        string key = await study.Invite();
        using var picture = await study.Consent(key).ContinueWith(_ => study.Picture(key, 0, "left")).Unwrap();
        Assert.True(picture.Headers.CacheControl!.NoStore);

        var page = await browser.Open(new Uri(study.Address, "/"));
        var asked = new List<string>();
        page.Request += (_, request) =>
        {
            if (request.Url.EndsWith(".png", StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal))
                asked.Add(request.Url);
        };
        await page.GotoAsync(new Uri(study.Address, $"/p/{key}").AbsoluteUri);
        for (int i = 0; i < 3; i++)
        {
            await Shown(page, i);
            await page.Keyboard.PressAsync("1");
        }

        await page.Locator("#thanks").WaitForAsync();
        Assert.Equal(9, asked.Count);
        Assert.Equal(9, asked.Distinct().Count());
    }

    [Fact]
    public async Task Link_Unknown_SaysSo()
    {
        await using var study = await RunningStudy.Start();
        var page = await browser.Open(new Uri(study.Address, "/p/unknown"));
        await page.GetByText("There is no such personal link").WaitForAsync();
        Assert.True(await page.Locator("#retry").IsHiddenAsync());
    }

    [Fact]
    public async Task Operator_InvitesAndSeesProgress()
    {
        await using var study = await RunningStudy.Start();
        var page = await browser.Open(new Uri(study.Address, $"/operator?token={RunningStudy.Token}"));
        Assert.DoesNotContain("token", page.Url);
        await page.GetByText("Nobody is invited yet").WaitForAsync();
        await page.Locator("#many").FillAsync("2");
        await page.Locator("#note").FillAsync("<b>course</b>");
        await page.GetByText("Make personal links").ClickAsync();
        await page.GetByText("P002").WaitForAsync();
        Assert.Equal("<b>course</b>", await page.Locator("td.note").First.TextContentAsync());
        Assert.Equal("2", await page.Locator("#invited").TextContentAsync());
        var download = await page.RunAndWaitForDownloadAsync(() => page.Locator("#export").ClickAsync());
        Assert.Equal("answers.csv", download.SuggestedFilename);
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Pages_Axe_FindsNothing(ColorScheme scheme, int width)
    {
        await using var study = await RunningStudy.Start(1, 1);
        string key = await study.Invite("a note");
        var page = await browser.Open(new Uri(study.Address, $"/p/{key}"), width, 800, scheme);
        await page.Locator("#agree").WaitForAsync();
        await Check(page);
        await page.Locator("#agree").ClickAsync();
        await Shown(page, 0);
        await Check(page);
        Assert.True(await page.Locator("[data-choice=same]").BoundingBoxAsync() is { } box && box.Y + box.Height <= 800);
        await page.Keyboard.PressAsync("1");
        await page.Locator("#thanks").WaitForAsync();
        await Check(page);
        await page.GotoAsync(new Uri(study.Address, $"/operator?token={RunningStudy.Token}").AbsoluteUri);
        await page.GetByText("P001").WaitForAsync();
        await Check(page);
        await page.GotoAsync(study.Address.AbsoluteUri);
        await Check(page);
    }

    private static async Task Check(IPage page)
    {
        var result = await page.RunAxe();
        Assert.Empty(result.Violations.Select(v => $"{v.Id}: {v.Help} {string.Join(" ", v.Nodes.Select(n => n.Html))}"));
    }

    private static Task Shown(IPage page, int position) => page.Locator($"#trio[data-position='{position}']:not(.loading)").WaitForAsync();

    private async Task<IPage> Begin(RunningStudy study, string key)
    {
        var page = await browser.Open(new Uri(study.Address, $"/p/{key}"));
        await page.Locator("#agree").ClickAsync();
        return page;
    }
}
