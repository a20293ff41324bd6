using System.Security.Cryptography;
using CreditShare.Core.Journal;
using CreditShare.Server.Access;
using CreditShare.Server.Changes;
using CreditShare.Server.Mapping;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Feed;

/// <summary>The departments' service: each method reads, authorises, answers.</summary>
[BindServiceMethod(typeof(FollowMethod), nameof(FollowMethod.BindOthers))]
internal sealed class FeedService(
    ChangeSource source, Follower follower, ListingExport export, FeedReaders readers, Acknowledgement acknowledgement, IStore store,
    CourtDirectory courts, IOptions<FeedOptions> options, TimeProvider clock)
    : V1.FeedService.FeedServiceBase
{
    private const int DefaultPage = 500;

    /// <summary>Bound by <see cref="FollowMethod"/>.</summary>
    public async Task FollowChangesAsync(
        FollowChangesRequest request, IServerStreamWriter<EncodedFrame> responseStream, ServerCallContext context)
    {
        var problems = new Problems();
        var query = FeedQuery.Read(request.From, request.Filter, request.View, context.Caller, courts, problems);
        problems.ThrowIfAny();

        await follower.RunAsync(query, responseStream, context.Caller, context.CancellationToken);
    }

    public override async Task<ListChangesResponse> ListChanges(ListChangesRequest request, ServerCallContext context)
    {
        var problems = new Problems();
        var query = FeedQuery.Read(request.From, request.Filter, request.View, context.Caller, courts, problems);
        var size = request.PageSize == 0 ? DefaultPage : PageToken.ReadSize(request.PageSize, problems);
        problems.ThrowIfAny();

        var after = await source.CheckAsync(query.From, context.CancellationToken);
        var run = await source.ReadAsync(after, query, size, options.Value.FrameBytes, context.CancellationToken);
        var head = await store.Journal.ReadHeadAsync(context.CancellationToken);
        await readers.NoteAsync(context.Caller.Id, run.From, run.To, context.CancellationToken);
        return new ListChangesResponse
        {
            FromSequence = run.From,
            ToSequence = run.To,
            Epoch = run.Epoch,
            ToHash = UnsafeByteOperations.UnsafeWrap(run.ToHash),
            Head = head.ToProto(),
            Changes = { run.Changes },
        };
    }

    public override async Task ExportListings(
        ExportListingsRequest request, IServerStreamWriter<ExportListingsResponse> responseStream, ServerCallContext context)
    {
        var problems = new Problems();
        var filter = FeedQuery.ReadFilter(request.Filter, courts, problems);
        var view = FeedQuery.ReadView(request.View, context.Caller, problems);
        var list = $"export {view} {Convert.ToHexString(SHA256.HashData(request.Filter?.ToByteArray() ?? []))}";
        PageToken.TryRead(request.PageToken, list, problems, out var place);
        problems.ThrowIfAny();

        await export.RunAsync(filter, view, list, place, responseStream, context.Caller.Id, context.CancellationToken);
    }

    public override async Task<AcknowledgeChangesResponse> AcknowledgeChanges(AcknowledgeChangesRequest request, ServerCallContext context)
    {
        var lane = await acknowledgement.TakeAsync(request, context.Caller, context.CancellationToken);
        return new AcknowledgeChangesResponse { Accepted = lane.Accepted.ToProto(), AppliedSequence = lane.Applied };
    }

    public override async Task<GetHeadResponse> GetHead(GetHeadRequest request, ServerCallContext context)
    {
        var head = await store.Journal.ReadHeadAsync(context.CancellationToken);
        return new GetHeadResponse { Head = head.ToProto(), Time = clock.GetUtcNow().ToProto() };
    }
}
