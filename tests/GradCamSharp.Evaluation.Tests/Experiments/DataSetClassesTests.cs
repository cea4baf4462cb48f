using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Experiments;
using GradCamSharp.Targets;

namespace GradCamSharp.Evaluation.Tests.Experiments;

public sealed class DataSetClassesTests
{
    // Two classes of the data set that are several of the model's: which, the scores say, and one pass gives them.
    [Fact]
    public void Item_SeveralClassesWithSeveralCounterparts_PredictsOnce()
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory().FullName, "mapping.txt");
        File.WriteAllText(file, "[dog]\ncollie\npug\n[cat]\ntabby\nlynx\n[none]\n");
        var mapping = ClassMapping.Load(file, new Labels(["collie", "pug", "tabby", "lynx", "cup"]), 5);
        int predictions = 0;
        var classes = new DataSetClasses(mapping, () =>
        {
            predictions++;
            return [0.1f, 0.7f, 0.9f, 0.2f, 5];
        });
        Assert.Equal(4, classes["cup"]);
        Assert.Null(classes["none"]);
        Assert.Equal(0, predictions);
        Assert.Equal([1, 2, 1], ((string[])["dog", "cat", "dog"]).Select(name => classes[name]!.Value));
        Assert.Equal(1, predictions);
    }
}
