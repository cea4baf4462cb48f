namespace GradCamSharp.Studies.Tests;

public sealed class FleissKappaTests
{
    [Fact]
    public void Of_EqualNumbersOfAnswers_IsFleissByHand()
    {
        // Four answers a picture. P_i: (4*3)/12 = 1; (2*1 + 2*1)/12 = 1/3; (3*2)/12 = 1/2. P = 11/18.
        // p: 6/12, 5/12, 1/12. P_e = (36 + 25 + 1)/144 = 31/72. kappa = (44/72 - 31/72) / (41/72) = 13/41.
        var agreement = FleissKappa.Of([[4, 0, 0], [2, 2, 0], [0, 3, 1]]);
        Assert.Equal(11.0 / 18, agreement.Observed, 12);
        Assert.Equal(31.0 / 72, agreement.Expected, 12);
        Assert.Equal(13.0 / 41, agreement.Kappa!.Value, 12);
        Assert.Equal(3, agreement.Pictures);
    }

    [Fact]
    public void Of_TheUsualTextbookTable_IsItsKappa()
    {
        // Ten subjects, fourteen raters, five categories; known to give 0.210.
        int[][] table =
        [
            [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
            [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
        ];
        var agreement = FleissKappa.Of(table);
        Assert.Equal(0.378, agreement.Observed, 3);
        Assert.Equal(0.213, agreement.Expected, 3);
        Assert.Equal(0.210, agreement.Kappa!.Value, 3);
    }

    [Fact]
    public void Of_UnequalNumbersOfAnswers_EveryPictureWeighsTheSame()
    {
        // P_i: 1 of two answers, 1/3 of three (2*1 / 6), the single answer is left out. P = 2/3.
        // Shares: (1 + 2/3)/2 = 5/6 and (0 + 1/3)/2 = 1/6. P_e = 26/36. kappa = (24/36 - 26/36) / (10/36) = -1/5.
        var agreement = FleissKappa.Of([[2, 0, 0], [2, 1, 0], [0, 0, 1], [0, 0, 0]]);
        Assert.Equal(2.0 / 3, agreement.Observed, 12);
        Assert.Equal(26.0 / 36, agreement.Expected, 12);
        Assert.Equal(-0.2, agreement.Kappa!.Value, 12);
        Assert.Equal(2, agreement.Pictures);
    }

    [Fact]
    public void Of_FullAgreementOnDifferentAnswers_IsOne() => Assert.Equal(1, FleissKappa.Of([[3, 0, 0], [0, 3, 0]]).Kappa!.Value, 12);

    [Fact]
    public void Of_OneAnswerThroughout_IsUndefined() => Assert.Null(FleissKappa.Of([[3, 0, 0], [2, 0, 0]]).Kappa);

    [Fact]
    public void Of_NoPictureWithTwoAnswers_IsUndefined() => Assert.Null(FleissKappa.Of([[1, 0, 0], [0, 1, 0]]).Kappa);
}
