namespace GradCamSharp.Studies;

/// <summary>What a caller can change where a study cannot be made, served or reported as asked.</summary>
public enum StudyError
{
    /// <summary>Too few classes have as many pictures as are asked for.</summary>
    TooFewClasses,

    /// <summary>A class that is asked for has too few pictures.</summary>
    TooFewPictures,

    /// <summary>A class of the data set is none of the model's.</summary>
    UnknownClass,

    /// <summary>The folder holds no study.</summary>
    NoStudy,

    /// <summary>The folder holds a study that is not finished.</summary>
    UnfinishedStudy,

    /// <summary>Nobody has answered yet.</summary>
    NoAnswers,
}
