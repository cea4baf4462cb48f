using GradCamSharp.Evaluation.Runs;

namespace GradCamSharp.Evaluation.Tests.Runs;

public sealed class ShardTests
{
    [Fact]
    public void Contains_AllShards_EachPictureIsInExactlyOne()
    {
        var shards = Enumerable.Range(1, 7).Select(i => new Shard(i, 7)).ToArray();
        for (int picture = 0; picture < 50; picture++)
            Assert.Single(shards, s => s.Contains(picture));
    }

    [Theory]
    [InlineData("3/64", 3, 64)]
    [InlineData("1/1", 1, 1)]
    public void Parse_IndexAndCount_IsThatPart(string text, int index, int count) =>
        Assert.Equal(new Shard(index, count), Shard.Parse(text, _ => null));

    [Theory]
    [InlineData("auto", "SLURM_ARRAY_TASK_ID=12 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=10", 3, 4)]
    [InlineData("auto", "SLURM_ARRAY_TASK_ID=0 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=0", 1, 4)]
    [InlineData("auto", "SLURM_ARRAY_TASK_ID=9 SLURM_ARRAY_TASK_COUNT=3 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_STEP=4", 3, 3)]
    [InlineData("auto", "SLURM_ARRAY_TASK_ID=2 SLURM_ARRAY_TASK_COUNT=4", 2, 4)]
    [InlineData("auto/64", "SLURM_ARRAY_TASK_ID=17 SLURM_ARRAY_TASK_COUNT=2 SLURM_ARRAY_TASK_MIN=5", 17, 64)]
    [InlineData("auto", "JOB_COMPLETION_INDEX=0 JOB_COMPLETIONS=8", 1, 8)]
    [InlineData("AUTO/8", "JOB_COMPLETION_INDEX=7", 8, 8)]
    public void Parse_Auto_AsksTheScheduler(string text, string environment, int index, int count) =>
        Assert.Equal(new Shard(index, count), Shard.Parse(text, Variables(environment)));

    [Theory]
    [InlineData("0/4", "")]
    [InlineData("5/4", "")]
    [InlineData("1/0", "")]
    [InlineData("-1/4", "")]
    [InlineData("3", "")]
    [InlineData("a/b", "")]
    [InlineData("auto", "")]
    [InlineData("auto", "SLURM_ARRAY_TASK_ID=2")]
    [InlineData("auto", "SLURM_ARRAY_TASK_ID=x SLURM_ARRAY_TASK_COUNT=4")]
    [InlineData("auto", "JOB_COMPLETION_INDEX=2")]
    [InlineData("auto/2", "JOB_COMPLETION_INDEX=2")]
    public void Parse_Nonsense_IsRefused(string text, string environment) =>
        Assert.Throws<ArgumentException>(() => Shard.Parse(text, Variables(environment)));

    private static Func<string, string?> Variables(string text)
    {
        var values = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split('=')).ToDictionary(v => v[0], v => v[1]);
        return name => values.GetValueOrDefault(name);
    }
}
