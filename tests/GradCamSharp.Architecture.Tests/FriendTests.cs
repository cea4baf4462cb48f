using System.Text.RegularExpressions;

namespace GradCamSharp.Architecture.Tests;

/// <summary>What a package hides is hidden from the other packages, too.</summary>
public class FriendTests
{
    public static TheoryData<string> Projects => [.. ProjectSources.All];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Internals_OfAProject_AreVisibleToItsTestsAlone(string project)
    {
        var friends = Regex.Matches(File.ReadAllText(ProjectSources.Project(project)), "InternalsVisibleTo Include=\"(.*?)\"");

        Assert.All(friends, friend => Assert.EndsWith(".Tests", friend.Groups[1].Value, StringComparison.Ordinal));
    }
}
