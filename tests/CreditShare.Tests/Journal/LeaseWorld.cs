using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.Core.Numbers;
using CreditShare.Server.Journal;
using CreditShare.Tests.Infrastructure;
using Microsoft.Extensions.Time.Testing;

namespace CreditShare.Tests.Journal;

/// <summary>What can happen next to a node that may be slow, silent or cut off, while a court withdraws a listing at another node.</summary>
internal enum Move
{
    /// <summary>A second goes by.</summary>
    Time,

    /// <summary>The court withdraws; its node waits for all others before it acknowledges.</summary>
    Withdraw,

    /// <summary>The node's tail takes a step: it loads, or applies what is new.</summary>
    Step,

    /// <summary>The node's heartbeat reaches the store.</summary>
    Send,

    /// <summary>The store's answer reaches the node.</summary>
    Receive,

    /// <summary>The store's answer is lost.</summary>
    Lose,

    /// <summary>A lookup begins at the node, and looks.</summary>
    Look,

    /// <summary>The lookup answers.</summary>
    Tell,
}

/// <summary>How a lookup uses the lease.</summary>
internal enum LookupChecks
{
    /// <summary>Before it looks and before it answers.</summary>
    Twice,

    /// <summary>Only before it answers.</summary>
    Last,
}

/// <summary>A store, a healthy node that serves the court, and the node in question, moved one move at a time.</summary>
internal sealed class LeaseWorld : IDisposable
{
    // Enough for a lease to run out, for its row to be passed over, and for the node to come back.
    private const int MostTime = 4;
    private const int MostBeats = 2;

    private static readonly ListingContent s_content = People.Listed(1);

    private readonly FakeTimeProvider _clock = TestClocks.AtNoon();
    private readonly DateTimeOffset _start;
    private readonly MemoryStore _store;
    private readonly TestNode _healthy;
    private readonly TestNode _node;
    private readonly JournalEntry _listed;
    private readonly DocumentNumber _document;
    private readonly LookupChecks _checks;
    private readonly List<string> _history = [];
    private JournalEntry? _withdrawal;
    private Task? _beat;
    private (bool IsListed, bool AfterAcknowledgement)? _lookup;
    private int _time;
    private int _beats;
    private bool _hasAnswered;

    public LeaseWorld(bool isRunning, LookupChecks checks)
    {
        _checks = checks;
        _start = _clock.GetUtcNow();
        _store = new MemoryStore(_clock);
        _listed = _store.Journal.Publish(s_content);
        _document = _listed.Listing.IndexedDocuments[0];
        _healthy = new TestNode(_store, _clock);
        _healthy.Start();
        _node = new TestNode(_store, _clock);
        if (isRunning) _node.Start();
    }

    /// <summary>Whether the court has been told that nobody says LISTED any more.</summary>
    public bool IsAcknowledged { get; private set; }

    /// <summary>The last answer that was given; null if none was, or if the last lookup was refused.</summary>
    public (bool IsListed, bool AfterAcknowledgement)? Answer { get; private set; }

    /// <summary>Whether the node refused a lookup.</summary>
    public bool HasRefused { get; private set; }

    /// <summary>Everything that decides what can still happen. Worlds of one key have one future.</summary>
    public string Key => string.Join(
        ' ',
        _clock.GetUtcNow() - _start,
        _withdrawal?.RecordedAt - _start,
        IsAcknowledged,
        _node.Tail.AppliedHead?.Sequence,
        _lookup,
        _hasAnswered,
        string.Join(',', _history));

    public IEnumerable<Move> Moves()
    {
        if (_hasAnswered) yield break;
        if (_time < MostTime) yield return Move.Time;
        if (_withdrawal is null) yield return Move.Withdraw;
        if (_node.Tail.AppliedHead?.Sequence != _store.Journal.Head.Sequence) yield return Move.Step;
        if (_beat is null && _beats < MostBeats) yield return Move.Send;
        if (_beat is not null) yield return Move.Receive;
        if (_beat is not null) yield return Move.Lose;
        if (_lookup is null && IsAcknowledged) yield return Move.Look;
        if (_lookup is not null) yield return Move.Tell;
    }

    public void Make(Move move)
    {
        switch (move)
        {
            case Move.Time:
                _time++;
                _clock.Advance(TimeSpan.FromSeconds(1));
                break;
            case Move.Withdraw:
                _withdrawal = _store.Journal.Withdraw(_listed);
                break;
            case Move.Step:
                _node.Step();
                break;
            case Move.Send:
                Send();
                break;
            case Move.Receive:
                _store.Nodes.ReleaseAnswer();
                Settle("received");
                break;
            case Move.Lose:
                _store.Nodes.LoseAnswer();
                Settle("lost");
                break;
            case Move.Look:
                Look();
                break;
            case Move.Tell:
                Answer = Allows() ? _lookup : null;
                (_lookup, _hasAnswered) = (null, true);
                break;
        }

        KeepTheCourtServed();
    }

    public void Dispose()
    {
        _healthy.Dispose();
        _node.Dispose();
    }

    private void Send()
    {
        _beats++;
        var written = _store.Nodes.Written.Count;
        _store.Nodes.HoldsAnswers = true;
        _beat = _node.Lease.BeatAsync(CancellationToken.None);
        _store.Nodes.HoldsAnswers = false;
        if (_store.Nodes.Written.Count == written)
        {
            // The node was not entitled to renew.
            _beat = null;
            return;
        }

        _history.Add($"sent {_clock.GetUtcNow() - _start} {_node.Tail.Applied.Sequence} {_store.Journal.Head.Sequence}");
    }

    private void Settle(string how)
    {
        var beat = _beat!;
        _beat = null;
        _history.Add($"{how} {_clock.GetUtcNow() - _start}");
        if (!beat.IsCompleted) throw new InvalidOperationException("The heartbeat still waits for something.");
        if (beat.Exception?.InnerException is { } failure and not StoreUnavailableException) throw failure;
    }

    private void Look()
    {
        if (_checks == LookupChecks.Twice && !Allows())
        {
            _hasAnswered = true;
            return;
        }

        _lookup = (_node.Index.IsListed(_document), IsAcknowledged);
    }

    private bool Allows()
    {
        var answers = _node.Lease.IsReady;
        HasRefused |= !answers;
        return answers;
    }

    /// <summary>The other node is always up to date, and acknowledges the withdrawal as soon as it may: the earlier, the more lookups begin
    /// after it.</summary>
    private void KeepTheCourtServed()
    {
        if (_healthy.Tail.Applied.Sequence != _store.Journal.Head.Sequence) _healthy.Step();
        _healthy.Beat();
        if (_withdrawal is null || IsAcknowledged) return;

        // A barrier that has not looked just now looks at once. What it has seen of the rows before stays.
        using var barrier = new WithdrawalBarrier(_healthy.Watch, _healthy.Tail, _clock, TestNode.Options, TestNode.Metrics);
        IsAcknowledged = barrier.IsConfirmedAsync(new JournalPosition(_withdrawal.Epoch, _withdrawal.Sequence), CancellationToken.None)
            .GetAwaiter().GetResult();
    }
}
