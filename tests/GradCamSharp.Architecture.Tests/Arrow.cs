namespace GradCamSharp.Architecture.Tests;

/// <summary>Code in one folder uses a type that another folder declares.</summary>
/// <param name="From">The folder of the code; the project's own folder is its name.</param>
/// <param name="To">The folder of the type.</param>
/// <param name="Example">One place where it does: file, line and type.</param>
public sealed record Arrow(string From, string To, string Example);
