using System.CommandLine;

namespace GradCamSharp.Cli.Commands;

/// <summary><c>gradcam study</c>: the human trust study of the paper's section 4.2.</summary>
internal static class StudyCommand
{
    public static Command Create() => new("study", "Asks people which of two methods explains pictures better, and measures their answers.")
    {
        StudyCreateCommand.Create(),
        StudyServeCommand.Create(),
        StudyReportCommand.Create(),
    };

    public static Argument<string> Folder() => new("DIR") { Description = "The study's folder." };
}
