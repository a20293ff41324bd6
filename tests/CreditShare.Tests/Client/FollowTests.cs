using CreditShare.Client;
using CreditShare.V1;
using Google.Protobuf;
using Grpc.Core;
using NUnit.Framework;

namespace CreditShare.Tests.Client;

[CancelAfter(20_000)]
internal sealed class FollowTests
{
    private readonly ScriptedService _service = new();

    [Test]
    public async Task Frames_that_follow_each_other_are_given_with_the_cursor_behind_them(CancellationToken cancellationToken)
    {
        _service.Stream = (_, _, answer) => AnswerAsync(answer, Frame(1, 0, 3), Frame(1, 3, 3), Frame(1, 3, 7));
        using var client = _service.Client();

        var frames = await client.FollowAsync(new Cursor(), new FeedOptions(), cancellationToken).Take(3).ToListAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(frames.Select(f => f.ToSequence), Is.EqualTo(new[] { 3L, 3, 7 }));
            Assert.That(frames[^1].Cursor, Is.EqualTo(new Cursor { Epoch = 1, Sequence = 7, Hash = HashAt(7) }));
        }
    }

    [TestCase(1u, 5L, 9L, TestName = "A_frame_that_begins_too_late_is_a_gap")]
    [TestCase(1u, 2L, 9L, TestName = "A_frame_that_begins_too_early_is_a_gap")]
    [TestCase(1u, 3L, 2L, TestName = "A_frame_that_ends_before_it_begins_is_a_gap")]
    public async Task A_frame_must_follow(uint epoch, long from, long to)
    {
        _service.Stream = (_, _, answer) => AnswerAsync(answer, Frame(2, 0, 3), Frame(epoch + 1, from, to));
        using var client = _service.Client();

        var failure = await Assert.ThrowsAsync<FeedGapException>(
            async () => await client.FollowAsync(new Cursor(), new FeedOptions()).ToListAsync());

        Assert.That(failure!.Expected, Is.EqualTo(new Position { Epoch = 2, Sequence = 3 }));
    }

    [Test]
    public void An_older_life_of_the_journal_is_a_gap()
    {
        _service.Stream = (_, _, answer) => AnswerAsync(answer, Frame(2, 0, 3), Frame(1, 3, 4));
        using var client = _service.Client();

        Assert.That(
            async () => await client.FollowAsync(new Cursor(), new FeedOptions()).ToListAsync(), Throws.TypeOf<FeedGapException>());
    }

    [TestCase(0, TestName = "A_change_before_its_frame_is_a_gap")]
    [TestCase(8, TestName = "A_change_behind_its_frame_is_a_gap")]
    public void A_change_must_lie_within_its_frame(long sequence)
    {
        var frame = Frame(1, 0, 7);
        frame.Changes.Add(new Change { Epoch = 1, Sequence = sequence });
        _service.Stream = (_, _, answer) => AnswerAsync(answer, frame);
        using var client = _service.Client();

        Assert.That(
            async () => await client.FollowAsync(new Cursor(), new FeedOptions()).ToListAsync(), Throws.TypeOf<FeedGapException>());
    }

    [Test]
    public void Changes_must_be_in_the_order_of_the_journal()
    {
        var frame = Frame(1, 0, 7);
        frame.Changes.Add([new Change { Epoch = 1, Sequence = 5 }, new Change { Epoch = 1, Sequence = 5 }]);
        _service.Stream = (_, _, answer) => AnswerAsync(answer, frame);
        using var client = _service.Client();

        Assert.That(
            async () => await client.FollowAsync(new Cursor(), new FeedOptions()).ToListAsync(), Throws.TypeOf<FeedGapException>());
    }

    [Test]
    public async Task After_a_lost_connection_it_goes_on_from_its_last_cursor_with_the_hash(CancellationToken cancellationToken)
    {
        var asked = new List<Cursor>();
        _service.Stream = async (call, requests, answer) =>
        {
            asked.Add(await CursorOfAsync(requests));
            if (call == 1)
            {
                await AnswerAsync(answer, Frame(1, 0, 3));
                throw ScriptedService.ConnectionLost();
            }

            await AnswerAsync(answer, Frame(1, 3, 5));
        };
        using var client = _service.Client();

        var frames = await client.FollowAsync(new Cursor(), new FeedOptions(), cancellationToken).Take(2).ToListAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(frames.Select(f => f.ToSequence), Is.EqualTo(new[] { 3L, 5 }));
            Assert.That(asked, Is.EqualTo(new[] { new Cursor(), new Cursor { Epoch = 1, Sequence = 3, Hash = HashAt(3) } }));
        }
    }

    [Test]
    public async Task A_new_life_is_believed_once_the_service_has_compared_the_hash(CancellationToken cancellationToken)
    {
        var asked = new List<Cursor>();
        _service.Stream = async (call, requests, answer) =>
        {
            asked.Add(await CursorOfAsync(requests));
            await (call == 1 ? AnswerAsync(answer, Frame(1, 0, 3), Frame(2, 3, 5)) : AnswerAsync(answer, Frame(2, 3, 5)));
        };
        using var client = _service.Client();

        var frames = await client.FollowAsync(new Cursor(), new FeedOptions(), cancellationToken).Take(2).ToListAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(frames.Select(f => (f.Epoch, f.ToSequence)), Is.EqualTo(new[] { (1u, 3L), (2u, 5L) }));
            Assert.That(asked[1].Hash, Is.EqualTo(HashAt(3)));
        }
    }

    [Test]
    public void A_new_life_that_nothing_proves_is_a_gap()
    {
        _service.Stream = (_, _, answer) => AnswerAsync(answer, Frame(2, 3, 5));
        using var client = _service.Client();

        Assert.That(
            async () => await client.FollowAsync(new Cursor { Epoch = 1, Sequence = 3 }, new FeedOptions()).ToListAsync(),
            Throws.TypeOf<FeedGapException>());
    }

    [Test]
    public void A_cursor_that_the_journal_does_not_know_ends_it()
    {
        _service.Stream = (_, _, _) => throw ScriptedService.Error(StatusCode.FailedPrecondition, ErrorReason.FeedDiverged);
        using var client = _service.Client();

        Assert.That(
            async () => await client.FollowAsync(new Cursor(), new FeedOptions()).ToListAsync(), Throws.TypeOf<FeedDivergedException>());
        Assert.That(_service.Calls, Is.EqualTo(1));
    }

    [Test]
    public async Task An_export_goes_on_behind_its_last_frame(CancellationToken cancellationToken)
    {
        var tokens = new List<string>();
        _service.Stream = async (call, requests, answer) =>
        {
            await foreach (var request in requests.Cast<ExportListingsRequest>())
            {
                tokens.Add(request.PageToken);
            }

            if (call == 1)
            {
                await AnswerAsync(answer, Page("a", "t1"));
                throw ScriptedService.ConnectionLost();
            }

            await AnswerAsync(answer, Page("b", "t2"), Page("c", ""));
        };
        using var client = _service.Client();

        var pages = await client.ExportAsync(new FeedOptions(), cancellationToken).ToListAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(pages.SelectMany(p => p.Listings).Select(l => l.Name), Is.EqualTo(new[] { "a", "b", "c" }));
            Assert.That(tokens, Is.EqualTo(new[] { "", "t1" }));
        }
    }

    [Test]
    public void An_export_may_not_change_its_cursor()
    {
        var other = Page("b", "");
        other.Cursor.Sequence++;
        _service.Stream = (_, _, answer) => AnswerAsync(answer, Page("a", "t1"), other);
        using var client = _service.Client();

        Assert.That(async () => await client.ExportAsync(new FeedOptions()).ToListAsync(), Throws.TypeOf<ServerFaultException>());
    }

    private static FollowChangesResponse Frame(uint epoch, long from, long to) => new()
    {
        Epoch = epoch,
        FromSequence = from,
        ToSequence = to,
        ToHash = HashAt(to),
        Head = new Cursor { Epoch = epoch, Sequence = to },
    };

    private static ExportListingsResponse Page(string name, string next) => new()
    {
        Listings = { new Listing { Name = name } },
        NextPageToken = next,
        Cursor = new Cursor { Epoch = 1, Sequence = 9, Hash = HashAt(9) },
    };

    private static ByteString HashAt(long sequence) => ByteString.CopyFrom((byte)sequence, 1);

    private static async Task<Cursor> CursorOfAsync(IAsyncEnumerable<object> requests) =>
        (await requests.Cast<FollowChangesRequest>().SingleAsync()).From;

    private static async Task AnswerAsync(Func<object, Task> answer, params object[] frames)
    {
        foreach (var frame in frames)
        {
            await answer(frame);
        }
    }
}
