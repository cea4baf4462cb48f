namespace GradCamSharp.Benchmarks;

/// <summary>The checkout that benchmarks run from.</summary>
internal static class Checkout
{
    /// <summary>A model that ships inside the tool.</summary>
    public static string Model(string name) => Path.Combine(Root(), "src", "GradCamSharp.Cli", "Models", name + ".onnx");

    /// <summary>The folder of the solution.</summary>
    /// <exception cref="DirectoryNotFoundException">The program does not run from a checkout.</exception>
    public static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "GradCamSharp.slnx")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("Run this from a checkout: the samples and the model lie there.");
    }
}
