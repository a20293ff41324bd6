using System.CommandLine;
using CreditShare.Cli.CommandLine;

namespace CreditShare.Cli.Partners;

/// <summary>The verbs of <c>partner</c>.</summary>
internal static class PartnerCommands
{
    private const string Prefix = "partners/";

    internal static IEnumerable<Command> Create(CliHost host) =>
    [
        CreateCommand.Create(host), UpdateCommand.Create(host), AddKeyCommand.Create(host), RevokeKeyCommand.Create(host),
        CreateShow(host), CreateList(host),
    ];

    internal static Argument<string> IdArgument() => new("ID") { Description = "The partner's id." };

    internal static string NameOf(string id) => id.StartsWith(Prefix, StringComparison.Ordinal) ? id : Prefix + id;

    private static Command CreateShow(CliHost host)
    {
        var id = IdArgument();
        return new Command("show", "Show a partner's registration.") { id }.Runs(host, async (run, stop) =>
        {
            using var connection = run.Connect(Role.Operator);
            run.Print(await connection.Client.GetPartnerAsync(NameOf(run.Get(id)!), stop), PartnerText.Write);
            return ExitCodes.Done;
        });
    }

    private static Command CreateList(CliHost host) =>
        new Command("list", "List the partners by id.").Runs(host, async (run, stop) =>
        {
            using var connection = run.Connect(Role.Operator);
            await foreach (var partner in connection.Client.ListPartnersAsync(stop))
            {
                run.Print(partner, PartnerText.WriteLine);
            }

            return ExitCodes.Done;
        });
}
