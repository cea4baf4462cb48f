using System.Globalization;

namespace GradCamSharp.Evaluation.Runs;

/// <summary>A part of a run: of every <paramref name="Count"/> neighbouring pictures one, so that parts are disjoint and alike.</summary>
/// <param name="Index">Which part, from 1.</param>
/// <param name="Count">The number of parts.</param>
public readonly record struct Shard(int Index, int Count)
{
    private const int Most = 1_000_000;

    /// <summary>Whether a picture belongs to this part.</summary>
    /// <param name="picture">Its place in the whole run, from 0.</param>
    public bool Contains(int picture) => picture % Count == Index - 1;

    /// <summary>Reads the name of a part.</summary>
    /// <param name="text">
    /// I/N with I from 1; or auto, or auto/N, which ask the job scheduler. auto takes Slurm's SLURM_ARRAY_TASK_ID among its
    /// SLURM_ARRAY_TASK_COUNT tasks (counted from SLURM_ARRAY_TASK_MIN in steps of SLURM_ARRAY_TASK_STEP), or Kubernetes'
    /// JOB_COMPLETION_INDEX (from 0) of JOB_COMPLETIONS. auto/N says how many parts there are: then a part of an array can be started again
    /// by itself; Slurm's task ids run from 1 to N.
    /// </param>
    /// <param name="environment">The value of an environment variable; null where it is not set.</param>
    /// <exception cref="ArgumentException">It is none of these, or the variables are missing; the message says what to do.</exception>
    public static Shard Parse(string text, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(environment);
        string[] parts = text.Trim().Split('/');
        bool isAuto = parts[0].Equals("auto", StringComparison.OrdinalIgnoreCase);
        if (isAuto && parts.Length == 1)
            return Auto(null, environment);
        if (parts.Length == 2 && Number(parts[1]) is { } count and > 0)
        {
            if (isAuto)
                return Auto(count, environment);
            if (Number(parts[0]) is { } index)
                return Checked(index, count, text);
        }

        throw new ArgumentException($"'{text}' names no shard. Give I/N with I from 1 to N, for example 3/64, or auto, or auto/N.");
    }

    /// <summary>I/N.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index}/{Count}");

    private static Shard Auto(int? count, Func<string, string?> environment)
    {
        if (Variable("SLURM_ARRAY_TASK_ID") is { } task)
        {
            if (count is { } all)
                return Checked(task, all, $"SLURM_ARRAY_TASK_ID={task}");
            int first = Variable("SLURM_ARRAY_TASK_MIN") ?? 1, step = Math.Max(1, Variable("SLURM_ARRAY_TASK_STEP") ?? 1);
            int tasks = Variable("SLURM_ARRAY_TASK_COUNT")
                ?? throw new ArgumentException(
                    "SLURM_ARRAY_TASK_ID is set but SLURM_ARRAY_TASK_COUNT is not. Give auto/N with the number of tasks.");
            return Checked(((task - first) / step) + 1, tasks, $"SLURM_ARRAY_TASK_ID={task} from {first} in steps of {step}");
        }

        if (Variable("JOB_COMPLETION_INDEX") is { } index)
        {
            int completions = count ?? Variable("JOB_COMPLETIONS")
                ?? throw new ArgumentException(
                    "JOB_COMPLETION_INDEX is set but JOB_COMPLETIONS is not. Give auto/N with the Job's completions, or set " +
                    "JOB_COMPLETIONS in its pod template.");
            return Checked(index + 1, completions, $"JOB_COMPLETION_INDEX={index}");
        }

        throw new ArgumentException(
            "The shard 'auto' is a job scheduler's, but neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX is set. Start an array of " +
            "jobs, or give I/N.");

        int? Variable(string name) => environment(name) is { Length: > 0 } value
            ? Number(value) ?? throw new ArgumentException($"The environment variable {name} holds '{value}', which is no number.")
            : null;
    }

    private static Shard Checked(int index, int count, string source) => index >= 1 && index <= count && count <= Most
        ? new Shard(index, count)
        : throw new ArgumentException($"'{source}' names part {index} of {count}; parts run from 1 to their number.");

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
