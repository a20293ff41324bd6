using CreditShare.Core.Access;
using CreditShare.Core.Journal;
using CreditShare.Server.Access;

namespace CreditShare.Server.Verbs;

/// <summary>Registers an operator without one: whoever may run this on the server's machine could change the store anyway.</summary>
internal static class OperatorVerb
{
    public static async Task<int> RunAsync(WebApplication app, TextWriter output, CancellationToken cancellationToken)
    {
        if (!PartnerId.TryParse(app.Configuration["id"], out var id) || app.Configuration["certificate"] is not { Length: > 0 } file)
        {
            await output.WriteLineAsync("Both are needed: --id ID (2 to 40 of a–z, 0–9 and hyphen) and --certificate FILE (PEM or DER).");
            return ExitCode.Usage;
        }

        if (!TryReadKey(file, out var fingerprint, out var fault))
        {
            await output.WriteLineAsync($"{file} cannot be used: {fault}");
            return ExitCode.Failed;
        }

        var now = app.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var result = await app.Services.GetRequiredService<IRegistryStore>().PutPartnerAsync(
            new Partner
            {
                Id = id,
                DisplayName = id.Value,
                Kind = PartnerKind.Operator,
                Rpcs = ["creditshare.v1.PartnerService/*", "creditshare.v1.CourtService/*", "creditshare.v1.FeedService/GetHead"],
                Keys = [new PartnerKey(fingerprint, now)],
                CreatedAt = now,
                UpdatedAt = now,
            },
            cancellationToken);
        await output.WriteLineAsync(result switch
        {
            PutPartnerResult.Stored => $"Registered the operator {id} with the key {fingerprint}.",
            PutPartnerResult.RevisionChanged => $"There is a partner {id} already.",
            PutPartnerResult.KeyTaken => "The certificate's key belongs to another partner.",
        });
        return result == PutPartnerResult.Stored ? ExitCode.Done : ExitCode.Failed;
    }

    private static bool TryReadKey(string file, out string fingerprint, out string fault)
    {
        fingerprint = "";
        try
        {
            return PartnerCertificate.TryRead(File.ReadAllBytes(file), out fingerprint, out fault);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            fault = exception.Message;
            return false;
        }
    }
}
