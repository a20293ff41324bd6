using CreditShare.Core.Journal;
using CreditShare.Server.Feed;
using CreditShare.Tests.Infrastructure;
using CreditShare.V1;
using NUnit.Framework;
using View = CreditShare.Core.Access.View;

namespace CreditShare.Tests.Feed;

internal sealed class FeedReaderTests
{
    private FeedWorld _world = null!;

    [SetUp]
    public void StartWorld() => _world = new FeedWorld();

    [TearDown]
    public async Task EndWorldAsync() => await _world.DisposeAsync();

    [Test]
    public async Task A_page_is_noted_once_a_minute_and_at_once_when_it_begins_earlier()
    {
        for (var n = 1; n <= 3; n++) _world.Journal.Publish(People.Listed(n));

        await ListAsync(after: 2);
        await ListAsync(after: 2);
        await ListAsync(after: 1);
        _world.Clock.Advance(FeedReaders.Interval);
        await ListAsync(after: 2);

        Assert.That(
            _world.Store.Disclosures.Notes.Select(note => (note.FirstSequence, note.LastSequence)),
            Is.EqualTo(new[] { (2L, 3L), (1L, 3L), (2L, 3L) }));
    }

    [Test]
    public async Task An_export_is_noted_as_the_whole_list_before_its_first_frame()
    {
        _world.Journal.Publish(People.Listed(1));
        var frames = new FrameLog<ExportListingsResponse>();
        _world.Store.Disclosures.IsDown = true;

        await Assert.ThrowsAsync<StoreUnavailableException>(() => ExportAsync(frames));
        Assert.That(frames.Frames, Is.Empty);
        _world.Store.Disclosures.IsDown = false;
        await ExportAsync(frames);

        Assert.That(
            _world.Store.Disclosures.Notes.Select(note => (note.Partner.Value, note.FirstSequence, note.LastSequence)),
            Is.EqualTo(new[] { ("test-department", 0L, 1L) }));
    }

    private Task<ListChangesResponse> ListAsync(long after) => _world.Service.ListChanges(
        new ListChangesRequest { From = new Cursor { Sequence = after } }, new FakeCall(_world.Callers.Department(View.Public)));

    private Task ExportAsync(FrameLog<ExportListingsResponse> frames) => _world.Service.ExportListings(
        new ExportListingsRequest(), frames, new FakeCall(_world.Callers.Department(View.Public)));
}
