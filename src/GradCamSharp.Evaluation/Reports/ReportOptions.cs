namespace GradCamSharp.Evaluation.Reports;

/// <summary>What a report shows beside the tables.</summary>
public sealed record ReportOptions
{
    /// <summary>The number of pictures shown side by side: those with the largest differences between two methods; 0 for none.</summary>
    public int Figures { get; init; } = 8;

    /// <summary>The two methods that are compared, by name; null for gradcam++ and gradcam, or the run's first two.</summary>
    public (string First, string Second)? Pair { get; init; }
}
