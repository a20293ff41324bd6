using CreditShare.Tests.Listings;
using CreditShare.V1;
using NUnit.Framework;
using Listing = CreditShare.Core.Listings.Listing;

namespace CreditShare.Tests.Lookup;

/// <summary>What a node remembers saves a reading, and never changes an answer.</summary>
internal sealed class RecordMemoryTests
{
    private readonly LookupWorld _world = new(recordMemoryMegabytes: 1);
    private Listing _listing = null!;

    [SetUp]
    public async Task ListTheManAndAskOnce()
    {
        _listing = _world.Publish(Sample.Person);
        await AskAsync();
    }

    [TearDown]
    public void Leave() => _world.Dispose();

    [Test]
    public async Task A_record_is_read_once()
    {
        Assert.That((await AskAsync()).Verdict, Is.EqualTo(Verdict.Listed));
        Assert.That(_world.Store.Reads, Is.EqualTo(1));
    }

    [Test]
    public async Task A_record_is_opened_for_screenings_as_for_checks()
    {
        List<ScreenSubjectsResponse> answers = [];
        var frame = new ScreenSubjectsRequest
        {
            DocumentType = DocumentType.ResidentId,
            FrameNumber = 1,
            Purpose = Purpose.Credit,
            Reference = "贷-1",
            Operator = "柜员7",
            Numbers = { Sample.Man },
            Names = { LookupWorld.AboutTheMan.Name },
        };
        await _world.ScreenAsync([frame], answers);

        Assert.That(answers.Single().Hits, Has.Count.EqualTo(1));
        Assert.That(_world.Store.Reads, Is.EqualTo(1));
    }

    [Test]
    public async Task A_withdrawal_is_seen_at_once()
    {
        _world.Withdraw(_listing);

        Assert.That((await AskAsync()).Verdict, Is.EqualTo(Verdict.NotListed));
    }

    [Test]
    public async Task A_corrected_name_is_seen_at_once()
    {
        _world.Correct(_listing, content => content with { Subject = Sample.Person.Subject! with { Name = Sample.Organisation.Subject!.Name } });

        Assert.That((await AskAsync()).Verdict, Is.EqualTo(Verdict.NameMismatch));
        Assert.That(_world.Store.Reads, Is.EqualTo(2));
    }

    [Test]
    public async Task A_second_listing_of_the_same_document_is_seen_at_once()
    {
        _world.Publish(Sample.Person);

        Assert.That((await AskAsync()).Listings, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_record_read_before_a_change_and_kept_after_it_does_not_count()
    {
        _world.Memory.Forget(_world.Store.Entries[^1]);
        _world.Store.WhileReading = () =>
        {
            _world.Store.WhileReading = null;
            _world.Withdraw(_listing);
        };
        await AskAsync();

        Assert.That((await AskAsync()).Verdict, Is.EqualTo(Verdict.NotListed));
    }

    [Test]
    public async Task After_a_new_life_of_the_journal_everything_is_read_anew()
    {
        _world.Store.Epoch = 2;
        _world.Node.Move(new Server.Journal.JournalPosition(2, _world.Store.Head));

        await AskAsync();

        Assert.That(_world.Store.Reads, Is.EqualTo(2));
    }

    [Test]
    public async Task What_a_change_names_is_forgotten()
    {
        _world.Memory.Forget(_world.Store.Entries[^1]);

        await AskAsync();

        Assert.That(_world.Store.Reads, Is.EqualTo(2));
    }

    [Test]
    public async Task The_texts_of_a_listing_count_for_the_room_it_takes()
    {
        // Two hundred listings of 20 kB are four megabytes, of which one has room.
        var wordy = Sample.Person with { Obligation = new string('义', 4_000), Conduct = new string('义', 4_000) };
        for (var i = 0; i < 200; i++) _world.Publish(wordy);
        await AskAsync();
        await AskAsync();

        Assert.That(_world.Store.Reads, Is.EqualTo(3), "the record of the hundred newest fits nowhere");
    }

    private Task<CheckSubjectResponse> AskAsync() => _world.CheckAsync(LookupWorld.AboutTheMan);
}
