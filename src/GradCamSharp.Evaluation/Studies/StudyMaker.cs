using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Records;
using GradCamSharp.Evaluation.Runs;
using GradCamSharp.Evaluation.Scenes;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Output;
using GradCamSharp.Targets;

namespace GradCamSharp.Evaluation.Studies;

/// <summary>Makes a human trust study: chooses classes and pictures, and explains each picture by two methods.</summary>
/// <remarks>
/// As in section 4.2: the classes that the model predicts best, by F1 of its first choice on the whole data set, and as many pictures of
/// each, drawn at random from those that the data set says show the class. What is explained is the class asked about, whether the model
/// predicts it or not; where it stands for several of the model's classes, the most probable of them. Participants see E = L o I (Eq. 11)
/// at the network's input.
/// </remarks>
public sealed class StudyMaker
{
    private readonly PictureExplainer explainer;
    private readonly DataSet data;
    private readonly ClassMapping mapping;
    private readonly IReadOnlyList<ExplanationMethod> methods;
    private readonly StudyOptions options;
    private readonly StudyRecipe recipe;

    /// <param name="modelPath">The model's file.</param>
    /// <param name="explainer">The model, loaded; the caller disposes.</param>
    /// <param name="data">The pictures.</param>
    /// <param name="mapping">Which of the model's classes a class of the data set is.</param>
    /// <param name="methods">Two methods.</param>
    /// <param name="options">Which pictures are taken.</param>
    /// <exception cref="ArgumentException">There are not two methods, or a number is out of its range.</exception>
    public StudyMaker(
        string modelPath, PictureExplainer explainer, DataSet data, ClassMapping mapping, IReadOnlyList<ExplanationMethod> methods,
        StudyOptions options)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(mapping);
        ArgumentNullException.ThrowIfNull(methods);
        ArgumentNullException.ThrowIfNull(options);
        if (methods.Count != 2)
            throw new ArgumentException($"A study compares two methods, not {methods.Count}.", nameof(methods));
        if (options.PerClass < 1 || options.ClassCount < 1)
            throw new ArgumentException("A study has at least one class and one picture a class.", nameof(options));
        (this.explainer, this.data, this.mapping, this.methods, this.options) = (explainer, data, mapping, methods, options);
        recipe = new StudyRecipe(
            Path.GetFileName(modelPath), Digest.OfModel(modelPath), explainer.Model.Layer.Name,
            StudyPreprocessing.Of(explainer.Preprocessing, explainer.Companions.PreprocessingSource), options.Images, options.ImageSet,
            data.Pictures.Count, Digest.OfLines(data.Pictures.Select(p => p.Id)), [.. methods.Select(m => m.Name)],
            options.Classes.Count > 0 ? options.Classes : ["auto"], options.ClassCount, options.PerClass, options.Seed);
    }

    /// <summary>Told of pictures that are left out, and why.</summary>
    public Action<string>? Warning { get; init; }

    /// <summary>How many pictures were left out because they cannot be read.</summary>
    public int Errors { get; private set; }

    /// <summary>Makes the study. An interrupted run is taken up again; a study that is there already is left as it is.</summary>
    /// <param name="folder">The study's folder.</param>
    /// <param name="progress">Told of every picture.</param>
    /// <param name="cancellationToken">Stops between two pictures.</param>
    /// <exception cref="InvalidDataException">The folder holds another study, or the data set has not the classes asked for.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public Study Make(string folder, IProgress<StudyProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (File.Exists(Path.Combine(folder, Study.FileName)))
        {
            var made = Study.Load(folder);
            RefuseOther(folder, made.Recipe);
            return made;
        }

        string begun = Path.Combine(folder, StudyRecipe.FileName);
        if (File.Exists(begun))
            RefuseOther(folder, Study.Deserialize<StudyRecipe>(File.ReadAllBytes(begun))!);
        else
            recipe.Save(folder);
        Study study;
        using (var journal = new PredictionJournal(folder))
        {
            var shown = data.Pictures.Select(data.ClassesOf).ToArray();
            var classes = options.Classes.Count > 0 ? Named(shown) : BestOf(shown, journal, progress, cancellationToken);
            var pictures = Explain(folder, classes, shown, journal, progress, cancellationToken);
            study = new Study { Recipe = recipe, Classes = classes, Pictures = pictures };
        }

        study.Save(folder);
        File.Delete(Path.Combine(folder, PredictionJournal.FileName));
        File.Delete(begun);
        return study;
    }

    private void RefuseOther(string folder, StudyRecipe other)
    {
        if (recipe.DifferenceTo(other) is { } difference)
            throw new InvalidDataException(
                $"'{folder}' holds another study, with {difference}. Choose another folder, or remove that one.");
    }

    private StudyClass[] Named(IReadOnlyList<string>[] shown)
    {
        string[] known = [.. shown.SelectMany(c => c).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (known.Length == 0)
            throw new InvalidDataException(NoClasses());
        var names = options.Classes.Select(name => Array.Find(known, k => k.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? Array.Find(known, k => mapping.IndicesOf(k) is [var only] && explainer.Labels.Find(name) == only)
            ?? throw new InvalidDataException(
                $"The data set has no class '{name}'. Some that it has: {string.Join(", ", known.Take(10))}."));
        return Displayed([.. names.Distinct().Select(name => (name, (double?)null))]);
    }

    private StudyClass[] BestOf(
        IReadOnlyList<string>[] shown, PredictionJournal journal, IProgress<StudyProgress>? progress, CancellationToken cancellationToken)
    {
        var sizes = shown.SelectMany(c => c).CountBy(c => c).Where(c => mapping.IndicesOf(c.Key).Count > 0)
            .ToDictionary(StringComparer.Ordinal);
        if (sizes.Count == 0)
            throw new InvalidDataException(shown.All(c => c.Count == 0) ? NoClasses()
                : "None of the data set's classes is one of the model's. Give --labels with the model's labels, or --mapping.");
        Predict(journal, progress, cancellationToken);
        var classesOf = sizes.Keys.SelectMany(name => mapping.IndicesOf(name).Select(index => (Index: (long)index, Name: name)))
            .ToLookup(p => p.Index, p => p.Name);
        var readable = Enumerable.Range(0, shown.Length).Where(i => journal[i] != PredictionJournal.Unreadable).ToArray();
        var f1 = ClassAccuracy.F1(readable.Select(i => (shown[i], (IReadOnlyList<string>)[.. classesOf[journal[i]!.Value]])));
        var best = ClassAccuracy.Best(f1.Where(c => sizes.ContainsKey(c.Key)).ToDictionary(), sizes, options.ClassCount, options.PerClass);
        return Displayed([.. best.Select(name => (name, (double?)f1[name]))]);
    }

    // Pictures are decoded while others are inferred; the journal is written in their order.
    private void Predict(PredictionJournal journal, IProgress<StudyProgress>? progress, CancellationToken cancellationToken)
    {
        int[] missing = [.. Enumerable.Range(0, data.Pictures.Count).Where(i => journal[i] is null)];
        int done = data.Pictures.Count - missing.Length, next = 0;
        // Found by an earlier run; counted all the same.
        Errors += Enumerable.Range(0, data.Pictures.Count).Count(i => journal[i] == PredictionJournal.Unreadable);
        for (int i = 1; i <= done; i++)
            progress?.Report(new StudyProgress("predicted", i, data.Pictures.Count));
        if (missing.Length == 0)
            return;
        int workers = options.Workers > 0 ? options.Workers : RunThreads.Workers(0);
        OrderedPipeline.Run<(long, string?)>(
            missing.Length, Math.Min(workers, missing.Length), () => i => PredictOne(data.Pictures[missing[i]]), Record, cancellationToken);

        void Record((long Predicted, string? Error) result)
        {
            if (result.Error is { } error)
            {
                Errors++;
                Warning?.Invoke(error);
            }

            journal.Add(missing[next++], result.Predicted);
            progress?.Report(new StudyProgress("predicted", ++done, data.Pictures.Count));
        }
    }

    private (long Predicted, string? Error) PredictOne(DataSetPicture source)
    {
        try
        {
            return (explainer.Predict(PictureDecoder.Decode(source.Path), 1)[0].Index, null);
        }
        catch (PictureException e)
        {
            return (PredictionJournal.Unreadable, e.Message);
        }
    }

    private List<StudyPicture> Explain(string folder, StudyClass[] classes, IReadOnlyList<string>[] shown, PredictionJournal journal,
        IProgress<StudyProgress>? progress, CancellationToken cancellationToken)
    {
        var pictures = new List<StudyPicture>();
        int total = classes.Length * options.PerClass;
        for (int c = 0; c < classes.Length; c++)
        {
            int[] candidates = [.. Enumerable.Range(0, shown.Length)
                .Where(i => shown[i].Contains(classes[c].DataSetName) && journal[i] != PredictionJournal.Unreadable)];
            if (candidates.Length < options.PerClass)
                throw TooFew(classes[c], candidates.Length);
            var chosen = new List<StudyPicture>();
            foreach (int place in new SceneRandom(options.Seed, c, purpose: 41).Permutation(candidates.Length))
            {
                if (chosen.Count == options.PerClass)
                    break;
                cancellationToken.ThrowIfCancellationRequested();
                var source = data.Pictures[candidates[place]];
                if (Decode(source) is { } picture)
                    chosen.Add(ExplainOne(folder, classes[c], source, picture, cancellationToken));
                progress?.Report(new StudyProgress("explained", pictures.Count + chosen.Count, total));
            }

            if (chosen.Count < options.PerClass)
                throw TooFew(classes[c], chosen.Count);
            pictures.AddRange(chosen.OrderBy(p => p.Source, StringComparer.Ordinal));
        }

        return [.. pictures.Select((p, i) => p with { Id = (i + 1).ToString("0000", CultureInfo.InvariantCulture) })];
    }

    private StudyPicture ExplainOne(
        string folder, StudyClass @class, DataSetPicture source, Picture picture, CancellationToken cancellationToken)
    {
        var indices = mapping.IndicesOf(@class.DataSetName);
        if (indices.Count == 0)
            throw new InvalidDataException(
                $"The data set's class '{@class.DataSetName}' is none of the model's. Give --labels or --mapping.");
        var request = indices.Count == 1 ? ClassRequest.Index(indices[0]) : ClassRequest.Top1;
        var result = explainer.Explain(picture, methods, [request], cancellationToken);
        float[] scores = result.Batch.Scores[0].ToArray();
        int wanted = indices.MaxBy(i => scores[i]);
        if (result.Explanations[0].Class != wanted)
            result = explainer.Explain(picture, methods, [ClassRequest.Index(wanted)], cancellationToken);
        float[] probabilities = new float[scores.Length];
        explainer.Model.Score.Probabilities(scores, probabilities);

        var input = result.Prepared.Input;
        string original = Save(folder, input, source, @class, "original");
        string[] maps = [.. result.Explanations.Select(
            e => Save(folder, Masked(input, e.HeatMap.AtInput.Span), source, @class, e.Method.Name))];
        return new StudyPicture(
            "", @class.Name, source.Id, wanted, explainer.Labels[wanted], probabilities[wanted], result.Predictions[0].Index,
            original, maps[0], maps[1], [.. result.Explanations.Where(e => e.HeatMap.IsEmpty).Select(e => e.Method.Name)]);
    }

    // The name is a hash: it tells neither the method nor which pictures belong together.
    private string Save(string folder, Picture picture, DataSetPicture source, StudyClass @class, string what)
    {
        string secret = string.Create(CultureInfo.InvariantCulture,
            $"{options.Seed}\n{source.Id}\n{@class.DataSetName}\n{what}\n{recipe.ModelSha256}");
        string name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)).AsSpan(0, 12)) + ".png";
        AtomicFile.Write(Path.Combine(folder, Study.PicturesFolder, name), stream => PictureEncoder.WritePng(picture, stream));
        return name;
    }

    private static Picture Masked(Picture input, ReadOnlySpan<float> map)
    {
        byte[] pixels = input.Pixels.ToArray();
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)((pixels[i] * map[i / 3]) + 0.5f);
        return new Picture(input.Width, input.Height, pixels);
    }

    private static InvalidDataException TooFew(StudyClass @class, int pictures) => new(string.Create(CultureInfo.InvariantCulture,
        $"'{@class.DataSetName}' has {pictures} readable pictures. Give --per-class {pictures} or less, or other classes."));

    private Picture? Decode(DataSetPicture picture)
    {
        try
        {
            return PictureDecoder.Decode(picture.Path);
        }
        catch (PictureException e)
        {
            Errors++;
            Warning?.Invoke(e.Message);
            return null;
        }
    }

    // People read the label's first synonym; the whole label, or the data set's name, where that is not unambiguous.
    private StudyClass[] Displayed(IReadOnlyList<(string Name, double? F1)> chosen)
    {
        string[] names = [.. chosen.Select(c => Label(c.Name) is { } label ? label.Split(',')[0].Trim() : c.Name.Replace('_', ' '))];
        return [.. chosen.Select((c, i) => new StudyClass(
            names.Count(n => n == names[i]) == 1 ? names[i] : $"{Label(c.Name) ?? names[i]} ({c.Name})", c.Name, c.F1))];
    }

    private string? Label(string name) =>
        mapping.IndicesOf(name) is [var only] && only < explainer.Labels.Count ? explainer.Labels[only] : null;

    private string NoClasses() =>
        $"'{options.Images}' does not say what its pictures show. Give one folder a class, or a data set with annotations.";
}
