using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradCamSharp.Architecture.Tests;

/// <summary>Libraries speak of their parameters. Only the command line speaks of its options and commands.</summary>
public partial class WordingTests
{
    public static TheoryData<string> Libraries => [.. ProjectSources.All.Where(name => name != "GradCamSharp.Cli")];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Strings_OfALibrary_NameNoOptionOrCommandOfTheCommandLine(string project)
    {
        string[] found =
        [
            .. from tree in ProjectSources.Load(project).Own
               from text in tree.GetRoot().DescendantTokens()
               where text.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.InterpolatedStringTextToken
                   or SyntaxKind.MultiLineRawStringLiteralToken or SyntaxKind.SingleLineRawStringLiteralToken
               where CommandLine().IsMatch(text.ValueText)
               select $"{Path.GetFileName(tree.FilePath)}:{tree.GetLineSpan(text.Span).StartLinePosition.Line + 1}: {text.ValueText}",
        ];

        Assert.True(found.Length == 0, string.Join('\n', found));
    }

    // Whoever hosts a library decides where its messages go.
    [Theory]
    [MemberData(nameof(Libraries))]
    public void Sources_OfALibrary_WriteNothingToTheConsole(string project)
    {
        string[] found =
        [
            .. from tree in ProjectSources.Load(project).Own
               from name in tree.GetRoot().DescendantNodes().OfType<MemberAccessExpressionSyntax>()
               where name.Expression is IdentifierNameSyntax { Identifier.Text: nameof(Console) }
               select $"{Path.GetFileName(tree.FilePath)}:{tree.GetLineSpan(name.Span).StartLinePosition.Line + 1}: {name}",
        ];

        Assert.True(found.Length == 0, string.Join('\n', found));
    }

    [Theory]
    [InlineData("Choose another --output.", true)]
    [InlineData("run gradcam study create once more", true)]
    [InlineData(":root { --ink: #1b1f27; color: var(--ink) }", false)]
    [InlineData("Use gradcam or gradcam++.", false)]
    public void CommandLine_OfAText_IsFound(string text, bool isFound) => Assert.Equal(isFound, CommandLine().IsMatch(text));

    // Properties of style sheets are written --name: or var(--name); methods are called gradcam and gradcam++.
    [GeneratedRegex(
        @"(?<![\w(-])--[a-z][a-z-]*(?![a-z-]*:)|\bgradcam (explain|layers|check|export|bench|evaluate|scenes|models|serve|study)\b")]
    private static partial Regex CommandLine();
}
