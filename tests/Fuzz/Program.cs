using System.Globalization;
using GradCamSharp.Fuzz;
using SharpFuzz;

// dotnet run -c Release --project tests/Fuzz -- run [HARNESS] [--inputs N] [--seed S] [--from K]   seeded mutations
// dotnet run -c Release --project tests/Fuzz -- log N                 N inputs over all harnesses; writes docs/fuzzing.md
// dotnet run -c Release --project tests/Fuzz -- replay HARNESS FILE   one input again
// dotnet run -c Release --project tests/Fuzz -- corpus FOLDER         the seeds as files, for a fuzzer that is guided by coverage
// tests/Fuzz/afl.sh HARNESS                                           coverage-guided, by afl++
try
{
    switch (args)
    {
        case ["run", ..]:
            foreach (string name in args.Length > 1 && !args[1].StartsWith('-') ? [args[1]] : Harnesses.Names)
                Console.WriteLine(FuzzLog.Run(name, Option("--from", 0), Option("--inputs", 10_000), Option("--seed", 1)));
            return 0;
        case ["log", var inputs]:
            FuzzLog.Write(long.Parse(inputs, CultureInfo.InvariantCulture));
            return 0;
        case ["replay", var name, var file]:
            using (var harness = Harnesses.Create(name))
                Console.WriteLine(FuzzRun.Replay(harness, File.ReadAllBytes(file)) ? "taken" : "refused");
            return 0;
        case ["corpus", var folder]:
            Corpus.Write(folder);
            return 0;
        case ["afl", var name]:
            using (var harness = Harnesses.Create(name))
            {
                Fuzzer.OutOfProcess.Run(stream =>
                {
                    using var bytes = new MemoryStream();
                    stream.CopyTo(bytes);
                    _ = harness.Feed(bytes.ToArray());
                });
            }

            return 0;
        default:
            Console.Error.WriteLine(
                "Usage: run [HARNESS] [--inputs N] [--seed S] [--from K] | log N | replay HARNESS FILE | corpus FOLDER | afl HARNESS");
            return 2;
    }
}
catch (FoundException e)
{
    string file = Path.GetFullPath($"found-{Guid.NewGuid():N}.bin");
    File.WriteAllBytes(file, [.. e.Input]);
    Console.Error.WriteLine(e);
    Console.Error.WriteLine($"The input is in '{file}'.");
    return 1;
}

long Option(string name, long otherwise)
{
    int place = Array.IndexOf(args, name);
    return place < 0 ? otherwise : long.Parse(args[place + 1], CultureInfo.InvariantCulture);
}
