using System.CommandLine;
using CreditShare.Cli.CommandLine;

namespace CreditShare.Cli.Feed;

/// <summary><c>feed head</c>: where the journal stands.</summary>
internal static class HeadCommand
{
    internal static Command Create(CliHost host) =>
        new Command("head", "Say where the journal's head is, as a cursor.").Runs(host, async (run, stop) =>
        {
            using var connection = run.Connect(Role.Department);
            var response = await connection.Client.GetHeadAsync(stop);
            run.Print(response, (output, head) => output.WriteLine(PositionText.Form(head.Head)));
            return ExitCodes.Done;
        });
}
