using CreditShare.V1;

namespace CreditShare.Client;

/// <summary>A frame of the feed that has been proved to follow the one before it.</summary>
public sealed class FeedFrame
{
    private readonly FollowChangesResponse _frame;

    internal FeedFrame(FollowChangesResponse frame, Cursor cursor)
    {
        _frame = frame;
        Cursor = cursor;
    }

    /// <summary>The frame covers the numbers after this one …</summary>
    public long FromSequence => _frame.FromSequence;

    /// <summary>… up to and with this one.</summary>
    public long ToSequence => _frame.ToSequence;

    /// <summary>The journal's life.</summary>
    public uint Epoch => _frame.Epoch;

    /// <summary>The changes, in the order of the journal. Empty when nothing happened or the filter left all out.</summary>
    public IReadOnlyList<Change> Changes => _frame.Changes;

    /// <summary>The journal's head when the frame was made.</summary>
    public Cursor Head => _frame.Head;

    /// <summary>Where to go on once this frame has been dealt with.</summary>
    public Cursor Cursor { get; }
}
