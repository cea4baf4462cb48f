namespace GradCamSharp.Visualizing;

/// <summary>
/// How a picture of a class is grown (Simonyan et al., arXiv 1312.6034, Eq. 1; steps of Yosinski et al., arXiv 1506.06579).
/// </summary>
public sealed record ClassModelOptions
{
    /// <summary>How many steps uphill, from 1; each is a forward and a backward pass.</summary>
    public int Steps { get; init; } = 256;

    /// <summary>The root mean square of a step, in the units of the network's input; above 0.</summary>
    public double Rate { get; init; } = 0.5;

    /// <summary>The share of the picture that each step takes away, 0 to 1: twice the rate times the penalty on its squares.</summary>
    public double Decay { get; init; } = 0.02;

    /// <summary>By how many pixels the picture is shifted at most before a step, along each axis, from 0.</summary>
    public int Jitter { get; init; } = 16;

    /// <summary>The standard deviation of the blur, in pixels; 0 for none.</summary>
    public double Blur { get; init; } = 1;

    /// <summary>After how many steps the picture is blurred, from 1.</summary>
    public int Every { get; init; } = 4;

    /// <summary>The seed of the shifts, from 0.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>How many moments of the growth are kept at most, from 2.</summary>
    public int Frames { get; init; } = 48;

    /// <summary>Refuses values beyond their ranges.</summary>
    /// <exception cref="ArgumentException">One lies outside; the message names it.</exception>
    public void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Steps, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Rate);
        ArgumentOutOfRangeException.ThrowIfNegative(Decay);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Decay, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Jitter);
        ArgumentOutOfRangeException.ThrowIfNegative(Blur);
        ArgumentOutOfRangeException.ThrowIfLessThan(Every, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Seed);
        ArgumentOutOfRangeException.ThrowIfLessThan(Frames, 2);
    }
}
