using System.Collections.Concurrent;
using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.IntegrationTests.MainJob;
using CreditShare.V1;
using Grpc.Core;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Faults;

/// <summary>PostgreSQL dies under a busy node (promises P1 and P2).</summary>
[Needs(RealServer.PostgresProgram)]
internal sealed class KilledPostgresTests
{
    private const int Courts = 16;
    private const int Kills = 2;
    private const int Between = 200;

    private readonly ConcurrentQueue<ListingReceipt> _acknowledged = new();
    private int _serial = 100_000;

    [Test, CancelAfter(180_000)]
    public async Task A_killed_PostgreSQL_loses_and_repeats_nothing_acknowledged_and_the_node_goes_on_by_itself(CancellationToken cancellationToken)
    {
        await using var postgres = await PostgresProcess.StartAsync([], cancellationToken);
        await using var scene = await Scene.OpenAsync(Setting.On(postgres), cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var publishing = Task.WhenAll(Enumerable.Range(0, Courts).Select(_ => PublishUntilAsync(scene, stop.Token, cancellationToken)));

        for (var kill = 0; kill < Kills; kill++)
        {
            await AcknowledgeMoreAsync(cancellationToken);
            await postgres.KillAsync(cancellationToken);
            await postgres.StartAsync(cancellationToken);
        }

        await AcknowledgeMoreAsync(cancellationToken);
        await stop.CancelAsync();
        await publishing;

        // Each request was sent until it was answered: so the journal holds what was acknowledged, and nothing else.
        var changes = await scene.FollowToHeadAsync(new Cursor(), cancellationToken);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(changes.Select(change => change.Sequence), Is.EqualTo(Enumerable.Range(1, changes.Count)));
            Assert.That(changes.Select(change => change.Kind), Is.All.EqualTo(ChangeKind.Published));
            Assert.That(
                _acknowledged.Select(receipt => (receipt.Position.Sequence, receipt.Name)).Order(),
                Is.EqualTo(changes.Select(change => (change.Sequence, change.ListingName)).Order()));
        }
    }

    private Task AcknowledgeMoreAsync(CancellationToken cancellationToken)
    {
        var wanted = _acknowledged.Count + Between;
        return Shell.WaitUntilAsync(_ => Task.FromResult(_acknowledged.Count >= wanted), "more acknowledgements", cancellationToken);
    }

    private async Task PublishUntilAsync(Scene scene, CancellationToken stop, CancellationToken cancellationToken)
    {
        while (!stop.IsCancellationRequested)
        {
            var number = Cast.Resident(Interlocked.Increment(ref _serial));
            var request = new PublishListingRequest
            {
                Parent = $"courts/{Cast.Court}",
                Listing = Cast.ListingOf("测试酉", Cast.Court, number),
                RequestId = Cast.NewId(),
                Operator = "书记员",
            };
            _acknowledged.Enqueue(await SendUntilAnsweredAsync(scene, request, cancellationToken));
        }
    }

    // As the contract tells a client: the same request again, while the node cannot say what became of it.
    private static async Task<ListingReceipt> SendUntilAnsweredAsync(Scene scene, PublishListingRequest request, CancellationToken cancellationToken)
    {
        ListingReceipt? receipt = null;
        await Shell.WaitUntilAsync(
            async token =>
            {
                try
                {
                    receipt = (await scene.Court.PublishListingAsync(request, cancellationToken: token)).Receipt;
                    return true;
                }
                catch (RpcException e) when (Refusal.Of(e).Reason is "STORE_UNAVAILABLE" or "OUTCOME_UNKNOWN" or "NODE_STALE")
                {
                    return false;
                }
            },
            "an answer",
            cancellationToken);
        return receipt!;
    }
}
