using GradCamSharp.Cli;

return CommandRun.Invoke(ToolCommand.Create(), args);
