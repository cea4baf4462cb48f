using GradCamSharp.Site;

// dotnet run --project docs/site                      writes the site to artifacts/site
// dotnet run --project docs/site -- methods [NAME...] draws the methods' pictures anew, all or some, and renews their pages' heads
// dotnet run --project docs/site -- sheet MODEL PICTURES FILE.jpg [maps]
//                                                     draws what all methods make of a folder's pictures, on them or the maps alone
const string Usage = "Usage: dotnet run --project docs/site [-- methods [NAME...] | -- sheet MODEL PICTURES FILE.jpg [maps]]";
string root = RepositoryFolder.Find(Environment.CurrentDirectory) ?? RepositoryFolder.Find(AppContext.BaseDirectory)
    ?? throw new DirectoryNotFoundException("Run this in the repository: no folder above holds GradCamSharp.slnx.");
switch (args)
{
    case ["methods", .. var names]:
        MethodPages.Renew(root);
        MethodPictures.Draw(root, names);
        return 0;
    case ["sheet", var model, var pictures, var file]:
        ContactSheet.Draw(root, model, pictures, file, mapsAlone: false);
        return 0;
    case ["sheet", var model, var pictures, var file, "maps"]:
        ContactSheet.Draw(root, model, pictures, file, mapsAlone: true);
        return 0;
    case []:
        string target = Path.Combine(root, "artifacts", "site");
        var broken = SiteBuilder.Build(root, target);
        foreach (string link in broken)
            Console.Error.WriteLine(link);
        Console.WriteLine(Path.Combine(target, "index.html"));
        return broken.Count == 0 ? 0 : 1;
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}
