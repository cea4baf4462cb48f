using Microsoft.CodeAnalysis;

namespace GradCamSharp.Architecture.Tests;

/// <summary>A record is compared by value and does not change: an array in it is neither.</summary>
public class RecordTests
{
    public static TheoryData<string> Projects => [.. ProjectSources.All];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Records_OfAProject_HoldNoArrays(string project)
    {
        string[] found =
        [
            .. from type in ProjectSources.Load(project).Types()
               where type.IsRecord
               from member in type.GetMembers()
               where member is IPropertySymbol { Type: IArrayTypeSymbol, IsStatic: false }
                   or IFieldSymbol { Type: IArrayTypeSymbol, IsStatic: false, IsImplicitlyDeclared: false }
               select $"{type.ToDisplayString()}.{member.Name}",
        ];

        Assert.True(found.Length == 0, "Use ImmutableArray or ReadOnlyMemory instead:\n" + string.Join('\n', found));
    }
}
