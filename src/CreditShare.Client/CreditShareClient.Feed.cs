using System.Runtime.CompilerServices;
using CreditShare.V1;
using Grpc.Core;

namespace CreditShare.Client;

/// <content>How departments follow the list.</content>
public sealed partial class CreditShareClient
{
    /// <summary>Says where the journal's head is.</summary>
    public Task<GetHeadResponse> GetHeadAsync(CancellationToken cancellationToken = default) =>
        SendAsync(_feed.GetHeadAsync, new GetHeadRequest(), cancellationToken);

    /// <summary>Reads one page of the changes after a cursor.</summary>
    public Task<ListChangesResponse> ListChangesAsync(ListChangesRequest request, CancellationToken cancellationToken = default) =>
        SendAsync(_feed.ListChangesAsync, request, cancellationToken);

    /// <summary>Says how far the partner of a pull subscription is. The same place again changes nothing.</summary>
    public Task<AcknowledgeChangesResponse> AcknowledgeChangesAsync(
        AcknowledgeChangesRequest request, CancellationToken cancellationToken = default) =>
        SendAsync(_feed.AcknowledgeChangesAsync, request, cancellationToken);

    /// <summary>
    /// Follows the changes for ever. After a lost connection it goes on from the last frame it gave, proving by number and hash that no
    /// change was missed in between.
    /// </summary>
    /// <param name="from">Where to begin; sequence 0 is the beginning. Epoch 0 and an empty hash leave the comparison out.</param>
    /// <param name="options">What to follow.</param>
    /// <param name="cancellationToken">Ends it; the only way besides breaking off the enumeration.</param>
    /// <returns>Frames, empty ones too: every 5 s when nothing happens. Store <see cref="FeedFrame.Cursor"/> with what you did.</returns>
    /// <exception cref="FeedGapException">A frame did not follow the one before it.</exception>
    /// <exception cref="FeedDivergedException">The journal does not know the cursor.</exception>
    public async IAsyncEnumerable<FeedFrame> FollowAsync(
        Cursor from, FeedOptions options, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(options);
        var continuity = new FeedContinuity(from);
        var backoff = new Backoff(_options);
        while (true)
        {
            var request = new FollowChangesRequest { From = continuity.Cursor, Filter = options.Filter, View = options.View };
            continuity.BeginConnection();
            var stream = new AnswerStream<FollowChangesResponse>(o => _feed.FollowChanges(request, o), _options, cancellationToken);
            try
            {
                while (await stream.NextAsync().ConfigureAwait(false) is { } frame)
                {
                    // A life that begins in the middle of a stream is believed only after the server has compared our hash.
                    if (!continuity.TryAccept(frame)) break;
                    backoff.Reset();
                    yield return new FeedFrame(frame, continuity.Cursor);
                }
            }
            finally
            {
                stream.Dispose();
            }

            await WaitAfterAsync(backoff, stream.Failure, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Gives the list as it stands, with the cursor to follow from. After a lost connection it goes on behind the last frame.</summary>
    /// <param name="options">What to export.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Frames of listings, each with the same cursor; the enumeration ends when the list is complete. Listings may be newer
    /// than the cursor: apply what follows by version.</returns>
    public async IAsyncEnumerable<ExportListingsResponse> ExportAsync(
        FeedOptions options, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var request = new ExportListingsRequest { Filter = options.Filter, View = options.View };
        var backoff = new Backoff(_options);
        Cursor? cursor = null;
        while (true)
        {
            var stream = new AnswerStream<ExportListingsResponse>(o => _feed.ExportListings(request, o), _options, cancellationToken);
            try
            {
                while (await stream.NextAsync().ConfigureAwait(false) is { } frame)
                {
                    cursor ??= frame.Cursor;
                    if (!cursor.Equals(frame.Cursor)) throw new ServerFaultException("The export changed its cursor on the way.");

                    backoff.Reset();
                    yield return frame;
                    if (frame.NextPageToken.Length == 0) yield break;
                    request = request.Clone();
                    request.PageToken = frame.NextPageToken;
                }
            }
            finally
            {
                stream.Dispose();
            }

            await WaitAfterAsync(backoff, stream.Failure, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WaitAfterAsync(Backoff backoff, RpcException? failure, CancellationToken cancellationToken)
    {
        if (failure is not null && !RpcFailures.MayTryAgain(failure)) throw RpcFailures.Translate(failure, cancellationToken);

        var wait = backoff.Next(failure is null ? null : RpcFailures.ReadRefusal(failure).RetryAfter);
        if (wait is null)
        {
            throw failure is null
                ? new ServiceUnavailableException("The stream ended again and again without a sign of life.", inner: null)
                : RpcFailures.Translate(failure, cancellationToken);
        }

        await Task.Delay(wait.Value, _options.Clock, cancellationToken).ConfigureAwait(false);
    }
}
