using System.Text;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Imaging;

namespace GradCamSharp.Fuzz;

/// <summary>A harness whose way in is a folder.</summary>
public abstract class FolderHarness : Harness
{
    protected string Folder { get; } = Directory.CreateTempSubdirectory("gradcam-fuzz-").FullName;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Directory.Delete(Folder, recursive: true);
        base.Dispose(disposing);
    }

    protected string File(params string[] parts)
    {
        string file = Path.Combine([Folder, .. parts]);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        return file;
    }

    protected static void ReadAll(DataSet data)
    {
        foreach (var picture in data.Pictures)
            _ = data.Objects(picture);
    }
}

/// <summary>PASCAL VOC's annotations.</summary>
public sealed class VocHarness : FolderHarness
{
    public VocHarness()
    {
        System.IO.File.WriteAllBytes(File("JPEGImages", "a.jpg"), PictureEncoder.ToJpeg(PictureHarness.Small(), 80));
        System.IO.File.WriteAllText(File("ImageSets", "Main", "val.txt"), "a\n");
        Directory.CreateDirectory(Path.Combine(Folder, "Annotations"));
    }

    public override string Name => "voc";

    public override IReadOnlyList<string> Words { get; } =
    [
        "<object>", "</object>", "<bndbox>", "<xmin>", "<name>", "<difficult>", "<!DOCTYPE a [<!ENTITY b \"c\">]>", "&b;", "<![CDATA[",
        "<?xml",
    ];

    public override IReadOnlyList<byte[]> Seeds() =>
    [
        Encoding.UTF8.GetBytes(
            "<annotation><filename>a.jpg</filename><size><width>12</width><height>8</height><depth>3</depth></size>" +
            "<object><name>dog</name>" +
            "<difficult>0</difficult><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>7</xmax><ymax>8</ymax></bndbox></object></annotation>"),
    ];

    protected override void Take(byte[] input)
    {
        System.IO.File.WriteAllBytes(File("Annotations", "a.xml"), input);
        ReadAll(DataSet.Open(Folder));
    }
}

/// <summary>COCO's instances.</summary>
public sealed class CocoHarness : FolderHarness
{
    public CocoHarness() => System.IO.File.WriteAllBytes(File("a.jpg"), PictureEncoder.ToJpeg(PictureHarness.Small(), 80));

    public override string Name => "coco";

    public override IReadOnlyList<string> Words { get; } =
        ["\"images\":", "\"annotations\":", "\"categories\":", "\"bbox\":", "\"iscrowd\":1", "\"file_name\":\"../../a.jpg\"", "\"id\":"];

    public override IReadOnlyList<byte[]> Seeds() =>
    [
        """
        {"images":[{"id":1,"file_name":"a.jpg","width":12,"height":8}],"annotations":[{"id":7,"image_id":1,"category_id":3,
        "bbox":[1,2,6,5],"iscrowd":0,"segmentation":[[1,2,7,2,7,7]]}],"categories":[{"id":3,"name":"dog"}]}
        """u8.ToArray(),
    ];

    protected override void Take(byte[] input)
    {
        string file = File("instances_val.json");
        System.IO.File.WriteAllBytes(file, input);
        ReadAll(DataSet.Open(file));
    }
}
