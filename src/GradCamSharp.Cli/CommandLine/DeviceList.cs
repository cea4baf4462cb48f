using System.CommandLine.Parsing;

namespace GradCamSharp.Cli.CommandLine;

/// <summary><c>--device list</c>: what this installation and this machine can compute on, and why not on the others.</summary>
internal static class DeviceList
{
    /// <summary>What is given in place of a device.</summary>
    public const string Word = "list";

    /// <summary>Whether a command line asks for the list; what else it lacks does not matter then.</summary>
    /// <param name="result">The command.</param>
    public static bool IsAskedFor(CommandResult result) => result.Children.OfType<OptionResult>().Any(
        o => o.Option.Name == ModelOptions.Device && o.Tokens is [{ Value: Word }]);

    /// <summary>Writes the list.</summary>
    /// <param name="output">Where to.</param>
    public static void Write(TextWriter output)
    {
        foreach (var device in DeviceSupport.All())
            output.WriteLine($"{device.Device,-9} {(device.IsUsable ? "can be used" : device.Reason)}");
    }
}
