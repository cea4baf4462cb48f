using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Targets;

namespace GradCamSharp.Cli.Explaining;

/// <summary>The classes that <c>--class</c> names.</summary>
internal static class ClassOption
{
    public static IReadOnlyList<ClassRequest> Parse(IEnumerable<string> names, Labels labels, long count)
    {
        try
        {
            return ClassNames.Parse(names, labels, count);
        }
        catch (ArgumentException e)
        {
            throw new UsageException("--" + e.Message);
        }
    }
}
