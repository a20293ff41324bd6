using System.Diagnostics;
using CreditShare.IntegrationTests.Infrastructure;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Quickstart;

/// <summary>What <c>tests/run.sh</c> asks of the machine before it builds anything.</summary>
[Platform(Exclude = "Win", Reason = "The script is for a POSIX shell.")]
internal sealed class RunScriptTests
{
    [Test, CancelAfter(120_000)]
    public async Task Programs_that_are_too_old_are_named_also_where_servers_are_given(CancellationToken cancellationToken)
    {
        using var programs = new TemporaryFolder();
        Make(programs, "node", "echo v16.20.2");
        Make(programs, "redis-server", "echo 'Redis server v=5.0.14 sha=00000000:0'");
        Make(programs, "valkey-server", "echo 'Valkey server v=5.0.14 sha=00000000:0'");

        // Nothing is installed by a test.
        Make(programs, "apt-get", "exit 1");

        var (code, output) = await RunAsync(programs.Path, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(code, Is.EqualTo(1));
            Assert.That(output, Does.Contain("Node.js 18 or later").And.Contain("Redis 6 or later"));
            Assert.That(output, Does.Not.Contain("== building"));
        }
    }

    private static void Make(TemporaryFolder folder, string name, string script)
    {
        var path = Path.Combine(folder.Path, name);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private static async Task<(int Code, string Output)> RunAsync(string programs, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(QuickstartTests.Root, "tests", "run.sh")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{programs}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["CREDITSHARE_TEST_POSTGRES"] = "Host=127.0.0.1";
        start.Environment["CREDITSHARE_TEST_REDIS"] = "127.0.0.1";
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, await output + await errors);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
