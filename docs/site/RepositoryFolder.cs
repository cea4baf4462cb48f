namespace GradCamSharp.Site;

/// <summary>Where the repository lies.</summary>
public static class RepositoryFolder
{
    /// <summary>The nearest folder from <paramref name="start"/> upwards that holds the solution; null where there is none.</summary>
    public static string? Find(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "GradCamSharp.slnx")))
                return folder.FullName;
        }

        return null;
    }
}
