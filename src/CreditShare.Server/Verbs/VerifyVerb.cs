using CreditShare.Server.Store;
using CreditShare.Storage;

namespace CreditShare.Server.Verbs;

/// <summary>Walks the journal from its beginning and computes every hash anew.</summary>
internal static class VerifyVerb
{
    public static async Task<int> RunAsync(WebApplication app, TextWriter output, CancellationToken cancellationToken)
    {
        var store = app.Services.GetRequiredService<StoreOpening>().Store;
        var head = await store.Journal.ReadHeadAsync(cancellationToken);
        var firstBad = await JournalVerifier.VerifyAsync(store, after: 0, progress: null, cancellationToken);
        await output.WriteLineAsync(firstBad is { } sequence
            ? $"The chain is broken: change {sequence} is not what was written."
            : $"The chain holds: {head.Sequence} changes, epoch {head.Epoch}, hash {Convert.ToHexStringLower(head.Hash.Span)}.");
        return firstBad is null ? ExitCode.Done : ExitCode.Failed;
    }
}
