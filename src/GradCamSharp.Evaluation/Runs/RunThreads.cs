namespace GradCamSharp.Evaluation.Runs;

/// <summary>How cores are shared between pictures and, within a picture, ONNX Runtime's operators.</summary>
/// <remarks>
/// A picture a core is faster than all cores on one picture: nothing waits for anything, and pictures are decoded while others are
/// inferred. But each picture in work holds its activations, so that machines of many cores give several to each.
/// </remarks>
public static class RunThreads
{
    private const int MostWorkers = 16;

    /// <summary>The number of pictures to work on at the same time.</summary>
    /// <param name="threads">The number of threads in all; 0 for one a core.</param>
    public static int Workers(int threads) => Math.Min(threads > 0 ? threads : Environment.ProcessorCount, MostWorkers);

    /// <summary>
    /// The size of ONNX Runtime's pool beside that many workers, which compute too: for <see cref="ExplainerOptions.Threads"/>.
    /// </summary>
    /// <param name="threads">The number of threads in all; 0 for one a core.</param>
    public static int Pool(int threads) => (threads > 0 ? threads : Environment.ProcessorCount) - Workers(threads) + 1;
}
