using System.Threading.Channels;
using CreditShare.Core.Calendar;
using CreditShare.Core.Courts;
using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.Server.Access;
using CreditShare.Server.Mapping;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Grpc.Core;

namespace CreditShare.Server.Listings;

/// <summary>Publishes rows from a stream: takes them in order, answers them in order, and works on several frames at once.</summary>
internal sealed class ListingImport(
    ListingLedger ledger, ListingIntake intake, ListingsMetrics metrics, TimeProvider clock)
{
    /// <summary>Rows in a frame at most.</summary>
    public const int FrameRows = 500;

    /// <summary>Rows that are taken but not yet answered, at most; then the server stops reading.</summary>
    public const int WindowRows = 2_000;

    /// <summary>Reads frames until the caller has sent all, and writes an answer for each.</summary>
    public async Task RunAsync(
        IAsyncStreamReader<ImportListingsRequest> requests,
        IServerStreamWriter<ImportListingsResponse> responses,
        Caller caller,
        CancellationToken cancellationToken)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        // A frame takes its place before it is read and gives it back once it is answered, so the caller is held back by HTTP/2's flow
        // control. The channel has a slot for each place: a frame never waits there.
        const int places = WindowRows / FrameRows;
        using var window = new SemaphoreSlim(places);
        var frames = Channel.CreateBounded<Task<ImportListingsResponse>>(
            new BoundedChannelOptions(places) { SingleReader = true, SingleWriter = true, FullMode = BoundedChannelFullMode.Wait });

        var writing = WriteAsync(frames.Reader, responses, window, failed);
        try
        {
            while (true)
            {
                await window.WaitAsync(failed.Token);
                if (!await requests.MoveNext(failed.Token)) break;

                CheckFrame(requests.Current);
                await frames.Writer.WriteAsync(TakeFrameAsync(requests.Current, caller, failed.Token), failed.Token);
            }
        }
        catch (OperationCanceledException) when (failed.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // The writer failed; its exception is the one to tell.
        }
        finally
        {
            frames.Writer.TryComplete();
            await writing;
        }
    }

    private static async Task WriteAsync(
        ChannelReader<Task<ImportListingsResponse>> frames,
        IServerStreamWriter<ImportListingsResponse> responses,
        SemaphoreSlim window,
        CancellationTokenSource failed)
    {
        try
        {
            await foreach (var frame in frames.ReadAllAsync(failed.Token))
            {
                await responses.WriteAsync(await frame, failed.Token);
                window.Release();
            }
        }
        catch
        {
            await failed.CancelAsync();
            throw;
        }
    }

    private static void CheckFrame(ImportListingsRequest request)
    {
        var problems = new Problems();
        if (request.Rows.Count == 0) problems.Add("rows", ErrorReason.FieldRequired, null);
        if (request.Rows.Count > FrameRows) problems.Add("rows", ErrorReason.FieldTooLong, $"At most {FrameRows} rows a frame.");
        ValueMapping.ReadRequiredText(request.Operator, "operator", ListingIntake.MaxOperator, problems);
        problems.ThrowIfAny();
    }

    /// <summary>Checks the rows and hands the good ones to the journal in their order, before it first waits.</summary>
    private async Task<ImportListingsResponse> TakeFrameAsync(ImportListingsRequest request, Caller caller, CancellationToken cancellationToken)
    {
        var today = clock.Today();
        var outcomes = new Task<AppendResult>?[request.Rows.Count];
        var courts = new CourtCode[request.Rows.Count];
        var response = new ImportListingsResponse();
        List<(int Index, CommandOrigin Origin, CourtCode Court, ListingCommand Command)> rehearsals = [];

        foreach (var (i, row) in request.Rows.Index())
        {
            var result = new ImportRowResult { Row = row.Row };
            response.Results.Add(result);
            try
            {
                var (court, command) = intake.ReadPublication(row.Parent, row.Listing, caller, today, out var problems);
                var requestId = ResourceNames.ReadRequestId(row.RequestId, "request_id", problems);
                problems.ThrowIfAny();

                courts[i] = court;
                var origin = new CommandOrigin(
                    caller.Id, requestId, request.Operator.Trim(), CommandOrigin.DigestOf("publish", row.Parent, row.Listing));
                if (request.ValidateOnly) rehearsals.Add((i, origin, court, command));
                else outcomes[i] = ledger.AppendAsync(origin, court, command, cancellationToken);
            }
            catch (RefusedException e)
            {
                result.Refusal = StatusMapping.ToStatus(e);
            }
        }

        if (rehearsals.Count > 0)
        {
            var results = await ledger.RehearseAsync([.. rehearsals.Select(r => (r.Origin, r.Court, r.Command))], cancellationToken);
            foreach (var (rehearsal, result) in rehearsals.Zip(results)) outcomes[rehearsal.Index] = Task.FromResult(result);
        }

        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i] is not { } outcome) continue;

            var result = await outcome;
            metrics.Imported(result);
            Answer(response.Results[i], result, courts[i], request.ValidateOnly);
        }

        return response;
    }

    private static void Answer(ImportRowResult answer, AppendResult result, CourtCode court, bool rehearsed)
    {
        switch (result)
        {
            case AppendResult.Appended done when rehearsed:
                answer.Receipt = new ListingReceipt { Version = done.Version };
                break;
            case AppendResult.Appended done:
                answer.Receipt = ListingLedger.ReceiptOf(court, done);
                break;
            case AppendResult.Refused refused:
                answer.Refusal = StatusMapping.ToStatus(RefusalMapping.ToRefused(refused.Violations, "listing"));
                break;
        }
    }
}
