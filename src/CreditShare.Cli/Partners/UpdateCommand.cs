using System.CommandLine;
using CreditShare.Cli.CommandLine;
using CreditShare.V1;
using Google.Protobuf.WellKnownTypes;

namespace CreditShare.Cli.Partners;

/// <summary><c>partner update</c>: replaces the fields that are given, each as a whole.</summary>
internal static class UpdateCommand
{
    internal static Command Create(CliHost host)
    {
        var id = PartnerCommands.IdArgument();
        var clear = new Option<string[]>("--clear")
        {
            Description = "Empty a field: rpcs, views, purposes, court_codes, platform_codes, address_ranges, quota or display_name.",
            HelpName = "FIELD",
        };
        clear.AcceptOnlyFromAmong("rpcs", "views", "purposes", "court_codes", "platform_codes", "address_ranges", "quota", "display_name");
        var fields = new PartnerOptions();
        var command = new Command("update", "Change a partner's registration; what is given replaces the whole field.") { id, clear };
        fields.AddTo(command);
        return command.Runs(host, async (run, stop) =>
        {
            var partner = new Partner { Name = PartnerCommands.NameOf(run.Get(id)!) };
            var paths = fields.ApplyTo(partner, run).Concat(run.Get(clear) ?? []).ToList();
            if (paths.Count == 0) throw CommandFailedException.Usage("Say what to change.");
            if (paths.Count != paths.Distinct().Count()) throw CommandFailedException.Usage("A field cannot be both set and cleared.");

            using var connection = run.Connect(Role.Operator);
            partner = await connection.Client.UpdatePartnerAsync(
                new UpdatePartnerRequest { Partner = partner, UpdateMask = new FieldMask { Paths = { paths } } }, stop);
            run.Print(partner, PartnerText.Write);
            return ExitCodes.Done;
        });
    }
}
