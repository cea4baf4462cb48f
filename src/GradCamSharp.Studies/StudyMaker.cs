using GradCamSharp.Evaluation;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Identities;
using GradCamSharp.Evaluation.Runs;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;

namespace GradCamSharp.Studies;

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

    /// <summary>Prepares a study; nothing is written yet.</summary>
    /// <param name="explainer">The model, loaded; the caller disposes.</param>
    /// <param name="data">The pictures.</param>
    /// <param name="mapping">Which of the model's classes a class of the data set is.</param>
    /// <param name="methods">Two methods.</param>
    /// <param name="options">Which pictures are taken.</param>
    /// <exception cref="ArgumentException">There are not two methods, or a number is out of its range.</exception>
    /// <exception cref="IOException">A file that decides what the study is cannot be read.</exception>
    public StudyMaker(
        PictureExplainer explainer, DataSet data, ClassMapping mapping, IReadOnlyList<ExplanationMethod> methods, StudyOptions options)
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
        var model = ModelIdentity.Of(explainer, options.Device);
        var opened = new DataSetOptions { ImageSet = options.ImageSet };
        recipe = new StudyRecipe
        {
            Model = model with { File = Path.GetFileName(model.File) },
            Preprocessing = PreprocessingIdentity.Of(explainer.Preprocessing),
            PreprocessingSource = explainer.SidecarFiles.PreprocessingSource,
            Data = DataIdentity.Of(data, data.Pictures, opened, mapping) with { Root = options.Images },
            Methods = [.. methods.Select(m => m.Name)],
            Classes = options.Classes.Count > 0 ? options.Classes : ["auto"],
            ClassCount = options.ClassCount,
            PerClass = options.PerClass,
            Seed = options.Seed,
            Versions = ProgramVersions.Current,
        };
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
    /// <exception cref="PostponedException">
    /// Some pictures could not be predicted or explained this time; what is made of the others is kept.
    /// </exception>
    /// <exception cref="IOException">The folder cannot be written, or another process writes it.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Study Make(string folder, IProgress<StudyProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (Made(folder) is { } made)
            return made;
        var shown = data.Pictures.Select(ClassesOf).ToArray();
        var named = options.Classes.Count > 0 ? Named(shown) : null;
        var sizes = named is null ? Sizes(shown) : [];
        using var claim = FolderClaim.Take(folder);
        if (Made(folder) is { } meanwhile)
            return meanwhile;
        string begun = Path.Combine(folder, StudyRecipe.FileName);
        if (!File.Exists(begun))
            recipe.Save(folder);
        Study study;
        using (var predictions = new PredictionJournal(folder))
        using (var explanations = new ExplanationJournal(folder))
        {
            var classes = named ?? BestOf(shown, sizes, predictions, progress, cancellationToken);
            var drawing = new StudyDrawing(
                new StudyPictureMaker(explainer, mapping, methods, Path.Combine(folder, Study.PicturesFolder), options.Seed,
                    recipe.Model.Sha256),
                explanations, options, workers, LeaveOut);
            var pictures = drawing.Draw(
                [.. classes.Select(c => (c, Candidates(c)))], progress, cancellationToken);
            study = new Study { Recipe = recipe, Classes = classes, Pictures = pictures };

            IReadOnlyList<DataSetPicture> Candidates(StudyClass @class) => [.. Enumerable.Range(0, shown.Length)
                .Where(i => shown[i].Contains(@class.DataSetName) && predictions[i] != PredictionJournal.Unreadable)
                .Select(i => data.Pictures[i])];
        }

        study.Save(folder);
        foreach (string name in (string[])[PredictionJournal.FileName, ExplanationJournal.FileName])
            File.Delete(Path.Combine(folder, name));
        File.Delete(begun);
        return study;
    }

    // A picture whose annotation is damaged shows nothing that could be asked about.
    private IReadOnlyList<string> ClassesOf(DataSetPicture picture)
    {
        try
        {
            return data.ClassesOf(picture);
        }
        catch (InvalidDataException e)
        {
            LeaveOut(e.Message);
            return [];
        }
    }

    // The study that a folder holds; null where it holds none, or this one begun. An error where it is another one.
    private Study? Made(string folder)
    {
        string begun = Path.Combine(folder, StudyRecipe.FileName);
        if (File.Exists(Path.Combine(folder, Study.FileName)))
        {
            var made = Study.Load(folder);
            if (!made.HasIdentity)
            {
                throw new InvalidDataException($"'{folder}' holds a study of an earlier version of gradcam, which did not keep what the " +
                    "study depends on. It can be served and reported as it is; give another folder to make one.");
            }

            RefuseOther(folder, made.Recipe);
            return made;
        }

        if (File.Exists(begun))
            RefuseOther(folder, StudyRecipe.Load(begun));
        return null;
    }

    private void RefuseOther(string folder, StudyRecipe other)
    {
        var differences = other.Identity().Differences(recipe.Identity());
        if (differences.Count > 0)
            throw new InvalidDataException(
                $"'{folder}' holds another study: {string.Join("; ", differences)}. Choose another folder, or remove that one.");
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
                throw new StudyException(
                    StudyError.UnknownClass, $"The data set's class '{name}' is none of the model's.",
                    "Give the model's labels, or a mapping of the data set's classes.");
            if (shown.Count(classes => classes.Contains(name)) is var count && count < options.PerClass)
                throw StudyDrawing.TooFew(name, count);
        }

        return Displayed([.. names.Select(name => (name, (double?)null))]);
    }

    // How many pictures show each class that is one of the model's.
    private Dictionary<string, int> Sizes(IReadOnlyList<string>[] shown)
    {
        var sizes = shown.SelectMany(c => c).CountBy(c => c).Where(c => mapping.IndicesOf(c.Key).Count > 0)
            .ToDictionary(StringComparer.Ordinal);
        if (sizes.Count == 0)
        {
            throw shown.All(c => c.Count == 0) ? new InvalidDataException(NoClasses())
                : new StudyException(StudyError.UnknownClass, "None of the data set's classes is one of the model's.",
                    "Give the model's labels, or a mapping of the data set's classes.");
        }

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
        var postponed = new List<PostponedPicture>();
        progress?.Report(new StudyProgress("predicted", done, data.Pictures.Count));
        OrderedPipeline.Run<(long, Exception?)>(
            missing.Length, workers, () => i => PredictOne(data.Pictures[missing[i]]), Record, cancellationToken);
        if (postponed.Count > 0)
            throw new PostponedException(postponed);

        void Record((long Predicted, Exception? Error) result)
        {
            int picture = missing[next++];
            if (result.Error is { } error && Failures.Of(error) == FailureKind.Transient)
            {
                postponed.Add(new PostponedPicture(data.Pictures[picture].Id, error.Message));
                return;
            }

            if (result.Error is not null)
                LeaveOut(result.Error.Message);
            journal.Add(picture, result.Predicted);
            progress?.Report(new StudyProgress("predicted", ++done, data.Pictures.Count));
        }
    }

    private (long Predicted, Exception? Error) PredictOne(DataSetPicture source)
    {
        try
        {
            var best = explainer.Predict(PictureDecoder.Decode(source.Path), 1)[0];
            return float.IsFinite(best.Probability) ? (best.Index, null)
                : (PredictionJournal.Unreadable, new InvalidDataException(
                    $"{source.Id}: the model's probabilities are not finite numbers. Check its weights."));
        }
        catch (Exception e) when (Failures.Of(e) is not null)
        {
            return (PredictionJournal.Unreadable, e);
        }
    }

    private void LeaveOut(string error)
    {
        Errors++;
        Warning?.Invoke(error);
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
