namespace OnnxGrad.Tests.Rules;

public class OperatorsPageTests
{
    private const string Switch = "GRADCAM_UPDATE_DOCS";

    [Fact]
    public void Render_CommittedPage_IsCurrent()
    {
        string path = Path.Combine(SharedData.RepositoryRoot(), "docs", "operators.md");
        string page = OperatorsPage.Render(RuleTable.Rows);
        if (Environment.GetEnvironmentVariable(Switch) == "1")
            File.WriteAllText(path, page);
        Assert.True(
            File.Exists(path) && File.ReadAllText(path).ReplaceLineEndings("\n") == page,
            $"docs/operators.md is not what the tables say. Run this test with {Switch}=1 and commit the page.");
    }
}
