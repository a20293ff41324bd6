using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using CreditShare.Cli.CommandLine;
using CreditShare.Client;
using CreditShare.V1;

namespace CreditShare.Cli.Doctor;

/// <summary>The examination: each step needs the ones before it, so the first that fails is the cause.</summary>
internal sealed class Examination(Invocation run)
{
    /// <summary>How far the clocks may differ before certificates and validity times become doubtful.</summary>
    private static readonly TimeSpan MaxSkew = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ExpiresSoon = TimeSpan.FromDays(30);

    private bool _isWell = true;

    internal async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var address = ServerAddress.Find(run);
        Good("address", address.ToString());

        var role = run.Get(GlobalOptions.As) ?? Role.Bank;
        using var identity = PartnerIdentity.FromFolder(IdentityFolder.Find(run, role));
        ExamineCertificate("certificate", identity.Certificate);
        if (!await ExamineTlsAsync(address, identity, cancellationToken)) return ExitCodes.Unreachable;

        using var connection = run.Connect(role);
        await ExamineHealthAsync(connection.Client, cancellationToken);
        await ExamineRegistrationAsync(connection.Client, identity, cancellationToken);
        return _isWell ? ExitCodes.Done : ExitCodes.Failed;
    }

    private void ExamineCertificate(string what, X509Certificate2 certificate)
    {
        var now = run.Host.Clock.GetUtcNow();
        var from = new DateTimeOffset(certificate.NotBefore);
        var until = new DateTimeOffset(certificate.NotAfter);
        var dates = string.Create(CultureInfo.InvariantCulture, $"valid from {from:yyyy-MM-dd} to {until:yyyy-MM-dd}");
        if (now < from || now > until)
        {
            Bad(what, $"{dates}: not now");
        }
        else if (until - now < ExpiresSoon)
        {
            Bad(what, $"{dates}: it expires soon");
        }
        else
        {
            Good(what, dates);
        }
    }

    private async Task<bool> ExamineTlsAsync(Uri address, PartnerIdentity identity, CancellationToken cancellationToken)
    {
        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(address.Host, address.Port, cancellationToken);
            Good("connection", string.Create(CultureInfo.InvariantCulture, $"{address.Host}:{address.Port} accepts"));

            await using var tls = new SslStream(socket.GetStream());
            await tls.AuthenticateAsClientAsync(TlsOptions(address, identity), cancellationToken);
            Good("TLS", $"{tls.SslProtocol}, the server is whom the authority says");
            if (tls.RemoteCertificate is X509Certificate2 server) ExamineCertificate("server's certificate", server);
            return true;
        }
        catch (SocketException ex)
        {
            Bad("connection", ex.Message);
        }
        catch (Exception ex) when (ex is AuthenticationException or IOException)
        {
            Bad("TLS", $"{ex.Message} Does ca.pem belong to this server, and is the name {address.Host} in its certificate?");
        }

        return false;
    }

    private static SslClientAuthenticationOptions TlsOptions(Uri address, PartnerIdentity identity)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = address.Host,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            ClientCertificateContext = SslStreamCertificateContext.Create(identity.Certificate, identity.Intermediates, offline: true),
        };
        if (identity.Authorities.Count == 0) return options;

        options.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        options.CertificateChainPolicy.CustomTrustStore.AddRange(identity.Authorities);
        return options;
    }

    private async Task ExamineHealthAsync(CreditShareClient client, CancellationToken cancellationToken)
    {
        try
        {
            var health = await client.GetHealthAsync(cancellationToken);
            Tell("health", health.Status == HealthStatus.Serving, health.Status.ToString());
            if (health.ServerTime is not { } time) return;

            // The server tells whole seconds, so half of one is the middle of what it may mean.
            var skew = run.Host.Clock.GetUtcNow() - time - TimeSpan.FromSeconds(0.5);
            Tell(
                "clock",
                skew.Duration() <= MaxSkew,
                string.Create(CultureInfo.InvariantCulture, $"this machine is {Math.Abs(skew.TotalSeconds):0} s {(skew < TimeSpan.Zero ? "behind" : "ahead")}"));
        }
        catch (CreditShareException ex)
        {
            Bad("health", $"{FailureReport.NameOf(ex.Refusal)}: {ex.Message}");
        }
    }

    private async Task ExamineRegistrationAsync(
        CreditShareClient client, PartnerIdentity identity, CancellationToken cancellationToken)
    {
        var key = Convert.ToHexStringLower(SHA256.HashData(identity.Certificate.PublicKey.ExportSubjectPublicKeyInfo()));
        try
        {
            var courts = 0;
            await foreach (var _ in client.ListCourtsAsync(cancellationToken))
            {
                courts++;
            }

            Good("registration", string.Create(CultureInfo.InvariantCulture, $"key {key} is registered; the service knows {courts} courts"));
        }
        catch (AccessDeniedException ex) when (ex.Reason == ErrorReason.CallerUnknown)
        {
            Bad("registration", $"key {key} is not registered: send it to the operator");
        }
        catch (CreditShareException ex)
        {
            Bad("registration", $"{FailureReport.NameOf(ex.Refusal)}: {ex.Message}");
        }
    }

    private void Good(string what, string detail) => Tell(what, isGood: true, detail);

    private void Bad(string what, string detail) => Tell(what, isGood: false, detail);

    private void Tell(string what, bool isGood, string detail)
    {
        _isWell &= isGood;

        // One line a check, also where a system's message has several.
        detail = detail.ReplaceLineEndings(" ");
        run.Output.WriteLine(run.IsJson
            ? JsonText.Line(new JsonObject { ["check"] = what, ["ok"] = isGood, ["detail"] = detail })
            : $"{(isGood ? "ok  " : "BAD ")} {what}: {detail}");
        run.Output.Flush();
    }
}
