using System.CommandLine;

namespace GradCamSharp.Cli;

/// <summary>Options of commands, in the form that help shows them.</summary>
internal static class CommandOption
{
    /// <summary>An option without a value where it is not given.</summary>
    /// <param name="name">Its name, with its dashes.</param>
    /// <param name="helpName">What help calls its value; null for the option's own name.</param>
    /// <param name="description">What it means, and what holds without it.</param>
    public static Option<T> Of<T>(string name, string? helpName, string description) =>
        new(name) { Description = description, HelpName = helpName };

    /// <summary>An option with a value where it is not given, which help shows.</summary>
    /// <param name="name">Its name, with its dashes.</param>
    /// <param name="helpName">What help calls its value; null for the option's own name.</param>
    /// <param name="value">That value.</param>
    /// <param name="description">What it means.</param>
    public static Option<T> Of<T>(string name, string? helpName, T value, string description) =>
        new(name) { Description = description, HelpName = helpName, DefaultValueFactory = _ => value };
}
