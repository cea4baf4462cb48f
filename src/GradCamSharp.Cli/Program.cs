using System.CommandLine;
using GradCamSharp.Cli.Commands;

var root = new RootCommand("See what an ONNX vision model looks at.")
{
    ScenesCommand.Create(),
};

return root.Parse(args).Invoke();
