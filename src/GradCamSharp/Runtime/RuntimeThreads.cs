using Microsoft.ML.OnnxRuntime;

namespace GradCamSharp.Runtime;

/// <summary>One pool of threads for all sessions of the process: two pools would spin against each other for the same cores.</summary>
internal static class RuntimeThreads
{
    private static readonly Lock Gate = new();
    private static bool? shared;

    /// <summary>
    /// Sets up the shared pool; to be called before anything else of ONNX Runtime is made, options included: they create its environment.
    /// </summary>
    /// <param name="threads">The number of threads; 0 for one a core. The first call decides for the process.</param>
    public static void Prepare(int threads)
    {
        lock (Gate)
            shared ??= TryShare(threads);
    }

    /// <summary>
    /// Makes a session use the shared pool, or, where the host has set up ONNX Runtime before us, a pool of its own that does not spin.
    /// </summary>
    /// <param name="options">The session's options.</param>
    /// <param name="threads">The number of threads; 0 for one a core. The first call decides for the process.</param>
    public static void Apply(SessionOptions options, int threads)
    {
        Prepare(threads);
        if (shared == true)
        {
            options.DisablePerSessionThreads();
            // All sessions take the memory of their runs from one arena, but that of their weights goes when they go.
            options.AddSessionConfigEntry("session.use_env_allocators", "1");
            options.AddSessionConfigEntry("session.use_device_allocator_for_initializers", "1");
            return;
        }

        options.IntraOpNumThreads = threads;
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
    }

    private static bool TryShare(int threads)
    {
        if (OrtEnv.IsCreated)
            return false;
        using var pool = new OrtThreadingOptions
        {
            GlobalIntraOpNumThreads = threads > 0 ? threads : Environment.ProcessorCount,
            GlobalInterOpNumThreads = 1,
        };
        var environment = new EnvironmentCreationOptions
        {
            logId = "gradcam",
            logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
            threadOptions = pool,
        };
        var env = OrtEnv.CreateInstanceWithOptions(ref environment);
        using var memory = new OrtMemoryInfo(OrtMemoryInfo.allocatorCPU, OrtAllocatorType.ArenaAllocator, 0, OrtMemType.Default);
        // 0 and -1 are the runtime's own settings.
        using var arena = new OrtArenaCfg(0, -1, -1, -1);
        env.CreateAndRegisterAllocator(memory, arena);
        return true;
    }
}
