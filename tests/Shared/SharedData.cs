namespace GradCamSharp.Testing;

/// <summary>Test data that is not part of the repository: the folder "shared" beside it.</summary>
public static class SharedData
{
    private static readonly string Root = System.IO.Path.GetFullPath(System.IO.Path.Combine(RepositoryRoot(), "..", "shared"));

    /// <summary>The full path of a file or folder of the shared data. Skips the test where it is absent; on CI the test fails.</summary>
    public static string Path(string relative)
    {
        var path = System.IO.Path.Combine(Root, relative);
        if (System.IO.Path.Exists(path)) return path;
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail($"The shared test data lack '{relative}', and on CI they must be there.");
        Assert.Skip($"The shared test data lack '{relative}': they belong in a folder named 'shared' beside the repository.");
        return path;
    }

    /// <summary>
    /// The full path of a file or folder of the shared data, or null where it is absent: for lists of test cases, which must not skip.
    /// </summary>
    public static string? Find(string relative)
    {
        var path = System.IO.Path.Combine(Root, relative);
        return System.IO.Path.Exists(path) ? path : null;
    }

    /// <summary>The folder that holds GradCamSharp.slnx.</summary>
    public static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "GradCamSharp.slnx"))) return folder.FullName;
        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds GradCamSharp.slnx.");
    }
}
