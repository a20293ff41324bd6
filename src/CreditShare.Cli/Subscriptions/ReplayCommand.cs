using System.CommandLine;
using CreditShare.Cli.CommandLine;
using CreditShare.V1;
using Google.Protobuf.WellKnownTypes;

namespace CreditShare.Cli.Subscriptions;

/// <summary><c>subscription replay</c>: delivers once more what comes after a place.</summary>
internal static class ReplayCommand
{
    internal static Command Create(CliHost host)
    {
        var name = new SubscriptionName();
        var after = new Option<long?>("--after") { Description = "What comes after this number; 0 for everything.", HelpName = "N" };
        var since = Values.Instant("--since", "What was recorded at or after this time, such as 2026-01-31T09:00:00+08:00.");
        var command = new Command("replay", "Set the ordered lane back, and try parked changes again.") { after, since };
        name.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(after) is null == result.GetResult(since) is null) result.AddError("Give either --after or --since.");
        });
        return command.Runs(host, async (run, stop) =>
        {
            var request = new ReplaySubscriptionRequest { Name = name.Read(run) };
            if (run.Get(since) is { } time) request.Since = Timestamp.FromDateTimeOffset(time);
            else request.AfterSequence = run.Get(after) ?? 0;
            using var connection = run.Connect(Role.Department);
            run.Print(await connection.Client.ReplaySubscriptionAsync(request, stop), SubscriptionText.Write);
            return ExitCodes.Done;
        });
    }
}
