using System.CommandLine;
using GradCamSharp.Cli.Commands;

namespace GradCamSharp.Cli.Tests.Commands;

public sealed class MethodOptionTests
{
    /// <summary>Nobody has to remember which verb takes one method and which several.</summary>
    [Fact]
    public void Methods_OfEveryCommand_AreNamedInBothWays()
    {
        Command[] commands =
        [
            BenchCommand.Create(), CheckCommand.Create(), ExplainCommand.Create(), ExportCommand.Create(),
            EvaluateFaithfulnessCommand.Create(), EvaluateLocalizationCommand.Create(), EvaluateScenesCommand.Create(),
            StudyCreateCommand.Create(),
        ];
        int found = 0;
        foreach (var command in commands)
        {
            foreach (var option in command.Options.Where(o => o.Name is "--method" or "--methods"))
            {
                found++;
                Assert.Contains(option.Name == "--method" ? "--methods" : "--method", option.Aliases);
            }
        }

        Assert.Equal(8, found);
    }
}
