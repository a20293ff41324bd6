using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.IntegrationTests.MainJob;
using CreditShare.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Faults;

/// <summary>Two nodes over one PostgreSQL and one Redis: what one of them has acknowledged, the other cannot contradict (promise P5).</summary>
[Needs(RealServer.Postgres, RealServer.Redis)]
internal sealed class TwoNodeTests
{
    private const int Rounds = 200;
    private const string Name = "测试申";

    [Test, CancelAfter(240_000)]
    public async Task What_one_node_withdraws_is_gone_from_the_very_next_answer_of_the_other(CancellationToken cancellationToken)
    {
        await using var nodes = await OpenAsync(cancellationToken);

        // Few documents, listed again and again: so there is always something old that could be believed.
        var wrong = new List<(int Round, Verdict Listed, Verdict There, Verdict Here)>();
        for (var round = 0; round < Rounds; round++)
        {
            var (here, there) = nodes.InTurn(round);
            var number = Cast.Resident(80_000 + (round % 5));
            var listing = await here.PublishAsync(Cast.ListingOf(Name, Cast.Court, number), Cast.Court, cancellationToken);
            var listed = await AskUntilFreshAsync(there, number, listing.Position, cancellationToken);

            await here.WithdrawAsync(listing, EndReason.Performed, cancellationToken);
            var gone = await Task.WhenAll(
                AskUntilFreshAsync(there, number, null, cancellationToken), AskUntilFreshAsync(here, number, null, cancellationToken));

            var said = (round, listed.Verdict, gone[0].Verdict, gone[1].Verdict);
            if (said != (round, Verdict.Listed, Verdict.NotListed, Verdict.NotListed)) wrong.Add(said);
        }

        Assert.That(wrong, Is.Empty);
    }

    [Test, CancelAfter(240_000)]
    public async Task What_one_node_frees_by_a_correction_is_free_in_the_very_next_answer_of_the_other(CancellationToken cancellationToken)
    {
        await using var nodes = await OpenAsync(cancellationToken);

        var wrong = new List<(int Round, Verdict Kept, Verdict Freed)>();
        for (var round = 0; round < Rounds; round++)
        {
            // Of one sex and one birthday, as two numbers of one person must be.
            var (here, there) = nodes.InTurn(round);
            var (kept, freed) = (Cast.Resident(85_000 + (4 * round)), Cast.Resident(85_002 + (4 * round)));
            var listing = await here.PublishAsync(Cast.ListingOf(Name, Cast.Court, kept, freed), Cast.Court, cancellationToken);
            await AskUntilFreshAsync(there, freed, listing.Position, cancellationToken);

            await CorrectAsync(here, listing, kept, cancellationToken);
            var answers = await Task.WhenAll(
                AskUntilFreshAsync(there, kept, null, cancellationToken), AskUntilFreshAsync(there, freed, null, cancellationToken));

            var said = (round, answers[0].Verdict, answers[1].Verdict);
            if (said != (round, Verdict.Listed, Verdict.NotListed)) wrong.Add(said);
        }

        Assert.That(wrong, Is.Empty);
    }

    [Test, CancelAfter(120_000)]
    public async Task What_one_node_publishes_the_other_answers_and_shares_at_the_position_asked_for(CancellationToken cancellationToken)
    {
        await using var nodes = await OpenAsync(cancellationToken);

        var receipts = await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            var (here, there) = nodes.InTurn(i);
            var number = Cast.Resident(90_000 + i);
            var receipt = await here.PublishAsync(Cast.ListingOf(Name, Cast.Court, number), Cast.Court, cancellationToken);
            var answer = await AskUntilFreshAsync(there, number, receipt.Position, cancellationToken);
            return (Receipt: receipt, Answer: answer);
        }));

        var changes = await nodes.Other.FollowToHeadAsync(new Cursor(), cancellationToken);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                receipts.Select(each => each.Answer.Listings.SingleOrDefault()?.Name), Is.EqualTo(receipts.Select(each => each.Receipt.Name)));
            Assert.That(
                receipts.Select(each => each.Answer.AsOf.Sequence - each.Receipt.Position.Sequence), Is.All.Not.Negative);
            Assert.That(
                changes.Select(change => (change.Sequence, change.ListingName)),
                Is.EquivalentTo(receipts.Select(each => (each.Receipt.Position.Sequence, each.Receipt.Name))));
        }
    }

    // A machine that is busy with other tests can keep a node from proving that it is fresh. It says so then, and what it says is to ask again; it has
    // given no answer that could be wrong.
    private static async Task<CheckSubjectResponse> AskUntilFreshAsync(
        Scene node, string number, Position? atLeast, CancellationToken cancellationToken)
    {
        CheckSubjectResponse? answer = null;
        await Shell.WaitUntilAsync(
            async token =>
            {
                try
                {
                    answer = await node.CheckAsync(number, Name, atLeast, token);
                    return true;
                }
                catch (RpcException e) when (Refusal.Of(e).Reason == "NODE_STALE")
                {
                    return false;
                }
            },
            "an answer of a fresh node",
            cancellationToken);
        return answer!;
    }

    private static async Task CorrectAsync(Scene node, ListingReceipt listing, string number, CancellationToken cancellationToken) =>
        await node.Court.CorrectListingAsync(
            new CorrectListingRequest
            {
                Name = listing.Name,
                ExpectedVersion = listing.Version,
                RequestId = Cast.NewId(),
                Operator = "书记员",
                Listing = Cast.ListingOf(Name, Cast.Court, number),
                UpdateMask = new FieldMask { Paths = { "subject.documents" } },
            },
            cancellationToken: cancellationToken);

    private static async Task<Nodes> OpenAsync(CancellationToken cancellationToken)
    {
        var one = await Scene.OpenAsync("PostgreSQL and Redis", cancellationToken);
        try
        {
            return new Nodes(one, await one.BesideAsync(cancellationToken));
        }
        catch
        {
            await one.DisposeAsync();
            throw;
        }
    }

    private sealed record Nodes(Scene One, Scene Other) : IAsyncDisposable
    {
        /// <summary>Who writes in this round, and who is asked.</summary>
        public (Scene Here, Scene There) InTurn(int round) => round % 2 == 0 ? (One, Other) : (Other, One);

        public async ValueTask DisposeAsync()
        {
            await Other.DisposeAsync();
            await One.DisposeAsync();
        }
    }
}
