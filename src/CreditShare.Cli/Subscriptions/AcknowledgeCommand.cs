using System.CommandLine;
using CreditShare.Cli.CommandLine;
using CreditShare.V1;

namespace CreditShare.Cli.Subscriptions;

/// <summary><c>subscription acknowledge</c>: how far the partner of a pull subscription is.</summary>
internal static class AcknowledgeCommand
{
    internal static Command Create(CliHost host)
    {
        var name = new SubscriptionName();
        var cursor = Values.Text("--accepted", "Everything up to EPOCH:SEQUENCE[:HASH] is stored.", "CURSOR");
        cursor.Required = true;
        var applied = new Option<long?>("--applied") { Description = "Everything up to this number is acted on. Left out: as before.", HelpName = "N" };
        var command = new Command("acknowledge", "Say how far a pull subscription is: stored, and acted on.") { cursor, applied };
        name.AddTo(command);
        return command.Runs(host, async (run, stop) =>
        {
            var request = new AcknowledgeChangesRequest
            {
                Subscription = name.Read(run),
                Accepted = PositionText.ParseCursor(run.Get(cursor)!),
                AppliedSequence = run.Get(applied) ?? 0,
            };
            using var connection = run.Connect(Role.Department);
            run.Print(
                await connection.Client.AcknowledgeChangesAsync(request, stop),
                (output, done) => output.WriteLine($"accepted {PositionText.Form(done.Accepted)}, applied {done.AppliedSequence}"));
            return ExitCodes.Done;
        });
    }
}
