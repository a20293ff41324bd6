using CreditShare.Core.Courts;
using CreditShare.Core.Journal;
using CreditShare.Server.Access;
using CreditShare.Server.Mapping;
using CreditShare.V1;
using Google.Protobuf;
using ChangeKind = CreditShare.Core.Listings.ChangeKind;
using View = CreditShare.Core.Access.View;

namespace CreditShare.Server.Changes;

/// <summary>A change as receivers with one view may see it.</summary>
/// <param name="Change">Shared between receivers: nobody may change it.</param>
/// <param name="Bytes">Its size in the contract's binary form.</param>
internal sealed record ChangeCopy(Change Change, int Bytes)
{
    /// <summary>Its binary form, which is made once, for the first receiver that takes bytes.</summary>
    public ReadOnlyMemory<byte> Encoded => _encoded ??= Change.ToByteArray();

    // Two that come at once may both make it: it is the same.
    private byte[]? _encoded;
}

/// <summary>The changes that were written into the contract last: receivers that follow each other closely share one copy.</summary>
/// <remarks>Safe for concurrent callers. Bounded: each place is taken over by whatever falls on it next.</remarks>
internal sealed class ChangeCache(CourtDirectory courts)
{
    /// <summary>Numbers of the journal of which each view may have a copy; a power of two.</summary>
    private const int Numbers = 8_192;

    private const int Views = 4;

    private readonly Kept?[] _places = new Kept?[Numbers * Views];

    /// <summary>The change as a receiver with that view may see it.</summary>
    /// <param name="entry">One that is shared.</param>
    /// <param name="view">The receiver's view.</param>
    /// <param name="isOutdated">Whether the change must name nobody any more, as the listing stands now.</param>
    /// <param name="now">For what is told only while it is fresh.</param>
    public ChangeCopy Of(JournalEntry entry, View view, bool isOutdated, DateTimeOffset now)
    {
        // What a correction tells depends on the time.
        if (entry.Kind == ChangeKind.Corrected) return Make(entry, view, isOutdated, now);

        ref var place = ref _places[((entry.Sequence & (Numbers - 1)) * Views) + ((int)view % Views)];
        var table = courts.Table;
        var kept = Volatile.Read(ref place);
        if (kept is null || !kept.Is(entry, view, isOutdated, table))
        {
            kept = new Kept(entry.Epoch, entry.Sequence, entry.Hash, view, isOutdated, table, Make(entry, view, isOutdated, now));
            Volatile.Write(ref place, kept);
        }

        return kept.Copy;
    }

    private ChangeCopy Make(JournalEntry entry, View view, bool isOutdated, DateTimeOffset now)
    {
        var change = EntryMapping.ToProto(entry, view, isOutdated, courts, now);
        return new ChangeCopy(change, change.CalculateSize());
    }

    /// <summary>A copy, and all that it depends on. The chained hash tells histories apart that share numbers.</summary>
    private sealed record Kept(
        uint Epoch, long Sequence, ReadOnlyMemory<byte> Hash, View View, bool IsOutdated, CourtTable Courts, ChangeCopy Copy)
    {
        public bool Is(JournalEntry entry, View view, bool isOutdated, CourtTable courts) =>
            Sequence == entry.Sequence && Epoch == entry.Epoch && View == view && IsOutdated == isOutdated && ReferenceEquals(Courts, courts)
            && Hash.Span.SequenceEqual(entry.Hash.Span);
    }
}
