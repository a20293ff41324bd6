using System.CommandLine;
using CreditShare.Cli.CommandLine;
using CreditShare.V1;

namespace CreditShare.Cli.Partners;

/// <summary><c>partner create</c>: registers a partner. Nothing is granted by default.</summary>
internal static class CreateCommand
{
    internal static Command Create(CliHost host)
    {
        var id = new Argument<string>("ID") { Description = "2 to 40 characters of a-z, 0-9 and hyphen." };
        var kind = Values.Word<PartnerKind>("--kind", "What it is; fixed.");
        kind.Required = true;
        var certificate = Values.Text("--certificate", "Its certificate, PEM or DER; only the public key is kept.", "FILE");
        var fields = new PartnerOptions();
        var command = new Command("create", "Register a partner.") { id, kind, certificate };
        fields.AddTo(command);
        return command.Runs(host, async (run, stop) =>
        {
            // Read before anything is sent, so that a wrong path leaves no partner without a key behind.
            var key = run.Get(certificate) is { } path ? await File.ReadAllBytesAsync(run.PathOf(path), stop) : null;
            var partner = new Partner { Kind = run.Get(kind) };
            fields.ApplyTo(partner, run);
            using var connection = run.Connect(Role.Operator);
            partner = await connection.Client.CreatePartnerAsync(
                new CreatePartnerRequest { PartnerId = run.Get(id), Partner = partner }, stop);
            if (key is not null) partner = await connection.Client.AddPartnerKeyAsync(partner.Name, key, stop);
            run.Print(partner, PartnerText.Write);
            return ExitCodes.Done;
        });
    }
}
