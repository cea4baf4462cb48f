using GradCamSharp.Imaging;
using GradCamSharp.Output;

namespace GradCamSharp.Cli.Zoo;

/// <summary>
/// The fetched models: a folder a model, with its preprocessing and its labels beside it, where every command looks for them.
/// </summary>
/// <param name="root">The folder that holds the models' folders.</param>
internal sealed class ModelStore(string root)
{
    /// <summary>The store in the user's cache folder.</summary>
    public static ModelStore User => new(Path.Combine(CacheFolder.Path, "models"));

    /// <summary>Where a model's file lies, or is to lie.</summary>
    public string PathOf(ZooModel model) => Path.Combine(root, model.Name, model.FileName);

    /// <summary>Whether a model's file is there, whole by its length. Its SHA-256 was checked before it got its name.</summary>
    public bool Has(ZooModel model) => new FileInfo(PathOf(model)) is { Exists: true } file && file.Length == model.Bytes;

    /// <summary>A model's file, fetched if it is not there.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Where from, and how patiently.</param>
    /// <param name="say">Told what happens.</param>
    /// <param name="cancellationToken">Stops the download; what has come is kept for the next one.</param>
    /// <returns>The file's path.</returns>
    /// <exception cref="IOException">It cannot be fetched; the message says what was tried and what to do.</exception>
    public string Get(ZooModel model, DownloadOptions options, Action<string> say, CancellationToken cancellationToken)
    {
        string path = PathOf(model);
        if (!Has(model))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var turn = FileLock.Take(
                path + ".lock", () => say($"Another gradcam is fetching {model.Name}; waiting for it."), cancellationToken);
            if (!Has(model))
                new ModelDownload(model, options, path, say).Run(cancellationToken);
        }

        WriteSidecarFiles(model, Path.GetDirectoryName(path)!);
        return path;
    }

    /// <summary>Whether the file that is there has the SHA-256 that it should.</summary>
    public bool Verify(ZooModel model) => model.Is(PathOf(model));

    private static void WriteSidecarFiles(ZooModel model, string folder)
    {
        string preprocessing = Path.Combine(folder, "preprocessor_config.json"), labels = Path.Combine(folder, "labels.txt");
        if (!File.Exists(preprocessing))
            AtomicFile.Write(preprocessing, System.Text.Encoding.UTF8.GetBytes(PreprocessingFile.ToJson(model.Preprocessing)));
        if (!File.Exists(labels))
            AtomicFile.Write(labels, System.Text.Encoding.UTF8.GetBytes(ModelZoo.ImageNetLabels));
    }
}
