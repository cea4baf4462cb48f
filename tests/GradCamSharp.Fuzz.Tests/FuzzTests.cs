namespace GradCamSharp.Fuzz.Tests;

/// <summary>20,000 seeded mutations, and every input that was found once.</summary>
public sealed class FuzzTests
{
    public static TheoryData<string> All => [.. Harnesses.Names];

    [Theory]
    [MemberData(nameof(All))]
    public void Seeds_OfEveryHarness_AreTaken(string name)
    {
        using var harness = Harnesses.Create(name);
        Assert.All(harness.Seeds(), seed => Assert.True(harness.Feed(seed)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Mutations_OfTheSeeds_AreTakenOrRefusedByATypedError(string name)
    {
        using var harness = Harnesses.Create(name);
        int inputs = name is "explainer" or "form" ? 500 : 2_120;
        var result = FuzzRun.Run(harness, 0, inputs, seed: 20261129);
        Assert.InRange(result.Taken, 1, inputs - 1);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void WhatWasFoundOnce_IsTakenOrRefusedByATypedError(string name)
    {
        using var harness = Harnesses.Create(name);
        Assert.All(Corpus.Found(SharedData.RepositoryRoot(), name), file => FuzzRun.Replay(harness, File.ReadAllBytes(file)));
    }

    [Fact]
    public void Input_OfTheSameNumber_IsTheSame()
    {
        using var harness = Harnesses.Create("labels");
        var mutator = new Mutator(harness.Seeds(), harness.Words, 3);
        Assert.Equal(mutator.Input(12345), new Mutator(harness.Seeds(), harness.Words, 3).Input(12345));
        Assert.NotEqual(mutator.Input(12345), mutator.Input(12346));
    }

    [Fact]
    public void Run_OfAHarnessThatFails_NamesTheInput()
    {
        using var harness = new FailingHarness();
        var found = Assert.Throws<FoundException>(() => FuzzRun.Run(harness, 0, 1000, seed: 1));
        Assert.Equal("failing, input " + found.Number + ": NotSupportedException: no", found.Message);
    }

    private sealed class FailingHarness : Harness
    {
        public override string Name => "failing";

        public override IReadOnlyList<byte[]> Seeds() => ["abc"u8.ToArray()];

        protected override void Take(byte[] input)
        {
            if (input is not [(byte)'a', ..])
                throw new NotSupportedException("no");
        }
    }
}
