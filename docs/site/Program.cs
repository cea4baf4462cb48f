using GradCamSharp.Site;

// dotnet run --project docs/site             writes the site to artifacts/site
// dotnet run --project docs/site -- methods  draws the methods' pictures anew and renews what their pages take from the list of methods
string root = RepositoryFolder.Find(Environment.CurrentDirectory) ?? RepositoryFolder.Find(AppContext.BaseDirectory)
    ?? throw new DirectoryNotFoundException("Run this in the repository: no folder above holds GradCamSharp.slnx.");
if (args is ["methods"])
{
    MethodPages.Renew(root);
    MethodPictures.Draw(root);
    return 0;
}

if (args.Length > 0)
{
    Console.Error.WriteLine("Usage: dotnet run --project docs/site [-- methods]");
    return 2;
}

string target = Path.Combine(root, "artifacts", "site");
var broken = SiteBuilder.Build(root, target);
foreach (string link in broken)
    Console.Error.WriteLine(link);
Console.WriteLine(Path.Combine(target, "index.html"));
return broken.Count == 0 ? 0 : 1;
