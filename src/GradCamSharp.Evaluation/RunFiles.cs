namespace GradCamSharp.Evaluation;

/// <summary>The names of the files in a run's folder.</summary>
public static class RunFiles
{
    /// <summary>What the run is.</summary>
    public const string Manifest = "manifest.json";

    /// <summary>What was measured, a row a picture, class and method.</summary>
    public const string Records = "records.csv";

    /// <summary>The records with their types, where they were asked for.</summary>
    public const string Parquet = "records.parquet";

    /// <summary>What the records say in the end; it is there when the run has come to its end.</summary>
    public const string Summary = "summary.json";
}
