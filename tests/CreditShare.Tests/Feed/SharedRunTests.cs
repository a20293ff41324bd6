using CreditShare.Core.Journal;
using CreditShare.Tests.Infrastructure;
using CreditShare.Tests.Listings;
using CreditShare.V1;
using NUnit.Framework;
using View = CreditShare.Core.Access.View;

namespace CreditShare.Tests.Feed;

internal sealed class SharedRunTests
{
    private FeedWorld _world = null!;
    private JournalEntry _first = null!;

    [SetUp]
    public void Start()
    {
        _world = new FeedWorld();
        _world.Node.Start();
        _first = _world.Journal.Publish(People.Listed(1));
        _world.CatchUp();
    }

    [TearDown]
    public async Task EndAsync() => await _world.DisposeAsync();

    [Test]
    public async Task Receivers_that_want_the_same_share_a_run()
    {
        var run = await ReadAsync();

        Assert.That(await ReadAsync(), Is.SameAs(run));
    }

    [Test]
    public async Task Filters_that_name_the_same_are_the_same()
    {
        var run = await ReadAsync(filter: new ListingFilter { Courts = [Sample.Court("测01")] });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await ReadAsync(filter: new ListingFilter { Courts = [Sample.Court("测01")] }), Is.SameAs(run));
            Assert.That((await ReadAsync(filter: new ListingFilter { Courts = [Sample.Court("测02")] })).Copies, Is.Empty);
        }
    }

    [Test]
    public async Task Receivers_with_another_view_get_another_run()
    {
        var whole = (await ReadAsync(View.Full)).Changes[0].Listing.Subject.Documents[0].Number;
        var masked = (await ReadAsync(View.Public)).Changes[0].Listing.Subject.Documents[0].Number;

        Assert.That((whole.Contains('*', StringComparison.Ordinal), masked.Contains('*', StringComparison.Ordinal)), Is.EqualTo((false, true)));
    }

    [Test]
    public async Task What_came_since_is_read()
    {
        await ReadAsync();
        _world.Journal.Publish(People.Listed(2));
        _world.CatchUp();

        Assert.That((await ReadAsync()).To, Is.EqualTo(2));
    }

    [Test]
    public async Task What_has_ended_since_is_not_given_out_again()
    {
        var before = await ReadAsync(limit: 1);
        _world.Journal.Withdraw(_first);
        _world.CatchUp();
        var after = await ReadAsync(limit: 1);

        Assert.That((before.Changes[0].Redacted, after.Changes[0].Redacted), Is.EqualTo((false, true)));
    }

    [Test]
    public async Task A_number_of_another_history_is_another_run()
    {
        _world.Journal.Publish(People.Listed(2));
        _world.CatchUp();
        await ReadAsync();
        _world.Journal.FailOver(losing: 1);
        _world.Node.Beat();
        _world.Node.Step();
        var other = _world.Journal.Publish(People.Listed(3));
        _world.CatchUp();

        Assert.That((await ReadAsync(after: 1)).Changes[0].ListingName, Does.EndWith(other.Listing.Id.ToString()));
    }

    [Test]
    public async Task Its_bytes_are_its_changes_as_a_frame_has_them()
    {
        _world.Journal.Publish(People.Listed(2));
        _world.CatchUp();
        var run = await ReadAsync();

        Assert.That(FollowChangesResponse.Parser.ParseFrom(run.Encoded.Span).Changes, Is.EqualTo(run.Changes));
    }

    private Task<Server.Changes.ChangeRun> ReadAsync(View view = View.Public, ListingFilter? filter = null, int limit = 500, long after = 0) =>
        _world.ReadAsync(after, FeedWorld.Query(filter: filter, view: view), limit);
}
