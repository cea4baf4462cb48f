namespace GradCamSharp.Evaluation.DataSets;

/// <summary>Pictures to measure explanations on, with what is known of them. Files of a data set are untrusted.</summary>
public abstract class DataSet
{
    /// <summary>The layout: folder, classes, imagenet, voc or coco.</summary>
    public abstract string Kind { get; }

    /// <summary>The data set's folder.</summary>
    public abstract string Root { get; }

    /// <summary>The pictures, in ordinal order of their ids.</summary>
    public abstract IReadOnlyList<DataSetPicture> Pictures { get; }

    /// <summary>The list of pictures that is read, where the data set has several; null where all pictures are.</summary>
    public virtual string? ImageSet => null;

    /// <summary>The number of pictures that lie in the data set, whether the list has them or not.</summary>
    public virtual int Available => Pictures.Count;

    /// <summary>Whether objects are annotated.</summary>
    public virtual bool HasObjects => false;

    /// <summary>The objects that are annotated in a picture; empty where there are none. May be called from several threads.</summary>
    /// <param name="picture">One of <see cref="Pictures"/>.</param>
    /// <exception cref="InvalidDataException">The annotation is damaged; the message names file and line.</exception>
    public virtual IReadOnlyList<AnnotatedObject> Objects(DataSetPicture picture) => [];

    /// <summary>The classes of a picture: those that the layout gives it, else those of its objects, each once, in ordinal order.</summary>
    /// <param name="picture">One of <see cref="Pictures"/>.</param>
    /// <exception cref="InvalidDataException">The annotation is damaged; the message names file and line.</exception>
    public IReadOnlyList<string> ClassesOf(DataSetPicture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return picture.Classes.Count > 0 ? picture.Classes
            : [.. Objects(picture).Select(o => o.Class).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <summary>Opens a data set and recognises its layout.</summary>
    /// <param name="path">
    /// A folder of pictures; a folder of one folder a class; ImageNet's validation folder; a VOCdevkit's year folder
    /// (JPEGImages, Annotations, ImageSets/Main) or the VOCdevkit that holds one; COCO's folder
    /// (annotations/instances_*.json) or an instances JSON itself.
    /// </param>
    /// <param name="options">Which part; null for the defaults.</param>
    /// <exception cref="InvalidDataException">
    /// There are no pictures, or a list of them is damaged; the message names file and line.
    /// </exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static DataSet Open(string path, DataSetOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new DataSetOptions();
        var root = Path.GetFullPath(path);
        DataSet data = Recognise(root, path, options);
        if (data.Pictures.Count == 0)
        {
            throw new InvalidDataException(data.HasObjects && options.ImageSet is { } set
                ? $"The image set '{set}' of '{path}' lists no pictures."
                : data.HasObjects ? $"'{path}' lists no pictures. Choose an image set that does, or other data."
                : $"'{path}' holds no pictures ({string.Join(", ", PictureFiles.Extensions)}). Give another folder.");
        }
        return data;
    }

    private static DataSet Recognise(string root, string path, DataSetOptions options)
    {
        if (File.Exists(root))
        {
            return root.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
                ? CocoDataSet.OfFile(root, options)
                : throw new InvalidDataException(
                    $"'{path}' is a file. Give a folder of pictures, a data set's folder or COCO's instances JSON.");
        }

        if (!Directory.Exists(root))
            throw new DirectoryNotFoundException($"There is no folder '{path}'.");
        if (VocDataSet.Find(root) is { } voc)
            return new VocDataSet(voc, options);
        if (CocoDataSet.Find(root, options) is { } instances)
            return CocoDataSet.OfFile(instances, options);
        if (ImageNetDataSet.FindGroundTruth(root, options) is { } truth)
            return new ImageNetDataSet(root, truth);
        return new FolderDataSet(root);
    }
}
