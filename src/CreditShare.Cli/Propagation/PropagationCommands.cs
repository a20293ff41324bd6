using System.CommandLine;
using CreditShare.Cli.CommandLine;
using CreditShare.Cli.Listings;
using CreditShare.Cli.Measures;
using CreditShare.V1;
using Google.Protobuf.WellKnownTypes;

namespace CreditShare.Cli.Propagation;

/// <summary>The verbs of <c>propagation</c>.</summary>
internal static class PropagationCommands
{
    internal static IEnumerable<Command> Create(CliHost host) => [CreateShow(host), CreateOutstanding(host)];

    private static Command CreateShow(CliHost host)
    {
        var name = new Argument<string>("NAME") { Description = "The listing: courts/{court_code}/listings/{uuid}." };
        return new Command("show", "Show who was told of a listing, and who has applied its end.") { name }.Runs(host, async (run, stop) =>
        {
            using var connection = run.Connect(Role.Court);
            run.Print(await connection.Client.GetPropagationAsync(run.Get(name)!, stop), Write);
            return ExitCodes.Done;
        });
    }

    private static Command CreateOutstanding(CliHost host)
    {
        var age = Values.Span("--older-than", "Only withdrawals at least this old: 30s, 15m, 24h, 7d. After 24 h no answer to a lookup is left among them.");
        var partner = Values.Text("--partner", "Only this partner.", "ID");
        return new Command("outstanding", "List who has not confirmed a withdrawal, longest outstanding first.") { age, partner }.Runs(host, async (run, stop) =>
        {
            var request = new ListOutstandingRequest { Partner = run.Get(partner) is { } id ? "partners/" + id : "" };
            if (run.Get(age) is { } span) request.OlderThan = Duration.FromTimeSpan(span);
            using var connection = run.Connect(Role.Operator);
            await foreach (var withdrawal in connection.Client.ListOutstandingAsync(request, stop))
            {
                run.Print(withdrawal, (output, row) => output.WriteLine($"{row.Sequence}  {row.Name} v{row.Version}  {Line(row.Recipient)}"));
            }

            return ExitCodes.Done;
        });
    }

    private static void Write(TextWriter output, GetPropagationResponse response)
    {
        output.WriteLine($"{response.Name} v{response.Version}");
        output.WriteLine(response.EndTime is { } end
            ? $"  ended {ListingText.Instant(end)} ({ListingText.Form(response.Ending)}), {response.Outstanding} outstanding"
            : "  has not ended");
        foreach (var recipient in response.Recipients)
        {
            output.WriteLine("  " + Line(recipient));
        }

        foreach (var measure in response.OpenMeasures)
        {
            output.Write("  not lifted: ");
            MeasureText.WriteLine(output, measure);
        }
    }

    private static string Line(Recipient recipient)
    {
        var who = recipient.Subscription.Length > 0 ? recipient.Subscription : $"{recipient.Partner} ({ContractWords<DisclosureChannel>.Of(recipient.Channel)})";
        var line = $"{who}  {ContractWords<RecipientState>.NameOf(recipient.State)}";
        if (recipient.OutstandingSince is { } since) line += $" since {ListingText.Instant(since)}";
        if (recipient.AppliedTime is { } applied) line += $" at {ListingText.Instant(applied)}";
        if (recipient.ValidUntil is { } until) line += $", valid until {ListingText.Instant(until)}";
        return recipient.Rejection.Length > 0 ? $"{line}, rejected: {recipient.Rejection}" : line;
    }
}
