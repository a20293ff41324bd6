using System.CommandLine;
using CreditShare.Cli.CommandLine;

namespace CreditShare.Cli.Partners;

/// <summary><c>partner add-key</c>: registers a certificate's public key.</summary>
internal static class AddKeyCommand
{
    internal static Command Create(CliHost host)
    {
        var id = PartnerCommands.IdArgument();
        var certificate = Values.Text("--certificate", "The certificate, PEM or DER; only its public key is kept.", "FILE");
        certificate.Required = true;
        return new Command("add-key", "Register a certificate's public key; two at most, while rotating.") { id, certificate }
            .Runs(host, async (run, stop) =>
            {
                var key = await File.ReadAllBytesAsync(run.PathOf(run.Get(certificate)!), stop);
                using var connection = run.Connect(Role.Operator);
                run.Print(
                    await connection.Client.AddPartnerKeyAsync(PartnerCommands.NameOf(run.Get(id)!), key, stop), PartnerText.Write);
                return ExitCodes.Done;
            });
    }
}
