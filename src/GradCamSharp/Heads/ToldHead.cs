namespace GradCamSharp.Heads;

/// <summary>What is said of a model's outputs beside what they are like.</summary>
/// <param name="Task">What the model does, as the user says it; null to find out.</param>
/// <param name="Roles">Which outputs hold boxes and scores, as the user says it; null to find out.</param>
/// <param name="Architectures">The architectures that a config.json beside the model names.</param>
internal sealed record ToldHead(string? Task, OutputRoles? Roles = null, IReadOnlyList<string>? Architectures = null);
