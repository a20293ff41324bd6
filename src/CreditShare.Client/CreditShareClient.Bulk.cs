using System.Runtime.CompilerServices;
using CreditShare.V1;

namespace CreditShare.Client;

/// <content>Many subjects in one call: screening a bank's customers, importing a court's listings.</content>
public sealed partial class CreditShareClient
{
    /// <summary>
    /// Asks about any number of subjects in one call, several frames in flight. A lost connection is opened again, and only the frames
    /// without an answer are asked about again.
    /// </summary>
    /// <param name="subjects">Whom to ask about; read ahead by a block and the frames in flight.</param>
    /// <param name="options">Why, and how much at once.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Results for runs of consecutive subjects, in their order, each as soon as it is complete. What was given stays true
    /// when the enumeration fails later: go on behind the last block.</returns>
    /// <exception cref="InvalidDataException">A million subjects in a row have no document type.</exception>
    public async IAsyncEnumerable<ScreenBlock> ScreenAsync(
        IAsyncEnumerable<ScreenSubject> subjects,
        ScreenOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(subjects);
        ArgumentNullException.ThrowIfNull(options);
        var frames = new ScreenFrames(options);
        var sent = new Queue<ScreenFrame>();
        var gate = new Lock();
        using var exchange = new ResumingExchange<ScreenSubjectsRequest, ScreenSubjectsResponse>(
            _lookup.ScreenSubjects, options.FramesInFlight, _options);

        await foreach (var (_, answer) in exchange.RunAsync(Remember(cancellationToken), cancellationToken).ConfigureAwait(false))
        {
            ScreenFrame frame;
            lock (gate)
            {
                frame = sent.Dequeue();
            }

            frame.Block.Take(frame, answer);
            if (frame.Block.IsAnswered) yield return frame.Block.Finish();
        }

        if (frames.Rest is { } rest) yield return rest.Finish();

        async IAsyncEnumerable<ScreenSubjectsRequest> Remember([EnumeratorCancellation] CancellationToken stop)
        {
            await foreach (var frame in frames.SplitAsync(subjects, stop).ConfigureAwait(false))
            {
                lock (gate)
                {
                    sent.Enqueue(frame);
                }

                yield return frame.Request;
            }
        }
    }

    /// <summary>
    /// Publishes many listings, each on its own, with at most <see cref="ImportOptions.MaxRowsInFlight"/> rows ahead of the answers. A lost
    /// connection is opened again, and the rows without an answer are sent again with the same request ids, which does nothing twice.
    /// </summary>
    /// <param name="rows">The rows, each with a request id that a repetition of the whole import would give it again.</param>
    /// <param name="options">Who answers for them, and whether to write.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The outcomes, in the order of the rows.</returns>
    public async IAsyncEnumerable<ImportOutcome> ImportAsync(
        IAsyncEnumerable<ImportRow> rows,
        ImportOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        using var exchange = new ResumingExchange<ImportListingsRequest, ImportListingsResponse>(
            _listings.ImportListings, ImportFrames.Window, _options);
        var frames = ImportFrames.PackAsync(rows, options, _options.Clock, cancellationToken);

        await foreach (var (frame, answer) in exchange.RunAsync(frames, cancellationToken).ConfigureAwait(false))
        {
            if (answer.Results.Count != frame.Rows.Count) throw NotTheAnswer();
            for (var i = 0; i < frame.Rows.Count; i++)
            {
                yield return ToOutcome(frame.Rows[i], answer.Results[i]);
            }
        }
    }

    private static ImportOutcome ToOutcome(ImportRow row, ImportRowResult result)
    {
        if (result.Row != row.Row) throw NotTheAnswer();
        return result.OutcomeCase switch
        {
            ImportRowResult.OutcomeOneofCase.Receipt => new ImportOutcome(row, result.Receipt, Refusal: null),
            ImportRowResult.OutcomeOneofCase.Refusal => new ImportOutcome(row, Receipt: null, Refusal.From(result.Refusal)),
            ImportRowResult.OutcomeOneofCase.None => throw new ServerFaultException($"Row {row.Row} was neither accepted nor refused."),
        };
    }

    private static ServerFaultException NotTheAnswer() => new("The server's answer does not fit the frame of rows that was sent.");
}
