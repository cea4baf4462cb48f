namespace GradCamSharp.Cli.Zoo;

/// <summary>Where what was fetched is kept.</summary>
internal static class CacheFolder
{
    /// <summary>The variable that names another folder.</summary>
    public const string HomeVariable = "GRADCAM_HOME";

    /// <summary>GRADCAM_HOME, else gradcam in the user's cache folder.</summary>
    public static string Path
    {
        get
        {
            if (Environment.GetEnvironmentVariable(HomeVariable) is { Length: > 0 } home)
                return System.IO.Path.GetFullPath(home);
            string user = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            string cache = OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : OperatingSystem.IsMacOS() ? System.IO.Path.Combine(user, "Library", "Caches")
                // The XDG specification has relative paths ignored.
                : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg && System.IO.Path.IsPathRooted(xdg) ? xdg
                : System.IO.Path.Combine(user, ".cache");
            return System.IO.Path.Combine(cache, "gradcam");
        }
    }
}
