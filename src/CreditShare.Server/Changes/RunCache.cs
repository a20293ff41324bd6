using CreditShare.Core.Courts;
using CreditShare.Core.Journal;
using View = CreditShare.Core.Access.View;

namespace CreditShare.Server.Changes;

/// <summary>What a receiver wants of a run.</summary>
/// <param name="View">How much of each change.</param>
/// <param name="Filter">Which changes.</param>
/// <param name="Limit">Numbers covered at most.</param>
/// <param name="Bytes">Bytes of changes at most.</param>
internal readonly record struct RunKey(View View, ListingFilter Filter, int Limit, int Bytes);

/// <summary>What else a run depends on.</summary>
/// <param name="Revision">The tail's, before the run was read.</param>
/// <param name="Today">The day in UTC+8, on which a listing may end.</param>
/// <param name="Courts">For the courts' names.</param>
internal readonly record struct RunState(long Revision, DateOnly Today, CourtTable Courts);

/// <summary>The runs that were read from memory last: receivers that want the same from the same place share one, and its bytes.</summary>
/// <remarks>Safe for concurrent callers. Bounded: each place is taken over by whatever falls on it next.</remarks>
internal sealed class RunCache
{
    /// <summary>Runs at most, each of the size of a frame.</summary>
    private const int Places = 64;

    private readonly Kept?[] _places = new Kept?[Places];

    /// <summary>The run after a place, as it would be read now.</summary>
    /// <param name="after">The place.</param>
    /// <param name="key">What is wanted.</param>
    /// <param name="state">How things stand.</param>
    /// <param name="applied">The last number that the tail has applied: a run that ended at the head is not whole once more has come.</param>
    public ChangeRun? Find(JournalHead after, RunKey key, RunState state, long applied)
    {
        var kept = Volatile.Read(ref PlaceOf(after, key));
        return kept is not null && kept.Is(after, key, state) && (kept.IsWhole || kept.Run.To >= applied) ? kept.Run : null;
    }

    /// <summary>Keeps a run that was read from memory.</summary>
    /// <param name="after">The place after which it comes.</param>
    /// <param name="key">What was wanted.</param>
    /// <param name="state">How things stood before it was read.</param>
    /// <param name="run">The run.</param>
    /// <param name="isWhole">Whether its limits ended it, and not the journal's head.</param>
    public void Keep(JournalHead after, RunKey key, RunState state, ChangeRun run, bool isWhole) =>
        Volatile.Write(ref PlaceOf(after, key), new Kept(after, key, state, run, isWhole));

    private ref Kept? PlaceOf(JournalHead after, RunKey key) => ref _places[(uint)HashCode.Combine(after.Sequence, key) % Places];

    private sealed record Kept(JournalHead After, RunKey Key, RunState State, ChangeRun Run, bool IsWhole)
    {
        /// <summary>The chained hash tells histories apart that share numbers.</summary>
        public bool Is(JournalHead after, RunKey key, RunState state) =>
            After.Sequence == after.Sequence && After.Epoch == after.Epoch && Key == key && State == state && After.Hash.Span.SequenceEqual(after.Hash.Span);
    }
}
