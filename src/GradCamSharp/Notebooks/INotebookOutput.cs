namespace GradCamSharp.Notebooks;

/// <summary>What shows itself in a notebook.</summary>
internal interface INotebookOutput
{
    /// <summary>The picture that is shown, as a PNG file.</summary>
    byte[] ToPng();

    /// <summary>The text that stands for it.</summary>
    string ToText();
}
