using System.Runtime.InteropServices;

namespace GradCamSharp.Runtime;

/// <summary>The C library's heap, in which ONNX Runtime works.</summary>
internal static partial class NativeHeap
{
    /// <summary>
    /// Gives memory that is free back to the system. Opening a graph copies and reorders its weights, and glibc keeps what that leaves
    /// behind: 50 to 120 MB each time for VGG-16. Other C libraries do without.
    /// </summary>
    public static void Trim()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = MallocTrim(0);
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            // musl has no such function, and no such habit.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nuint pad);
}
