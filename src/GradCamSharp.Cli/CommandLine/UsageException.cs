namespace GradCamSharp.Cli.CommandLine;

/// <summary>The command line asks for something that does not exist; exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message)
{
    /// <summary>Makes something of what the command line says.</summary>
    /// <exception cref="UsageException">It makes no sense: an <see cref="ArgumentException"/> says why.</exception>
    public static T Check<T>(Func<T> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException e)
        {
            throw new UsageException(CommandRun.Message(e));
        }
    }
}
