namespace OnnxGrad;

/// <summary>What is known of an operator beside its derivative.</summary>
[Flags]
public enum OperatorProperties
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It moves, shrinks or copies features and makes none: the value that it reads says the same in more detail.</summary>
    MakesNoFeatures = 1,

    /// <summary>
    /// Along the axis of the classes each result depends on its own class alone, where input and output have one position a class.
    /// </summary>
    KeepsClasses = 2,

    /// <summary>It averages, takes maxima over, scales or rearranges positions: a linear classifier after it weighs channels.</summary>
    PoolsPositions = 4,

    /// <summary>Its result is never negative.</summary>
    NeverNegative = 8,

    /// <summary>Its result is not negative where no input is.</summary>
    NonNegativeByInputs = 16,

    /// <summary>Its result is not negative where the first input is not.</summary>
    NonNegativeByFirstInput = 32,

    /// <summary>It has points without a derivative, so that finite differences across them are no measure of it.</summary>
    HasKinks = 64,

    /// <summary>Its result depends on the shape of what it reads, not on the content.</summary>
    ReadsOnlyShapes = 128,
}
