using GradCamSharp.Output;

namespace GradCamSharp.Tests.Output;

public sealed class AtomicFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gradcam-atomic");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Write_NewFolder_FileAloneIsThere()
    {
        var path = Path.Combine(_folder.FullName, "new", "a.bin");
        AtomicFile.Write(path, new byte[] { 1, 2 });
        Assert.Equal([1, 2], File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void Write_Failing_LeavesTheOldFileAndNothingElse()
    {
        var path = Path.Combine(_folder.FullName, "a.bin");
        File.WriteAllText(path, "old");
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, stream =>
        {
            stream.WriteByte(1);
            throw new InvalidOperationException();
        }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(_folder.GetFiles());
    }

    [Fact]
    public void RemoveTorn_KilledWriters_TakesTheirFilesAlone()
    {
        string path = Path.Combine(_folder.FullName, "a.bin");
        string torn = $".a.bin.{Guid.NewGuid():N}.part";
        string[] others = ["a.bin", ".a.bin.mine.part", $".b.bin.{Guid.NewGuid():N}.part", $".a.bin.{Guid.NewGuid():N}.whole"];
        foreach (string name in others.Append(torn))
            File.WriteAllText(Path.Combine(_folder.FullName, name), "");
        AtomicFile.RemoveTorn(path);
        Assert.Equal(others.Order(StringComparer.Ordinal), _folder.GetFiles().Select(f => f.Name).Order(StringComparer.Ordinal));
        AtomicFile.RemoveTorn(Path.Combine(_folder.FullName, "nowhere", "a.bin"));
    }

    [Fact]
    public void Write_Again_Replaces()
    {
        var path = Path.Combine(_folder.FullName, "a.bin");
        AtomicFile.Write(path, new byte[9]);
        AtomicFile.Write(path, new byte[] { 7 });
        Assert.Equal([7], File.ReadAllBytes(path));
    }

    [Fact]
    public void Write_WhereAFolderIsAFile_Throws()
    {
        var file = Path.Combine(_folder.FullName, "file");
        File.WriteAllText(file, "");
        Assert.ThrowsAny<IOException>(() => AtomicFile.Write(Path.Combine(file, "a.bin"), new byte[1]));
    }
}
