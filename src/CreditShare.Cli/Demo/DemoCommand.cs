using System.CommandLine;
using CreditShare.Cli.CommandLine;

namespace CreditShare.Cli.Demo;

/// <summary><c>demo</c>: the life of one listing, told step by step against a development server.</summary>
internal static class DemoCommand
{
    internal static Command Create(CliHost host) =>
        new Command("demo", "Publish, check, withdraw and follow one made-up listing on the development server, and explain each step.")
            .Runs(host, async (run, stop) =>
            {
                using var court = run.ConnectAs(Role.Court);
                using var bank = run.ConnectAs(Role.Bank);
                using var department = run.ConnectAs(Role.Department);
                return await new DemoStory(run, court.Client, bank.Client, department.Client).TellAsync(stop);
            });
}
