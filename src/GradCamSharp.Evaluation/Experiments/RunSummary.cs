using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using GradCamSharp.Evaluation.Records;

namespace GradCamSharp.Evaluation.Experiments;

/// <summary>What a run's records say in the end.</summary>
public abstract record RunSummary
{
    private static readonly JsonSerializerOptions Readable =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The number of pictures that were measured.</summary>
    public required int Pictures { get; init; }

    /// <summary>The number of pictures that could not be measured.</summary>
    public required int Errors { get; init; }

    /// <summary>The number of pairs of a picture and a class.</summary>
    public required int Pairs { get; init; }

    /// <summary>Why nothing is measured where there are pictures but no pair, in words.</summary>
    public abstract string WhyNothing { get; }

    /// <summary>The summary as one JSON document.</summary>
    public abstract JsonObject ToJson();

    /// <summary>The summary's JSON as text.</summary>
    public string ToText() => ToJson().ToJsonString(Readable);

    /// <summary>Counts pictures in rows that are sorted by picture.</summary>
    private protected sealed class PictureCount
    {
        private int last = -1;

        public int Pictures { get; private set; }

        public int Errors { get; private set; }

        public void Add(PictureRow row)
        {
            if (row.Index != last)
                Pictures++;
            last = row.Index;
            if (row is FailedRow)
                Errors++;
        }
    }
}
