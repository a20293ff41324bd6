using System.CommandLine;
using CreditShare.Cli.CommandLine;

namespace CreditShare.Cli.Partners;

/// <summary><c>partner revoke-key</c>: takes a key out of use, on open streams too.</summary>
internal static class RevokeKeyCommand
{
    internal static Command Create(CliHost host)
    {
        var id = PartnerCommands.IdArgument();
        var key = new Argument<string>("SHA256") { Description = "SHA-256 of the public key info, as partner show prints it." };
        return new Command("revoke-key", "Revoke a key; in force everywhere within 5 s.") { id, key }
            .Runs(host, async (run, stop) =>
            {
                using var connection = run.Connect(Role.Operator);
                run.Print(
                    await connection.Client.RevokePartnerKeyAsync(PartnerCommands.NameOf(run.Get(id)!), run.Get(key)!, stop),
                    PartnerText.Write);
                return ExitCodes.Done;
            });
    }
}
