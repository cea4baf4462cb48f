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
