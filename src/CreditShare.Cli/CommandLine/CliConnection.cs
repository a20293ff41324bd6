using CreditShare.Client;

namespace CreditShare.Cli.CommandLine;

/// <summary>A client together with the identity it speaks as.</summary>
internal sealed class CliConnection : IDisposable
{
    private readonly PartnerIdentity _identity;

    private CliConnection(PartnerIdentity identity, CreditShareClientOptions options)
    {
        _identity = identity;
        Client = new CreditShareClient(options);
    }

    internal CreditShareClient Client { get; }

    internal static CliConnection Open(string identityFolder, CreditShareClientOptions options)
    {
        var identity = PartnerIdentity.FromFolder(identityFolder);
        return new CliConnection(identity, options with { Identity = identity });
    }

    public void Dispose()
    {
        Client.Dispose();
        _identity.Dispose();
    }
}
