using CreditShare.Server.Store;
using CreditShare.Storage;

namespace CreditShare.Server.Verbs;

/// <summary>Begins a new life of the journal: behind a restored backup, or a standby that may have lost its tail.</summary>
internal static class EpochVerb
{
    public static async Task<int> RunAsync(WebApplication app, TextWriter output, CancellationToken cancellationToken)
    {
        // Every store of this program has the one journal.
        var journal = (StoreJournal)app.Services.GetRequiredService<StoreOpening>().Store.Journal;
        var epoch = await journal.Engine.RaiseEpochAsync(cancellationToken);
        await output.WriteLineAsync(
            $"Epoch {epoch.Epoch} begins with change {epoch.FirstSequence}. Receivers that know other changes from there on take a new export.");
        return ExitCode.Done;
    }
}
