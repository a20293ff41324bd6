using System.Runtime.CompilerServices;
using CreditShare.Cli.CommandLine;
using CreditShare.Client;
using CreditShare.Core.Calendar;
using CreditShare.V1;

namespace CreditShare.Cli.Listings;

/// <summary>What became of an import.</summary>
/// <param name="Rows">Rows of the file.</param>
/// <param name="Accepted">Rows that were published, now or before; with a dry run, that would be.</param>
/// <param name="Rejected">Rows that were not.</param>
/// <param name="DoubtfulAges">Rows whose age does not fit the birth date, whatever became of them.</param>
internal sealed record ImportSummary(long Rows, long Accepted, long Rejected, DoubtfulRows DoubtfulAges);

/// <summary>One import of a file.</summary>
internal sealed class ImportJob(CliHost host, string path, ImportOptions options)
{
    private readonly DateOnly _today = host.Clock.Today();
    private readonly DoubtfulRows _doubtfulAges = new();

    /// <summary>Where rejected rows go.</summary>
    internal string RejectedPath { get; } = path + ".rejected.csv";

    internal required string Encoding { get; init; }

    internal async Task<ImportSummary> RunAsync(CreditShareClient client, CancellationToken cancellationToken)
    {
        var ids = await ImportRequestIds.OfFileAsync(path, cancellationToken);
        using var text = TextFiles.OpenText(path, Encoding);
        using var reader = new ImportReader(text);

        // Once: the length of a stream of a file is a question to the system.
        var length = Math.Max(1.0, text.BaseStream.Length);
        File.Delete(RejectedPath);
        using var rejected = new RejectedRows(RejectedPath, reader.Header);
        var accepted = 0L;
        await ProgressMeter.RunAsync(host, "import", async meter =>
        {
            var rows = RowsAsync(reader, ids, rejected, cancellationToken);
            await foreach (var outcome in client.ImportAsync(rows, options, cancellationToken))
            {
                rejected.Answered(outcome.Refusal);
                if (outcome.Refusal is null) accepted++;
                meter.Add(1);
                meter.SetFraction(text.BaseStream.Position / length);
            }
        });
        return new ImportSummary(accepted + rejected.Count, accepted, rejected.Count, _doubtfulAges);
    }

    private async IAsyncEnumerable<ImportRow> RowsAsync(
        ImportReader reader, ImportRequestIds ids, RejectedRows rejected, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Off the caller's thread, so that rows are read and cleaned while earlier ones travel.
        await Task.Yield();
        while (!cancellationToken.IsCancellationRequested && reader.TryRead(out var row))
        {
            var fields = reader.FieldsOf(row);
            var listing = ListingRow.Read(fields, _today);
            var parent = CourtParent.Of(listing.CourtCode, listing.CaseNumber);
            if (parent is null)
            {
                fields.Refuse(ImportColumns.CourtCode, ErrorReason.FieldRequired, "The case number names no court: its code is needed.");
            }

            if (AgeCheck.Contradicts(fields.Text(ImportColumns.Age), listing, _today)) _doubtfulAges.Add(row.Number);
            rejected.Read(row, fields.Problems);
            if (fields.Problems.Count == 0)
            {
                yield return new ImportRow { Row = row.Number, RequestId = ids.Of(row.Number), Parent = parent, Listing = listing };
            }
        }
    }
}
