using System.CommandLine;
using CreditShare.Cli.CommandLine;
using CreditShare.V1;
using Google.Protobuf.WellKnownTypes;

namespace CreditShare.Cli.Subscriptions;

/// <summary><c>subscription update</c>: replaces the fields that are given.</summary>
internal static class UpdateCommand
{
    internal static Command Create(CliHost host)
    {
        var name = new SubscriptionName();
        var delivery = new DeliveryOptions();
        var command = new Command("update", "Change name, endpoint, key or secrets. A new endpoint is verified anew; the cursors stay.");
        name.AddTo(command);
        delivery.AddTo(command);
        return command.Runs(host, async (run, stop) =>
        {
            var subscription = new Subscription { Name = name.Read(run) };
            var paths = await delivery.ApplyToAsync(subscription, run, stop);
            if (paths.Count == 0) throw CommandFailedException.Usage("Say what to change.");

            using var connection = run.Connect(Role.Department);
            var request = new UpdateSubscriptionRequest { Subscription = subscription, UpdateMask = new FieldMask { Paths = { paths } } };
            run.Print(await connection.Client.UpdateSubscriptionAsync(request, stop), SubscriptionText.Write);
            return ExitCodes.Done;
        });
    }
}
