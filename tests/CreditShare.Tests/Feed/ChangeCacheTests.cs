using CreditShare.Core.Journal;
using CreditShare.Server.Access;
using CreditShare.Server.Changes;
using CreditShare.Tests.Infrastructure;
using NUnit.Framework;
using View = CreditShare.Core.Access.View;

namespace CreditShare.Tests.Feed;

internal sealed class ChangeCacheTests
{
    private readonly CourtDirectory _courts = new();
    private FeedWorld _world = null!;
    private ChangeCache _copies = null!;

    [SetUp]
    public void Start() => (_world, _copies) = (new FeedWorld(), new ChangeCache(_courts));

    [TearDown]
    public async Task EndAsync() => await _world.DisposeAsync();

    [Test]
    public void Receivers_with_one_view_share_a_copy()
    {
        var entry = _world.Journal.Publish(People.Listed(1));

        var copy = CopyOf(entry);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(CopyOf(entry).Change, Is.SameAs(copy.Change));
            Assert.That(CopyOf(entry with { Operator = "read from the store" }).Change, Is.SameAs(copy.Change));
            Assert.That(copy.Bytes, Is.EqualTo(copy.Change.CalculateSize()));
        }
    }

    [Test]
    public void Receivers_with_another_view_do_not()
    {
        var entry = _world.Journal.Publish(People.Listed(1));

        var numbers = Enum.GetValues<View>().ToDictionary(
            view => view, view => CopyOf(entry, view).Change.Listing.Subject?.Documents.FirstOrDefault()?.Number ?? "");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(numbers[View.Status], Is.Empty);
            Assert.That(numbers[View.Public], Does.Contain("*"));
            Assert.That(numbers[View.Full], Is.Not.Empty.And.Not.Contains("*"));
            Assert.That(CopyOf(entry, View.Status).Change.Listing.Subject, Is.Null);
        }
    }

    [Test]
    public void What_has_ended_since_is_not_given_out_again()
    {
        var entry = _world.Journal.Publish(People.Listed(1));
        CopyOf(entry);

        var redacted = CopyOf(entry, isOutdated: true).Change;

        Assert.That((redacted.Redacted, redacted.Listing), Is.EqualTo((true, (V1.Listing?)null)));
    }

    [Test]
    public void A_number_of_another_history_is_another_change()
    {
        _world.Journal.Publish(People.Listed(1));
        CopyOf(_world.Journal.Publish(People.Listed(2)));
        _world.Journal.FailOver(losing: 1);
        var other = _world.Journal.Publish(People.Listed(3));

        var copy = CopyOf(other).Change;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(copy.ListingName, Does.EndWith(other.Listing.Id.Value.ToString()));
            Assert.That(CopyOf(other with { Hash = new byte[32] }).Change, Is.Not.SameAs(copy));
        }
    }

    [Test]
    public void A_change_of_the_same_place_takes_it_over()
    {
        var entry = _world.Journal.Publish(People.Listed(1));
        var later = entry with { Sequence = entry.Sequence + (1 << 20) };
        CopyOf(entry);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(CopyOf(later).Change.Sequence, Is.EqualTo(later.Sequence));
            Assert.That(CopyOf(entry).Change.Sequence, Is.EqualTo(entry.Sequence));
        }
    }

    [Test]
    public void Courts_that_were_imported_since_are_named_by_their_new_names()
    {
        var entry = _world.Journal.Publish(People.Listed(1));
        var before = CopyOf(entry).Change.Listing.CourtName;
        _courts.Table.TryFind(entry.Listing.Content.Court, out var court);
        _courts.Replace([court! with { Name = "改名法院" }]);

        Assert.That((before, CopyOf(entry).Change.Listing.CourtName), Is.EqualTo((court.Name, "改名法院")));
    }

    private ChangeCopy CopyOf(JournalEntry entry, View view = View.Public, bool isOutdated = false) =>
        _copies.Of(entry, view, isOutdated, _world.Clock.GetUtcNow());
}
