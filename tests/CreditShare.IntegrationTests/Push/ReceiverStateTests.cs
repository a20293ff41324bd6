using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.Receiver;
using CreditShare.V1;
using Google.Protobuf;
using Microsoft.Data.Sqlite;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Push;

/// <summary>What a receiver remembers; the file also over its end.</summary>
[TestFixture(typeof(MemoryReceiverState))]
[TestFixture(typeof(FileReceiverState))]
[CancelAfter(30_000)]
internal sealed class ReceiverStateTests<TState> : IDisposable
    where TState : IReceiverState
{
    private const string One = "partners/railway/subscriptions/one";
    private const string Other = "partners/railway/subscriptions/other";
    private const string Listing = "courts/4403/listings/1";

    private static readonly ListingMark s_mark = new(2, 7, HasEnded: true);
    private static readonly Cursor s_cursor = new() { Epoch = 2, Sequence = 40, Hash = ByteString.CopyFrom(1, 2, 3) };

    private readonly TemporaryFolder _folder = new();
    private IReceiverState _state;

    public ReceiverStateTests() => _state = Open();

    private string FilePath => Path.Combine(_folder.Path, "state.db");

    public void Dispose()
    {
        (_state as IDisposable)?.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task What_is_marked_is_seen_at_once_and_of_its_subscription_only(CancellationToken cancellationToken)
    {
        await _state.MarkAsync(One, Listing, s_mark, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await _state.FindMarkAsync(One, Listing, cancellationToken), Is.EqualTo(s_mark));
            Assert.That(await _state.FindMarkAsync(Other, Listing, cancellationToken), Is.Null);
        }
    }

    [Test]
    public async Task A_lane_stands_where_it_was_saved_and_the_other_where_it_was(CancellationToken cancellationToken)
    {
        await _state.SaveAsync(One, Lane.Ordered, new Cursor { Epoch = 1, Sequence = 3 }, cancellationToken);
        await _state.SaveAsync(One, Lane.Ordered, s_cursor, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await _state.FindCursorAsync(One, Lane.Ordered, cancellationToken), Is.EqualTo(s_cursor));
            Assert.That(await _state.FindCursorAsync(One, Lane.Withdrawals, cancellationToken), Is.Null);
            Assert.That(await _state.FindCursorAsync(Other, Lane.Ordered, cancellationToken), Is.Null);
        }
    }

    [Test]
    public async Task A_subscription_is_forgotten_and_the_other_kept(CancellationToken cancellationToken)
    {
        foreach (var subscription in new[] { One, Other })
        {
            await _state.MarkAsync(subscription, Listing, s_mark, cancellationToken);
            await _state.SaveAsync(subscription, Lane.Ordered, s_cursor, cancellationToken);
            await _state.MarkAsync(subscription, Listing + "2", s_mark, cancellationToken);
        }

        await _state.ForgetAsync(One, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await _state.FindMarkAsync(One, Listing, cancellationToken), Is.Null);
            Assert.That(await _state.FindMarkAsync(One, Listing + "2", cancellationToken), Is.Null);
            Assert.That(await _state.FindCursorAsync(One, Lane.Ordered, cancellationToken), Is.Null);
            Assert.That(await _state.FindMarkAsync(Other, Listing, cancellationToken), Is.EqualTo(s_mark));
            Assert.That(await _state.FindMarkAsync(Other, Listing + "2", cancellationToken), Is.EqualTo(s_mark));
            Assert.That(await _state.FindCursorAsync(Other, Lane.Ordered, cancellationToken), Is.EqualTo(s_cursor));
        }
    }

    [Test]
    public async Task A_file_opened_anew_has_what_was_saved_and_no_cursor_without_its_marks(CancellationToken cancellationToken)
    {
        if (!IsFile) return;
        await _state.MarkAsync(One, Listing, s_mark, cancellationToken);
        await _state.SaveAsync(One, Lane.Withdrawals, s_cursor, cancellationToken);
        await _state.MarkAsync(One, Listing + "2", s_mark, cancellationToken);
        Reopen();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await _state.FindCursorAsync(One, Lane.Withdrawals, cancellationToken), Is.EqualTo(s_cursor));
            Assert.That(await _state.FindMarkAsync(One, Listing, cancellationToken), Is.EqualTo(s_mark));
            Assert.That(await _state.FindMarkAsync(One, Listing + "2", cancellationToken), Is.Null, "it was never saved");
        }
    }

    [Test]
    public async Task A_save_that_fails_moves_nothing_and_the_next_one_writes_the_marks_that_waited(CancellationToken cancellationToken)
    {
        if (!IsFile) return;
        await _state.SaveAsync(One, Lane.Ordered, new Cursor { Epoch = 1, Sequence = 3 }, cancellationToken);
        // A number that a trigger refuses stands for a disk that is full.
        Alter("CREATE TRIGGER full BEFORE INSERT ON lane WHEN NEW.sequence = 13 BEGIN SELECT RAISE(ABORT, 'full'); END");
        await _state.MarkAsync(One, Listing, s_mark, cancellationToken);
        Assert.That(
            async () => await _state.SaveAsync(One, Lane.Ordered, new Cursor { Epoch = 1, Sequence = 13 }, cancellationToken), Throws.InstanceOf<IOException>());
        var stayed = await _state.FindCursorAsync(One, Lane.Ordered, cancellationToken);
        var waiting = await _state.FindMarkAsync(One, Listing, cancellationToken);
        await _state.SaveAsync(Other, Lane.Ordered, s_cursor, cancellationToken);
        Reopen();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(stayed!.Sequence, Is.EqualTo(3));
            Assert.That(waiting, Is.EqualTo(s_mark));
            Assert.That(await _state.FindMarkAsync(One, Listing, cancellationToken), Is.EqualTo(s_mark));
        }
    }

    [Test]
    public void A_file_is_one_process_s_and_what_is_no_state_is_refused()
    {
        if (!IsFile) return;
        var text = Path.Combine(_folder.Path, "text");
        File.WriteAllText(text, new string('x', 5_000));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => new FileReceiverState(FilePath), Throws.InstanceOf<IOException>());
            Assert.That(() => new FileReceiverState(text), Throws.InstanceOf<IOException>());
        }
    }

    private static bool IsFile => typeof(TState) == typeof(FileReceiverState);

    private IReceiverState Open() => IsFile ? new FileReceiverState(FilePath) : new MemoryReceiverState();

    private void Reopen()
    {
        (_state as IDisposable)?.Dispose();
        _state = Open();
    }

    private void Alter(string statement)
    {
        (_state as IDisposable)?.Dispose();
        using (var connection = new SqliteConnection($"Data Source={FilePath};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own words.
            command.CommandText = statement;
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }

        _state = Open();
    }
}
