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
    ListingLedger ledger, ListingIntake intake, ListingsMetrics metrics, TimeProvider clock) : IDisposable
{
    /// <summary>Rows of all imports of a node that wait for the journal, at most: half of what may wait there, so that a clerk's command always
    /// finds a place beside however many imports.</summary>
    public const int NodeRows = 4_000;

    /// <summary>Rows in a frame at most.</summary>
    public const int FrameRows = 500;

    /// <summary>Rows that are taken but not yet answered, at most; then the server stops reading.</summary>
    public const int WindowRows = 2_000;

    private readonly SemaphoreSlim _places = new(NodeRows / FrameRows);

    /// <summary>Reads frames until the caller has sent all, and writes an answer for each.</summary>
    public async Task RunAsync(
        IAsyncStreamReader<ImportListingsRequest> requests,
        IServerStreamWriter<ImportListingsResponse> responses,
        Caller caller,
        CancellationToken cancellationToken)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        // A frame takes its place before it is read and gives it back once it is answered, so the caller is held back by HTTP/2's flow
        // control. The channels have a slot for each place: a frame never waits for one.
        const int places = WindowRows / FrameRows;
        using var window = new SemaphoreSlim(places);
        var bounds = new BoundedChannelOptions(places) { SingleReader = true, SingleWriter = true, FullMode = BoundedChannelFullMode.Wait };
        var arrived = Channel.CreateBounded<ImportListingsRequest>(bounds);
        var frames = Channel.CreateBounded<Task<ImportListingsResponse>>(bounds);

        // Three stages on threads of their own: parsing a frame, checking and sealing the one before it, answering those before that.
        var taking = TakeAsync(arrived.Reader, frames.Writer, caller, failed.Token);
        var writing = WriteAsync(frames.Reader, responses, window, failed);
        try
        {
            while (true)
            {
                await window.WaitAsync(failed.Token);
                if (!await requests.MoveNext(failed.Token)) break;

                CheckFrame(requests.Current);
                await arrived.Writer.WriteAsync(requests.Current, failed.Token);
            }
        }
        catch (OperationCanceledException) when (failed.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // The writer failed; its exception is the one to tell.
        }
        finally
        {
            arrived.Writer.TryComplete();
            await taking;
            await writing;
        }
    }

    public void Dispose() => _places.Dispose();

    private async Task TakeAsync(
        ChannelReader<ImportListingsRequest> arrived,
        ChannelWriter<Task<ImportListingsResponse>> frames,
        Caller caller,
        CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var request in arrived.ReadAllAsync(cancellationToken))
            {
                await _places.WaitAsync(cancellationToken);
                await frames.WriteAsync(TakeInPlaceAsync(request, caller, cancellationToken), cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Whoever cancelled has something to tell; this stage has not.
        }
        finally
        {
            frames.TryComplete();
        }
    }

    /// <summary>Takes a frame for which there is a place, and gives the place back.</summary>
    private async Task<ImportListingsResponse> TakeInPlaceAsync(ImportListingsRequest request, Caller caller, CancellationToken cancellationToken)
    {
        try
        {
            return await TakeFrameAsync(request, caller, cancellationToken);
        }
        finally
        {
            _places.Release();
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
        var response = new ImportListingsResponse();
        var rows = new List<TakenRow>(request.Rows.Count);
        foreach (var row in request.Rows)
        {
            response.Results.Add(new ImportRowResult { Row = row.Row });
            rows.Add(Read(row, request.Operator, caller, today));
            if (rows[^1].Refusal is { } refused) response.Results[^1].Refusal = StatusMapping.ToStatus(refused);
            else if (!request.ValidateOnly) outcomes[rows.Count - 1] = AppendAsync(rows[^1], cancellationToken);
        }

        var good = rows.Index().Where(row => row.Item.Refusal is null).ToList();
        if (request.ValidateOnly && good.Count > 0)
        {
            var results = await ledger.RehearseAsync(
                [.. good.Select(row => (row.Item.Origin!, row.Item.Court, row.Item.Command!))], cancellationToken);
            foreach (var (row, result) in good.Zip(results)) outcomes[row.Index] = Task.FromResult(result);
        }

        var doubtful = rows.Index().Where(row => row.Item is { Refusal: not null, Origin: not null }).ToList();
        if (doubtful.Count > 0)
        {
            var kept = await ledger.FindAnswersAsync([.. doubtful.Select(row => row.Item.Origin!)], cancellationToken);
            foreach (var (row, result) in doubtful.Zip(kept))
            {
                if (result is not null) outcomes[row.Index] = Task.FromResult<AppendResult>(result);
            }
        }

        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i] is not { } outcome) continue;

            var result = await outcome;
            metrics.Imported(result);
            Answer(response.Results[i], result, rows[i].Court, request.ValidateOnly);
        }

        return response;
    }

    private TakenRow Read(ImportRow row, string @operator, Caller caller, DateOnly today)
    {
        try
        {
            var (court, command) = intake.ReadPublication(row.Parent, row.Listing, caller, today, out var problems);
            var requestId = ResourceNames.ReadRequestId(row.RequestId, "request_id", problems);
            var origin = problems.IsEmpty || ListingIntake.MayRepeat(court, row.Listing, requestId, problems)
                ? new CommandOrigin(caller.Id, requestId, @operator.Trim(), CommandOrigin.DigestOf("publish", row.Parent, row.Listing))
                : null;
            return new TakenRow(court, command, origin, problems.IsEmpty ? null : problems.ToRefused());
        }
        catch (RefusedException e)
        {
            return new TakenRow(default, null, null, e);
        }
    }

    private Task<AppendResult> AppendAsync(TakenRow row, CancellationToken cancellationToken) =>
        ledger.AppendAsync(row.Origin!, row.Court, row.Command!, cancellationToken);

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

    /// <summary>A row once it was read.</summary>
    /// <param name="Court">Its court.</param>
    /// <param name="Command">What it wants; null if it could not be read.</param>
    /// <param name="Origin">Who sent it; null for a refused row that cannot be a repetition.</param>
    /// <param name="Refusal">What is wrong with it; null for nothing.</param>
    private sealed record TakenRow(CourtCode Court, ListingCommand? Command, CommandOrigin? Origin, RefusedException? Refusal);
}
