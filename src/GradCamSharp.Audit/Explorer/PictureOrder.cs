using System.Collections.Immutable;
using GradCamSharp.Audit.Results;

namespace GradCamSharp.Audit.Explorer;

/// <summary>The order of pictures on the page: class by class, so that each class is a range.</summary>
internal sealed class PictureOrder
{
    private readonly int[] places;

    /// <summary>Orders the pictures of a result.</summary>
    public PictureOrder(AuditResult result)
    {
        var grouped = result.Classes.SelectMany(c => c.Pictures).ToHashSet();
        Classes =
        [
            .. result.Classes,
            .. result.Pictures.Where(p => !grouped.Contains(p.Index)).GroupBy(p => p.Class).OrderBy(of => of.Key).Select(ClassOf),
        ];
        Pictures = [.. Classes.SelectMany(c => c.Pictures)];
        places = new int[result.Pictures.Length];
        for (int i = 0; i < Pictures.Length; i++)
            places[Pictures[i]] = i;
    }

    /// <summary>The classes, the most suspicious first.</summary>
    public ImmutableArray<AuditClass> Classes { get; }

    /// <summary>The pictures (<see cref="AuditPicture.Index"/>) in the page's order.</summary>
    public ImmutableArray<int> Pictures { get; }

    /// <summary>A picture's place in the page's order.</summary>
    public int PlaceOf(int picture) => places[picture];

    private static AuditClass ClassOf(IGrouping<int, AuditPicture> of) => new()
    {
        Class = of.Key,
        Label = of.First().Label,
        Pictures = [.. of.Select(p => p.Index)],
        Wrong = of.Count(p => p.IsRight == false),
        IsScanned = false,
    };
}
