using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.Server.Journal;
using CreditShare.Tests.Infrastructure;
using CreditShare.Tests.Listings;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace CreditShare.Tests.Journal;

internal sealed class ChangeRingTests
{
    private readonly FakeTimeProvider _clock = TestClocks.AtNoon();
    private readonly MemoryJournal _journal;

    public ChangeRingTests() => _journal = new MemoryJournal(_clock);

    [Test]
    public void A_ring_gives_what_follows_a_number()
    {
        for (var n = 0; n < 5; n++) _journal.Publish(People.Listed(n));
        var ring = RingOf(_journal.Entries, maxBytes: 1 << 20);

        Assert.That(Read(ring, after: 2, limit: 2), Is.EqualTo(new[] { 3L, 4L }));
    }

    [Test]
    public void A_ring_gives_nothing_at_or_past_its_head()
    {
        _journal.Publish(People.Listed(1));
        var ring = RingOf(_journal.Entries, maxBytes: 1 << 20);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Read(ring, after: 1, limit: 2), Is.Empty);
            Assert.That(Read(ring, after: 7, limit: 2), Is.Empty);
        }
    }

    [Test]
    public void An_empty_ring_reaches_back_nowhere() => Assert.That(Read(new ChangeRing(1 << 20), after: 0, limit: 1), Is.Null);

    [Test]
    public void A_ring_that_was_cleared_may_go_on_anywhere()
    {
        for (var n = 0; n < 3; n++) _journal.Publish(People.Listed(n));
        var ring = RingOf(_journal.Entries, maxBytes: 1 << 20);

        ring.Clear();
        ring.Add(_journal.Entries[2]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Read(ring, after: 1, limit: 10), Is.Null);
            Assert.That(Read(ring, after: 2, limit: 10), Is.EqualTo(new[] { 3L }));
        }
    }

    [Test]
    public void A_ring_drops_the_oldest_when_its_bytes_are_used_up()
    {
        for (var n = 0; n < 100; n++) _journal.Publish(People.Listed(n));
        var ring = RingOf(_journal.Entries, maxBytes: 100_000);

        var kept = Enumerable.Range(0, 100).Count(after => Read(ring, after, limit: 1) is not null);

        // An entry of the samples counts for about 1,800 bytes.
        using (Assert.EnterMultipleScope())
        {
            Assert.That(kept, Is.InRange(40, 70));
            Assert.That(Read(ring, 100 - kept, limit: 1_000), Has.Count.EqualTo(kept));
            Assert.That(Read(ring, 100 - kept - 1, limit: 1), Is.Null);
        }
    }

    [Test]
    public void A_ring_grows_past_its_first_size_and_keeps_the_order()
    {
        var entry = _journal.Publish(People.Listed(1));
        var ring = new ChangeRing(int.MaxValue);
        for (var n = 1; n <= 5_000; n++) ring.Add(entry with { Sequence = n });

        Assert.That(Read(ring, after: 1_000, limit: 3_000), Is.EqualTo(Enumerable.Range(1_001, 3_000).Select(n => (long)n)));
    }

    [Test]
    public void A_listing_that_ended_later_counts_as_ended()
    {
        var listed = _journal.Publish(People.Listed(1));
        var other = _journal.Publish(People.Listed(2));
        _journal.Withdraw(listed);
        var ring = RingOf(_journal.Entries, maxBytes: 1 << 20);

        Assert.That(EndedAmong(ring, Sample.Today), Is.EqualTo(new[] { listed.Listing.Id }).And.No.Member(other.Listing.Id));
    }

    [Test]
    public void A_listing_whose_term_is_over_counts_as_ended_though_nothing_was_recorded()
    {
        var listed = _journal.Publish(People.WithTerm(1));
        var ring = RingOf(_journal.Entries, maxBytes: 1 << 20);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(EndedAmong(ring, Sample.TermEnd), Is.Empty);
            Assert.That(EndedAmong(ring, Sample.TermEnd.AddDays(1)), Is.EqualTo(new[] { listed.Listing.Id }));
        }
    }

    [Test]
    public void A_listing_whose_term_was_extended_since_does_not_count_as_ended()
    {
        var listed = _journal.Publish(People.WithTerm(1));
        _journal.Take(new ListingCommand.Extend(
            listed.Listing.Id, 1, Sample.TermEnd.AddYears(1), new TermExtension(ExtensionReason.MultipleActs, ["一", "二"])));
        var ring = RingOf(_journal.Entries, maxBytes: 1 << 20);

        Assert.That(EndedAmong(ring, Sample.TermEnd.AddDays(1)), Is.Empty);
    }

    [Test]
    public void A_listings_end_is_still_known_when_its_publication_was_dropped()
    {
        var listed = _journal.Publish(People.Listed(1));
        _journal.Withdraw(listed);
        for (var n = 2; n < 10; n++) _journal.Publish(People.Listed(n));
        var withdrawal = _journal.Entries[1];

        // The ring has room for all but the first.
        var ring = new ChangeRing(1);
        ring.Add(_journal.Entries[0]);
        ring.Add(withdrawal);

        Assert.That(EndedAmong(ring, Sample.Today, after: 1), Is.EqualTo(new[] { listed.Listing.Id }));
    }

    [Test]
    public void Every_text_of_an_entry_counts()
    {
        var entry = _journal.Publish(People.WithTerm(1));
        var content = entry.Listing.Content;
        var text = new string('长', 1_000);
        JournalEntry Of(ListingContent changed) => entry with { Listing = entry.Listing with { Content = changed } };
        JournalEntry[] longer =
        [
            Of(content with { Conduct = text }),
            Of(content with { Obligation = text }),
            Of(content with { Basis = content.Basis! with { Number = text } }),
            Of(content with { Basis = content.Basis! with { Maker = text } }),
            Of(content with { Decision = content.Decision! with { Number = text } }),
            Of(content with { Decision = content.Decision! with { Signer = text } }),
            Of(content with { Performance = content.Performance! with { PerformedPart = text } }),
            Of(content with { Performance = content.Performance! with { UnperformedPart = text } }),
            Of(content with { Term = content.Term! with { Extension = new TermExtension(ExtensionReason.MultipleActs, [text]) } }),
            entry with { Operator = text },
            entry with
            {
                Listing = entry.Listing with
                {
                    Ending = new Ending { Reason = EndReason.Performed, SubReason = text, EventDate = Sample.Today, EndDate = Sample.Today },
                },
            },
        ];

        // None of the texts that were replaced has as many as 300 characters.
        Assert.That(longer.Select(each => each.EstimateBytes() - entry.EstimateBytes()), Is.All.InRange(1_400, 2_000));
    }

    [Test]
    public void A_ring_of_long_entries_keeps_fewer()
    {
        var entry = _journal.Publish(People.WithTerm(1));
        var term = entry.Listing.Content.Term! with { Extension = new TermExtension(ExtensionReason.MultipleActs, [new string('长', 4_000)]) };
        entry = entry with { Listing = entry.Listing with { Content = entry.Listing.Content with { Term = term } } };
        var ring = new ChangeRing(100_000);
        for (var n = 1; n <= 100; n++) ring.Add(entry with { Sequence = n });

        Assert.That(Enumerable.Range(0, 100).Count(after => Read(ring, after, limit: 1) is not null), Is.LessThan(13));
    }

    private static ChangeRing RingOf(IEnumerable<JournalEntry> entries, int maxBytes)
    {
        var ring = new ChangeRing(maxBytes);
        foreach (var entry in entries) ring.Add(entry);
        return ring;
    }

    private static List<long>? Read(ChangeRing ring, long after, int limit)
    {
        List<JournalEntry> entries = [];
        return ring.TryRead(after, limit, Sample.Today, entries, []) ? [.. entries.Select(entry => entry.Sequence)] : null;
    }

    private static HashSet<ListingId> EndedAmong(ChangeRing ring, DateOnly today, long after = 0)
    {
        List<JournalEntry> entries = [];
        HashSet<long> outdated = [];
        Assert.That(ring.TryRead(after, 1_000, today, entries, outdated), Is.True);
        return [.. entries.Where(entry => outdated.Contains(entry.Sequence)).Select(entry => entry.Listing.Id)];
    }
}
