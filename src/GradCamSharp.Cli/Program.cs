using GradCamSharp.Cli;
using GradCamSharp.Cli.CommandLine;

return CommandRun.Invoke(ToolCommand.Create(), args);
