using System.CommandLine;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Commands;

namespace GradCamSharp.Cli;

/// <summary><c>gradcam</c>: all commands.</summary>
internal static class ToolCommand
{
    public static RootCommand Create()
    {
        var root = new RootCommand("See what an ONNX vision model looks at: heat maps of the evidence for any class.")
        {
            ExplainCommand.Create(),
            ConceptsCommand.Create(),
            DescribeCommand.Create(),
            LayersCommand.Create(),
            CheckCommand.Create(),
            BenchCommand.Create(),
            ExportCommand.Create(),
            MethodsCommand.Create(),
            VisualizeCommand.Create(),
            NeuronsCommand.Create(),
            ModelsCommand.Create(),
            ScenesCommand.Create(),
            EvaluateCommand.Create(),
            AuditCommand.Create(),
            CompareCommand.Create(),
            StudyCommand.Create(),
            ServeCommand.Create(),
        };
        root.Options.Add(CommandRun.Verbose);
        return root;
    }
}
