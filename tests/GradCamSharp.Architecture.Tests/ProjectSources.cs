using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradCamSharp.Architecture.Tests;

/// <summary>The sources of one project of src/, compiled for their meaning alone.</summary>
public sealed class ProjectSources
{
    private static readonly ConcurrentDictionary<string, ProjectSources> Loaded = new();

    private readonly string folder;
    private readonly CSharpCompilation compilation;

    private ProjectSources(string folder, CSharpCompilation compilation) => (this.folder, this.compilation) = (folder, compilation);

    /// <summary>The projects of src/, by name.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. Directory.EnumerateDirectories(Path.Combine(SharedData.RepositoryRoot(), "src")).Select(d => Path.GetFileName(d)!)
            .Where(name => File.Exists(Project(name))).Order(StringComparer.Ordinal)];

    /// <summary>The project file.</summary>
    /// <param name="name">The project's name.</param>
    public static string Project(string name) => Path.Combine(SharedData.RepositoryRoot(), "src", name, name + ".csproj");

    /// <summary>Compiles a project, once.</summary>
    /// <param name="name">The project's name.</param>
    public static ProjectSources Load(string name) => Loaded.GetOrAdd(name, Compile);

    private static ProjectSources Compile(string name)
    {
        string folder = Path.GetDirectoryName(Project(name))!;
        string configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string generated = Path.Combine(SharedData.RepositoryRoot(), "artifacts", "obj", name, configuration);
        var options = new CSharpParseOptions(LanguageVersion.Latest);
        var trees = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(generated, "*.cs", SearchOption.AllDirectories))
            .Concat(Linked(name, folder))
            .Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), options, file));
        string own = AssemblyName(name);
        // What the tests run with is what the projects are built against.
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => Path.GetFileNameWithoutExtension(file) != own)
            .Select(file => MetadataReference.CreateFromFile(file));
        return new ProjectSources(folder, CSharpCompilation.Create(
            own, trees, references, new CSharpCompilationOptions(
                File.Exists(Path.Combine(folder, "Program.cs")) ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
                allowUnsafe: true)));
    }

    /// <summary>Names that the compiler cannot resolve: where there are any, arrows are missing.</summary>
    public IReadOnlyList<string> Errors =>
        [.. compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error && d.Id is not ("CS8795" or "CS0619"))
            .Select(d => d.ToString())];

    /// <summary>The project's own sources, without what generators and other projects add.</summary>
    public IEnumerable<SyntaxTree> Own => compilation.SyntaxTrees.Where(tree => Folder(tree.FilePath) is not null);

    /// <summary>The types that the project declares, nested ones too.</summary>
    public IEnumerable<INamedTypeSymbol> Types() => Types(compilation.Assembly.GlobalNamespace);

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceOrTypeSymbol within) => within.GetMembers().SelectMany(
        member => member switch
        {
            INamedTypeSymbol type => Types(type).Prepend(type),
            INamespaceSymbol below => Types(below),
            _ => [],
        });

    /// <summary>Which folder uses types of which; one example each.</summary>
    public IReadOnlyList<Arrow> Arrows()
    {
        var arrows = new SortedDictionary<(string From, string To), Arrow>();
        foreach (var tree in compilation.SyntaxTrees)
        {
            if (Folder(tree.FilePath) is not { } from)
                continue;
            var model = compilation.GetSemanticModel(tree);
            foreach (var name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
            {
                foreach (var type in Types(model.GetSymbolInfo(name).Symbol))
                {
                    var declared = type.DeclaringSyntaxReferences.Select(r => Folder(r.SyntaxTree.FilePath)).OfType<string>().ToHashSet();
                    if (declared.Count == 0 || declared.Contains(from))
                        continue;
                    string to = declared.Order(StringComparer.Ordinal).First();
                    int line = tree.GetLineSpan(name.Span).StartLinePosition.Line + 1;
                    string file = Path.GetRelativePath(folder, tree.FilePath);
                    arrows.TryAdd((from, to), new Arrow(from, to, $"{file}:{line} uses {type.Name}"));
                }
            }
        }

        return [.. arrows.Values];
    }

    // The type that a name stands for or belongs to. A value's own type counts where it is named or a member of it is used.
    private static IEnumerable<INamedTypeSymbol> Types(ISymbol? symbol)
    {
        var type = symbol switch
        {
            INamedTypeSymbol named => named,
            IMethodSymbol { ReducedFrom: { } extension } => extension.ContainingType,
            IMethodSymbol or IPropertySymbol or IFieldSymbol or IEventSymbol => symbol.ContainingType,
            _ => null,
        };
        return type is null ? [] : [type.OriginalDefinition];
    }

    private string? Folder(string file)
    {
        string relative = Path.GetRelativePath(folder, file);
        if (relative.StartsWith("..", StringComparison.Ordinal))
            return null;
        string inside = Path.GetDirectoryName(relative)!.Replace(Path.DirectorySeparatorChar, '/');
        return inside.Length == 0 ? Path.GetFileName(folder) : inside;
    }

    // Files of other projects that this one compiles too: in no folder of its own, so that no arrow leads to them.
    private static IEnumerable<string> Linked(string name, string folder) =>
        Regex.Matches(File.ReadAllText(Project(name)), "<Compile Include=\"(.*?)\"").SelectMany(match =>
        {
            string path = Path.GetFullPath(Path.Combine(folder, match.Groups[1].Value));
            return Directory.EnumerateFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path));
        });

    private static string AssemblyName(string project)
    {
        string text = File.ReadAllText(Project(project));
        var match = Regex.Match(text, "<AssemblyName>(.*?)</AssemblyName>");
        return match.Success ? match.Groups[1].Value : project;
    }
}
