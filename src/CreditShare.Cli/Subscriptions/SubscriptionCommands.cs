using System.CommandLine;
using CreditShare.Cli.CommandLine;
using CreditShare.Client;
using CreditShare.V1;

namespace CreditShare.Cli.Subscriptions;

/// <summary>The verbs of <c>subscription</c>.</summary>
internal static class SubscriptionCommands
{
    internal static IEnumerable<Command> Create(CliHost host) =>
    [
        CreateCommand.Create(host),
        CreateStep(host, "show", "Show a subscription and how far it is.", (client, name, stop) => client.GetSubscriptionAsync(name, stop)),
        CreateList(host),
        UpdateCommand.Create(host),
        CreateStep(host, "pause", "Stop deliveries, withdrawals too.", (client, name, stop) => client.PauseSubscriptionAsync(name, stop)),
        CreateStep(host, "resume", "Go on at once, whatever it waits for.", (client, name, stop) => client.ResumeSubscriptionAsync(name, stop)),
        ReplayCommand.Create(host),
        CreateStep(
            host, "delete", "End a subscription for good; its receiver is ordered to purge.",
            (client, name, stop) => client.DeleteSubscriptionAsync(name, stop)),
        CreateTest(host),
        CreateAttempts(host),
        AcknowledgeCommand.Create(host),
        ListenCommand.Create(host),
    ];

    private static Command CreateStep(
        CliHost host, string verb, string description, Func<CreditShareClient, string, CancellationToken, Task<Subscription>> step)
    {
        var name = new SubscriptionName();
        var command = new Command(verb, description);
        name.AddTo(command);
        return command.Runs(host, async (run, stop) =>
        {
            using var connection = run.Connect(Role.Department);
            run.Print(await step(connection.Client, name.Read(run), stop), SubscriptionText.Write);
            return ExitCodes.Done;
        });
    }

    private static Command CreateList(CliHost host)
    {
        var partner = SubscriptionName.PartnerOption();
        var all = new Option<bool>("--all") { Description = "Those of all partners; for operators." };
        return new Command("list", "List subscriptions by id.") { partner, all }.Runs(host, async (run, stop) =>
        {
            var isAll = run.Get(all);
            var parent = "partners/" + (isAll ? "-" : run.PartnerOf(partner, Role.Department));
            using var connection = run.Connect(isAll ? Role.Operator : Role.Department);
            await foreach (var subscription in connection.Client.ListSubscriptionsAsync(parent, stop))
            {
                run.Print(subscription, SubscriptionText.WriteLine);
            }

            return ExitCodes.Done;
        });
    }

    private static Command CreateTest(CliHost host)
    {
        var name = new SubscriptionName();
        var command = new Command("test", "Send a test message now; exits with 1 if it was not accepted.");
        name.AddTo(command);
        return command.Runs(host, async (run, stop) =>
        {
            using var connection = run.Connect(Role.Department);
            var attempt = await connection.Client.TestSubscriptionAsync(name.Read(run), stop);
            run.Print(attempt, SubscriptionText.WriteLine);
            return attempt.Outcome == DeliveryOutcome.Accepted ? ExitCodes.Done : ExitCodes.Failed;
        });
    }

    private static Command CreateAttempts(CliHost host)
    {
        var name = new SubscriptionName();
        var limit = new Option<int>("--limit") { Description = "At most so many.", HelpName = "N", DefaultValueFactory = _ => 20 };
        var command = new Command("attempts", "List what was sent and what came of it, newest first.") { limit };
        name.AddTo(command);
        return command.Runs(host, async (run, stop) =>
        {
            using var connection = run.Connect(Role.Department);
            await foreach (var attempt in connection.Client.ListDeliveryAttemptsAsync(name.Read(run), stop).Take(run.Get(limit)))
            {
                run.Print(attempt, SubscriptionText.WriteLine);
            }

            return ExitCodes.Done;
        });
    }
}
