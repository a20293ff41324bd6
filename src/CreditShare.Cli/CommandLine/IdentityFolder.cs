using CreditShare.Client;

namespace CreditShare.Cli.CommandLine;

/// <summary>Where the certificate and the key are.</summary>
internal static class IdentityFolder
{
    private const string DevelopmentFolder = "identities";

    /// <param name="invocation">Names <c>--identity</c> and <c>--data</c>.</param>
    /// <param name="speaker">Whose identity.</param>
    internal static string Find(Invocation invocation, Role speaker)
    {
        var role = NameOf(speaker);
        if (invocation.Get(GlobalOptions.Identity) is not { } given)
        {
            return OrFail(Path.Combine(invocation.DataFolder, DevelopmentFolder, role));
        }

        // A folder of identities serves as well as one identity.
        var folder = invocation.PathOf(given);
        var ofRole = Path.Combine(folder, role);
        return HasCertificate(folder) || !HasCertificate(ofRole) ? OrFail(folder) : ofRole;
    }

    private static string NameOf(Role role) => role.ToString().ToLowerInvariant();

    private static bool HasCertificate(string folder) => File.Exists(Path.Combine(folder, PartnerIdentity.CertificateFile));

    private static string OrFail(string folder) => HasCertificate(folder)
        ? folder
        : throw CommandFailedException.Usage($"There is no identity in {folder}: {PartnerIdentity.CertificateFile} is missing.");
}
