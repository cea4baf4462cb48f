using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace GradCamSharp.Cli.Tests.Deploy;

/// <summary>deploy/slurm on a real slurmctld and slurmd, both on this machine.</summary>
public sealed class SlurmTests : IDisposable
{
    private const int Parts = 3, Tries = 150, TryMilliseconds = 200;

    private readonly string root = Directory.CreateTempSubdirectory("gradcam-slurm-").FullName;
    private readonly List<Process> daemons = [];

    // For the programs that this test starts alone: other tests run at the same time in this process.
    private readonly Dictionary<string, string> variables = [];

    public void Dispose()
    {
        foreach (var daemon in daemons)
        {
            daemon.Kill(entireProcessTree: true);
            daemon.WaitForExit();
            daemon.Dispose();
        }

        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public void Submit_ArrayAndMerge_GiveTheTableOfOneRun()
    {
        foreach (string program in (string[])["slurmctld", "slurmd", "sbatch", "scontrol"])
        {
            var folders = Environment.GetEnvironmentVariable("PATH")!.Split(':').Append("/usr/sbin");
            if (!folders.Any(folder => File.Exists(Path.Combine(folder, program))))
                Assert.Skip($"Slurm is not installed: there is no {program} (Debian: slurm-wlm).");
        }

        if (!Environment.IsPrivilegedProcess)
            Assert.Skip("slurmd starts jobs only as root.");

        string samples = Path.Combine(SharedData.RepositoryRoot(), "samples");
        string whole = Path.Combine(root, "whole"), output = Path.Combine(root, "run");
        string tool = WriteScript("gradcam", $"exec dotnet '{Path.Combine(AppContext.BaseDirectory, "gradcam.dll")}' \"$@\"");
        Assert.Equal(0, Run(tool, "evaluate", "faithfulness", samples, "--output", whole).Code);
        StartCluster();

        string submit = Path.Combine(SharedData.RepositoryRoot(), "deploy", "slurm", "submit");
        var (code, text) = Run(submit, Parts.ToString(CultureInfo.InvariantCulture), output, "faithfulness", samples);
        Assert.True(code == 0, text);
        string merge = text.Split("merge: job ")[1].Split(';')[0];
        (code, text) = Run("sbatch", "--wait", $"--dependency=afterany:{merge}", $"--output={root}/end.txt", "--wrap", "true");
        Assert.True(code == 0, text);

        var logs = Directory.EnumerateFiles(Path.Combine(output, "log")).Order(StringComparer.Ordinal);
        string log = string.Concat(logs.Select(File.ReadAllText));
        Assert.True(File.Exists(Path.Combine(output, "whole", "report.html")), log);
        foreach (string name in (string[])["records.csv", "summary.json"])
            Assert.Equal(File.ReadAllText(Path.Combine(whole, name)), File.ReadAllText(Path.Combine(output, "whole", name)));
        Assert.All(Enumerable.Range(1, Parts), part => Assert.True(File.Exists(Path.Combine(output, $"part-{part}", "summary.json")), log));
    }

    private void StartCluster()
    {
        string host = Dns.GetHostName().Split('.')[0], user = Environment.UserName;
        foreach (string folder in (string[])["state", "spool"])
            Directory.CreateDirectory(Path.Combine(root, folder));
        string configuration = Path.Combine(root, "slurm.conf");
        File.WriteAllText(configuration, string.Join('\n',
            "ClusterName=gradcam", $"SlurmctldHost={host}(127.0.0.1)", $"SlurmUser={user}", $"SlurmdUser={user}",
            $"SlurmctldPort={FreePort()}", $"SlurmdPort={FreePort()}", "AuthType=auth/none", "CredType=cred/none",
            "ProctrackType=proctrack/linuxproc", "TaskPlugin=task/none", "JobAcctGatherType=jobacct_gather/none",
            "AccountingStorageType=accounting_storage/none", "MpiDefault=none", "ReturnToService=2",
            "SelectType=select/cons_tres", "SelectTypeParameters=CR_CPU", "SchedulerParameters=sched_interval=1,bf_interval=1",
            $"StateSaveLocation={root}/state", $"SlurmdSpoolDir={root}/spool",
            $"SlurmctldPidFile={root}/slurmctld.pid", $"SlurmdPidFile={root}/slurmd.pid",
            $"NodeName={host} NodeAddr=127.0.0.1 CPUs={Environment.ProcessorCount} State=UNKNOWN",
            "PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP", ""));
        variables["SLURM_CONF"] = configuration;
        variables["GRADCAM"] = Path.Combine(root, "gradcam");
        variables["CORES"] = "1";
        var controller = Daemon("slurmctld", "-D", "-f", configuration);
        Daemon("slurmd", "-D", "-f", configuration, "-N", host);
        // sbatch itself waits for the node, but not for the controller.
        for (int i = 0; Run("scontrol", "ping").Code != 0; i++)
            Assert.True(
                i < Tries && !controller.WaitForExit(TryMilliseconds),
                $"slurmctld did not start: {Run("sh", "-c", $"tail -n 5 {root}/slurmctld.txt").Text}");
    }

    private Process Daemon(string name, params string[] arguments)
    {
        string line = string.Join(' ', arguments.Prepend(name).Select(a => $"'{a}'"));
        var daemon = Process.Start(WithVariables(new ProcessStartInfo("sh",
            ["-c", $"PATH=$PATH:/usr/sbin exec {line} >{root}/{name}.txt 2>&1"])))!;
        daemons.Add(daemon);
        return daemon;
    }

    private string WriteScript(string name, string line)
    {
        string path = Path.Combine(root, name);
        File.WriteAllText(path, $"#!/bin/sh\n{line}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    private ProcessStartInfo WithVariables(ProcessStartInfo start)
    {
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        return start;
    }

    private (int Code, string Text) Run(string program, params string[] arguments)
    {
        var start = WithVariables(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true });
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, text + errors.GetAwaiter().GetResult());
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
