using CreditShare.Client;
using CreditShare.V1;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace CreditShare.Benchmarks.Rows.FanOut;

/// <summary>Followers of our feed, each with a connection of its own over mTLS.</summary>
internal sealed class Departments : IAsyncDisposable
{
    private readonly PartnerIdentity _identity;
    private readonly CreditShareClientOptions _options;
    private readonly List<GrpcChannel> _channels = [];

    private Departments(MeasuredServer server)
    {
        _identity = PartnerIdentity.FromFolder(Path.Combine(server.Folder, "identities", "department"));
        _options = new CreditShareClientOptions { Address = server.Address, Identity = _identity };
    }

    /// <summary>Connects as many as there will be followers.</summary>
    public static async Task<Departments> ConnectAsync(MeasuredServer server, int count)
    {
        var departments = new Departments(server);
        for (var i = 0; i < count; i++) departments._channels.Add(ChannelSetup.Open(departments._options));

        // A call each, so that no handshake falls into what is measured.
        await Parallel.ForEachAsync(
            departments._channels,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (channel, token) => await new V1.FeedService.FeedServiceClient(channel).GetHeadAsync(new GetHeadRequest(), cancellationToken: token));
        return departments;
    }

    /// <summary>Follows with as many as there are tallies. What a message holds stays bytes, as with the peer.</summary>
    public Task FollowAsync(long after, IReadOnlyList<Tally> tallies, CancellationToken cancellationToken) =>
        Task.WhenAll(tallies.Zip(_channels, (tally, channel) => FollowAsync(channel, after, tally, cancellationToken)));

    /// <summary>Follows with our client, which makes objects of the changes.</summary>
    public Task FollowParsedAsync(long after, IReadOnlyList<Tally> tallies, CancellationToken cancellationToken) =>
        Task.WhenAll(tallies.Select(tally => FollowParsedAsync(after, tally, cancellationToken)));

    /// <summary>Follows without ever reading.</summary>
    /// <returns>Ends it when disposed of.</returns>
    public IDisposable Stall(int channel, long after) =>
        new V1.FeedService.FeedServiceClient(_channels[channel]).FollowChanges(new FollowChangesRequest { From = new Cursor { Sequence = after } });

    public ValueTask DisposeAsync()
    {
        foreach (var channel in _channels) channel.Dispose();
        _identity.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task FollowAsync(GrpcChannel channel, long after, Tally tally, CancellationToken cancellationToken)
    {
        var method = new Method<FollowChangesRequest, object>(
            MethodType.ServerStreaming,
            V1.FeedService.Descriptor.FullName,
            nameof(V1.FeedService.FeedServiceClient.FollowChanges),
            Marshallers.Create(request => request.ToByteArray(), FollowChangesRequest.Parser.ParseFrom),
            Marshallers.Create<object>(
                (_, _) => throw new NotSupportedException(),
                context =>
                {
                    ChangeBytes.ReadFrame(context.PayloadAsReadOnlySequence(), tally);
                    return tally;
                }));
        using var call = channel.CreateCallInvoker().AsyncServerStreamingCall(
            method, host: null, new CallOptions(cancellationToken: cancellationToken), new FollowChangesRequest { From = new Cursor { Sequence = after } });
        await EndQuietlyAsync(tally, async () =>
        {
            while (await call.ResponseStream.MoveNext(cancellationToken))
            {
            }
        });
    }

    private async Task FollowParsedAsync(long after, Tally tally, CancellationToken cancellationToken)
    {
        using var client = new CreditShareClient(_options);
        await EndQuietlyAsync(tally, async () =>
        {
            await foreach (var frame in client.FollowAsync(new Cursor { Sequence = after }, new FeedOptions(), cancellationToken))
            {
                var now = System.Diagnostics.Stopwatch.GetTimestamp();
                foreach (var change in frame.Changes) tally.Take(change.Sequence, now);
            }
        });
    }

    /// <summary>Following ends by being cancelled; what ends it otherwise is the tally's failure.</summary>
    private static async Task EndQuietlyAsync(Tally tally, Func<Task> follow)
    {
        try
        {
            await follow();
        }
        catch (Exception exception) when (exception is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
        {
        }
        catch (Exception exception)
        {
            tally.Fail(exception.Message);
        }
    }
}
