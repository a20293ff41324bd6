using System.CommandLine;
using CreditShare.Cli.CommandLine;
using CreditShare.Cli.Feed;
using CreditShare.V1;

namespace CreditShare.Cli.Subscriptions;

/// <summary><c>subscription create</c>: a standing wish for changes; pull unless an endpoint is given.</summary>
internal static class CreateCommand
{
    internal static Command Create(CliHost host)
    {
        var name = new SubscriptionName();
        var start = Values.Text("--start", "Begin behind EPOCH:SEQUENCE[:HASH], such as an export's cursor. Left out: at the head.", "CURSOR");
        var filter = new FeedFilterOptions();
        var delivery = new DeliveryOptions();
        var command = new Command("create", "Make a subscription. A pushed one delivers once its endpoint has answered a challenge.") { start };
        name.AddTo(command);
        filter.AddTo(command);
        delivery.AddTo(command);
        return command.Runs(host, async (run, stop) =>
        {
            var (parent, id) = name.ReadParts(run);
            var wanted = filter.Read(run);
            var subscription = new Subscription { Filter = wanted.Filter, View = wanted.View };
            await delivery.ApplyToAsync(subscription, run, stop);
            var request = new CreateSubscriptionRequest { Parent = parent, SubscriptionId = id, Subscription = subscription };
            if (run.Get(start) is { } cursor) request.Start = PositionText.ParseCursor(cursor);
            using var connection = run.Connect(Role.Department);
            run.Print(await connection.Client.CreateSubscriptionAsync(request, stop), (output, response) =>
            {
                SubscriptionText.Write(output, response.Subscription);
                if (response.GeneratedSecret.Length > 0) output.WriteLine($"  secret:      {response.GeneratedSecret} (told only now)");
            });
            return ExitCodes.Done;
        });
    }
}
