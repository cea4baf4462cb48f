using System.Globalization;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Records;
using GradCamSharp.Evaluation.Runs;
using GradCamSharp.Evaluation.Scenes;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;

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
    private readonly int workers;

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
        workers = options.Workers > 0 ? options.Workers : RunThreads.Workers(0);
        recipe = new StudyRecipe(
            Path.GetFileName(modelPath), Digest.OfModel(modelPath), explainer.Model.Layer.Name,
            StudyPreprocessing.Of(explainer.Preprocessing, explainer.SidecarFiles.PreprocessingSource), options.Images, options.ImageSet,
            data.Pictures.Count, Digest.OfLines(data.Pictures.Select(p => p.Id)), [.. methods.Select(m => m.Name)],
            options.Classes.Count > 0 ? options.Classes : ["auto"], options.ClassCount, options.PerClass, options.Seed);
    }

    /// <summary>Told of pictures that are left out, and why.</summary>
    public Action<string>? Warning { get; init; }

    /// <summary>How many pictures were left out because they cannot be read.</summary>
    public int Errors { get; private set; }

    /// <summary>Makes the study. An interrupted run is taken up again; a study that is there already is left as it is.</summary>
    /// <param name="folder">The study's folder.</param>
    /// <param name="progress">Told at the beginning of each step how much of it is done already, then of every picture.</param>
    /// <param name="cancellationToken">Stops between two pictures; what is finished is kept.</param>
    /// <exception cref="InvalidDataException">The folder holds another study, or the data set has not the classes asked for.</exception>
    /// <exception cref="IOException">The folder cannot be written, or another process writes it.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Study Make(string folder, IProgress<StudyProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        // What is refused is refused before anything is written, so that a command that is put right is not another study's; once the
        // folder is claimed it is looked at again.
        if (Made(folder) is { } made)
            return made;
        var shown = data.Pictures.Select(data.ClassesOf).ToArray();
        var named = options.Classes.Count > 0 ? Named(shown) : null;
        var sizes = named is null ? Sizes(shown) : [];
        using var claim = FolderClaim.Take(folder);
        if (Made(folder) is { } meanwhile)
            return meanwhile;
        string begun = Path.Combine(folder, StudyRecipe.FileName);
        if (!File.Exists(begun))
            recipe.Save(folder);
        Study study;
        using (var journal = new PredictionJournal(folder))
        {
            var classes = named ?? BestOf(shown, sizes, journal, progress, cancellationToken);
            var pictures = Explain(folder, classes, shown, journal, progress, cancellationToken);
            study = new Study { Recipe = recipe, Classes = classes, Pictures = pictures };
        }

        study.Save(folder);
        File.Delete(Path.Combine(folder, PredictionJournal.FileName));
        File.Delete(begun);
        return study;
    }

    // The study that a folder holds; null where it holds none, or this one begun. An error where it is another one.
    private Study? Made(string folder)
    {
        string begun = Path.Combine(folder, StudyRecipe.FileName);
        if (File.Exists(Path.Combine(folder, Study.FileName)))
        {
            var made = Study.Load(folder);
            RefuseOther(folder, made.Recipe);
            return made;
        }

        if (File.Exists(begun))
            RefuseOther(folder, StudyRecipe.Load(begun));
        return null;
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
                $"The data set has no class '{name}'. Some that it has: {string.Join(", ", known.Take(10))}.")).Distinct().ToArray();
        foreach (string name in names)
        {
            if (mapping.IndicesOf(name).Count == 0)
                throw new InvalidDataException($"The data set's class '{name}' is none of the model's. Give --labels or --mapping.");
            if (shown.Count(classes => classes.Contains(name)) is var count && count < options.PerClass)
                throw TooFew(name, count);
        }

        return Displayed([.. names.Select(name => (name, (double?)null))]);
    }

    // How many pictures show each class that is one of the model's.
    private Dictionary<string, int> Sizes(IReadOnlyList<string>[] shown)
    {
        var sizes = shown.SelectMany(c => c).CountBy(c => c).Where(c => mapping.IndicesOf(c.Key).Count > 0)
            .ToDictionary(StringComparer.Ordinal);
        if (sizes.Count == 0)
            throw new InvalidDataException(shown.All(c => c.Count == 0) ? NoClasses()
                : "None of the data set's classes is one of the model's. Give --labels with the model's labels, or --mapping.");
        // Whatever their F1 will be: are there as many classes, and as many pictures of them?
        ClassAccuracy.Best(sizes.ToDictionary(c => c.Key, _ => 0.0), sizes, options.ClassCount, options.PerClass);
        return sizes;
    }

    private StudyClass[] BestOf(
        IReadOnlyList<string>[] shown, Dictionary<string, int> sizes, PredictionJournal journal, IProgress<StudyProgress>? progress,
        CancellationToken cancellationToken)
    {
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
        progress?.Report(new StudyProgress("predicted", done, data.Pictures.Count));
        OrderedPipeline.Run<(long, string?)>(
            missing.Length, workers, () => i => PredictOne(data.Pictures[missing[i]]), Record, cancellationToken);

        void Record((long Predicted, string? Error) result)
        {
            if (result.Error is { } error)
                LeaveOut(error);
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
        var maker = new StudyPictureMaker(
            explainer, mapping, methods, Path.Combine(folder, Study.PicturesFolder), options.Seed, recipe.ModelSha256);
        var pictures = new List<StudyPicture>();
        int total = classes.Length * options.PerClass;
        progress?.Report(new StudyProgress("explained", 0, total));
        for (int c = 0; c < classes.Length; c++)
        {
            var @class = classes[c];
            int[] candidates = [.. Enumerable.Range(0, shown.Length)
                .Where(i => shown[i].Contains(@class.DataSetName) && journal[i] != PredictionJournal.Unreadable)];
            var drawn = new Queue<int>(new SceneRandom(options.Seed, c, purpose: 41).Permutation(candidates.Length));
            var chosen = new List<StudyPicture>();
            // As many as are wanted; then as many as could not be read, and so on.
            while (chosen.Count < options.PerClass && drawn.Count > 0)
            {
                DataSetPicture[] next = [.. Enumerable.Range(0, Math.Min(options.PerClass - chosen.Count, drawn.Count))
                    .Select(_ => data.Pictures[candidates[drawn.Dequeue()]])];
                OrderedPipeline.Run<(StudyPicture?, string?)>(
                    next.Length, workers, () => i => maker.Make(@class, next[i]), Record, cancellationToken);
            }

            if (chosen.Count < options.PerClass)
                throw TooFew(@class.DataSetName, chosen.Count);
            pictures.AddRange(chosen.OrderBy(p => p.Source, StringComparer.Ordinal));

            void Record((StudyPicture? Picture, string? Error) result)
            {
                if (result.Picture is { } picture)
                    chosen.Add(picture);
                if (result.Error is { } error)
                    LeaveOut(error);
                progress?.Report(new StudyProgress("explained", pictures.Count + chosen.Count, total));
            }
        }

        return [.. pictures.Select((p, i) => p with { Id = (i + 1).ToString("0000", CultureInfo.InvariantCulture) })];
    }

    private void LeaveOut(string error)
    {
        Errors++;
        Warning?.Invoke(error);
    }

    private static InvalidDataException TooFew(string dataSetClass, int pictures) => new(string.Create(CultureInfo.InvariantCulture,
        $"'{dataSetClass}' has {pictures} readable pictures. Give --per-class {pictures} or less, or other classes."));

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
