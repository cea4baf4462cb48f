using System.Globalization;
using System.Runtime.InteropServices;
using GradCamSharp.Benchmarks;
using GradCamSharp.Benchmarks.Acceptance;
using GradCamSharp.Films;

// dotnet run -c Release --project benchmarks/GradCamSharp.Benchmarks [-- part of a network's name [runs [part of a variant's name]]]
// dotnet run -c Release --project benchmarks/GradCamSharp.Benchmarks -- memory
if (args is [Footprint.Plain or Footprint.Explained, _])
{
    Footprint.Run(args[0], args[1]);
    return 0;
}

if (args is ["memory", ..])
{
    var (plain, explained) = Footprint.Measure(Networks.Vgg16, repetitions: 3);
    Console.WriteLine("| vgg16 | plain | explained | ratio | target |\n|---|---|---|---|---|");
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"| peak memory, MB | {plain.PeakMegabytes:f0} | {explained.PeakMegabytes:f0} | " +
        $"{explained.PeakMegabytes / plain.PeakMegabytes:f2} | 1.00 |"));
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"| load, ms | {plain.LoadMilliseconds:f0} | {explained.LoadMilliseconds:f0} | " +
        $"{explained.LoadMilliseconds / plain.LoadMilliseconds:f2} | 0.50 |"));
    return explained.PeakMegabytes <= plain.PeakMegabytes && explained.LoadMilliseconds <= 0.5 * plain.LoadMilliseconds ? 0 : 1;
}

// or: -- evaluate MODEL PICTURES [rounds]
if (args is ["evaluate", var model, var pictures, ..])
{
    var throughput = EvaluationThroughput.Measure(model, pictures, args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 5);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"evaluate faithfulness, two methods: {throughput.Evaluated:f1} pictures a second, after a start of {throughput.Start:f2} s; " +
        $"their forward passes in plain ONNX Runtime: {throughput.Plain:f1} with all cores on one pass, " +
        $"{throughput.PlainByCore:f1} with a pass a core; ratio to the faster {throughput.Ratio:f2}, target 0.85"));
    return throughput.Ratio >= 0.85 ? 0 : 1;
}

// or: -- agreement RUN..., the folders of runs of one network on the same pictures with objects
if (args is ["agreement", _, ..])
{
    Console.Write(MeasureAgreement.Table(MeasureAgreement.Of(args[1..])));
    return 0;
}

// or: -- runs MODEL [rounds]
if (args is ["runs", var network, ..])
{
    bool isFast = true;
    int rounds = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 5;
    Console.WriteLine("| method | passes | a second | plain ONNX Runtime | ratio | target | peak memory, MB |");
    Console.WriteLine("|---|---|---|---|---|---|---|");
    foreach (var measured in RunThroughput.Measure(network, rounds))
    {
        isFast &= measured.Rate >= 0.85 * measured.Plain && measured.PeakMegabytes < 1000;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {measured.Method} | {measured.Runs} | {measured.Rate:f1} | {measured.Plain:f1} | " +
            $"{measured.Rate / measured.Plain:f2} | 0.85 | {measured.PeakMegabytes:f0} |"));
    }

    return isFast ? 0 : 1;
}

// or: -- targets DETECTOR PICTURE|FILM [runs]
if (args is ["targets", var detector, var shown, ..])
{
    int times = args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 50;
    bool isFilm = Film.IsFilm(shown) || Directory.Exists(shown), isCheap = true;
    Console.WriteLine("| what | plain, ms | explained, ms | ratio | target |\n|---|---|---|---|---|");
    foreach (var (what, plain, explained, target) in isFilm
        ? [TargetCosts.OfFrames(detector, shown, times)] : TargetCosts.OfBoxes(detector, shown, times))
    {
        isCheap &= explained <= target * plain;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {what} | {plain:f2} | {explained:f2} | {explained / plain:f2} | {target:f2} |"));
    }

    return isCheap ? 0 : 1;
}

// or: -- serve [clients [seconds]]
if (args is ["serve-host"])
    return await ServeLoad.Host();
if (args is ["serve", ..])
{
    int clients = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 64;
    int seconds = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 60;
    return await ServeLoad.Run(clients, TimeSpan.FromSeconds(seconds));
}

// or: -- acceptance [section...] [--short] [--kills N] [--model NAME=FILE]...
if (args is ["acceptance", ..])
    return await AcceptanceSection.Run(args[1..]);

string wanted = args.Length > 0 ? args[0] : "";
int runs = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 30;
string wantedVariant = args.Length > 2 ? args[2] : "";

const string Ablation = "ablationcam", Reciprocal = "reciprocam", Relevance = "lrp-epsilon-plus-flat", Attention = "attnlrp";
(string Name, Func<byte[]> Build, double? CamTarget, double? FiveTarget, double? GuidedTarget, (string Method, double Target)[] Others)[]
    networks =
[
    ("resnet50", Networks.ResNet50, 1.10, 1.30, 2.6, [(Ablation, 3), (Reciprocal, 3), (Relevance, 4)]),
    ("squeezenet1.1", Networks.SqueezeNet, 1.15, null, null, [(Ablation, 3), (Reciprocal, 3)]),
    ("mobilenet_v2", Networks.MobileNetV2, 1.15, null, null, [(Ablation, 3), (Reciprocal, 3)]),
    ("alexnet", Networks.AlexNet, 1.45, null, null, []),
    ("vgg16", Networks.Vgg16, 1.30, null, 2.6, [(Relevance, 4)]),
    ("vit_small", Networks.VisionTransformer, null, null, null, [(Attention, 2.5)]),
];

Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores, batch 1, 224 px, medians of {runs} runs\n"));
Console.WriteLine("| network | explanation | plain, ms | explained, ms | ratio | target |");
Console.WriteLine("|---|---|---|---|---|---|");
bool met = true;
var chosen = networks.Where(n => n.Name.Contains(wanted, StringComparison.OrdinalIgnoreCase));
foreach (var (name, build, camTarget, fiveTarget, guidedTarget, others) in chosen)
{
    Variant[] variants =
    [
        new("gradcam++", "gradcam++", 1, camTarget),
        new("gradcam++, five classes", "gradcam++", 5, fiveTarget),
        new("guided-gradcam++", "guided-gradcam++", 1, guidedTarget),
        .. others.Select(o => new Variant(o.Method, o.Method, 1, o.Target)),
    ];
    foreach (var timing in Benchmark.Run(build, name, variants.Where(v => v.Name.Contains(wantedVariant, StringComparison.Ordinal)), runs))
    {
        met &= timing.Variant.Target is not { } target || timing.Ratio <= target;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {timing.Variant.Name} | {timing.Plain:f1} | {timing.Milliseconds:f1} | " +
            $"{timing.Ratio:f2} | {timing.Variant.Target:f2} |"));
    }
}

return met ? 0 : 1;
