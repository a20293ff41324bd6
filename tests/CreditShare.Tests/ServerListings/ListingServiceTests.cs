using CreditShare.Core.Listings;
using CreditShare.Server.Mapping;
using CreditShare.Server.Transport;
using CreditShare.Tests.Infrastructure;
using CreditShare.Tests.Listings;
using CreditShare.V1;
using Google.Protobuf.WellKnownTypes;
using NUnit.Framework;

namespace CreditShare.Tests.ServerListings;

internal sealed class ListingServiceTests
{
    private CourtWorld _world = null!;

    [SetUp]
    public void StartWorld() => _world = new CourtWorld();

    [TearDown]
    public async Task EndWorldAsync() => await _world.DisposeAsync();

    [Test]
    public async Task A_court_reads_its_listing_as_it_sent_it()
    {
        var sent = CourtWorld.Publication(People.Listed(1));
        sent.Listing.Subject.Documents[0].Number = $"  {People.NumberOf(1).ToLowerInvariant()} ";
        var receipt = (await _world.Service.PublishListing(sent, _world.Call())).Receipt;

        var read = (await _world.Service.GetListing(new GetListingRequest { Name = receipt.Name }, _world.Call())).Listing;

        using (Assert.EnterMultipleScope())
        {
            Assert.That((read.Name, read.Version, read.State), Is.EqualTo((receipt.Name, 1L, V1.ListingState.Published)));
            Assert.That(read.Subject.Documents[0].Number, Is.EqualTo(sent.Listing.Subject.Documents[0].Number.Trim()));
            Assert.That(read.Decision, Is.EqualTo(sent.Listing.Decision));
        }
    }

    [Test]
    public async Task A_case_of_another_type_is_taken_only_where_the_service_was_told_to()
    {
        await using var other = new CourtWorld(new Server.Listings.ListingsOptions { CaseTypes = "执 执他" });
        var request = CourtWorld.Publication(People.Listed(1));
        request.Listing.CaseNumber = "（2025）测01执他77号";
        var resumed = CourtWorld.Publication(People.Listed(2));
        resumed.Listing.CaseNumber = "（2025）测01执恢77号";

        var refused = await Assert.ThrowsAsync<RefusedException>(async () => await _world.Service.PublishListing(request, _world.Call()));
        var narrowed = await Assert.ThrowsAsync<RefusedException>(async () => await other.Service.PublishListing(resumed, other.Call()));
        var taken = await other.Service.PublishListing(request, other.Call());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                refused!.Violations.Concat(narrowed!.Violations).Select(violation => (violation.Field, violation.Reason)),
                Is.All.EqualTo(("listing.case_number", ErrorReason.CaseNotImplementing)));
            Assert.That(taken.Receipt.Version, Is.EqualTo(1));
        }
    }

    [TestCase("courts/测02/listings/{id}", ErrorReason.CourtNotYours)]
    [TestCase("courts/测01/listings/0197a1b2-0000-7000-8000-00000000ffff", ErrorReason.ListingNotFound)]
    [TestCase("courts/测01/listings/", ErrorReason.NameForm)]
    [TestCase("", ErrorReason.FieldRequired)]
    public async Task A_listing_is_shown_under_its_own_courts_name_only(string name, ErrorReason reason)
    {
        var receipt = await _world.PublishAsync(People.Listed(1));
        var asked = name.Replace("{id}", receipt.Name.Split('/')[^1], StringComparison.Ordinal);

        var refused = await Assert.ThrowsAsync<RefusedException>(
            async () => await _world.Service.GetListing(new GetListingRequest { Name = asked }, _world.Call()));

        Assert.That(refused!.Reason, Is.EqualTo(reason));
    }

    [Test]
    public async Task Everything_wrong_with_a_command_is_told_at_once()
    {
        var refused = await Assert.ThrowsAsync<RefusedException>(async () => await _world.Service.CorrectListing(
            new CorrectListingRequest { Name = "x", ExpectedVersion = -1, UpdateMask = FieldMask.FromString("service") }, _world.Call()));

        Assert.That(refused!.Violations.Select(violation => violation.Field), Is.EquivalentTo(
            new[] { "name", "request_id", "operator", "expected_version", "listing" }));
    }

    [Test]
    public async Task A_term_is_corrected_without_repeating_the_decision_it_counts_from()
    {
        var receipt = await _world.PublishAsync(People.WithTerm(1) with
        {
            Term = new Core.Listings.Term { Start = Sample.Decided.AddDays(3), End = Sample.Decided.AddDays(3).AddYears(2) },
        });

        var correcting = _world.Service.CorrectListing(
            new CorrectListingRequest
            {
                Name = receipt.Name,
                ExpectedVersion = 1,
                RequestId = Guid.NewGuid().ToString(),
                Operator = "书记员",
                Listing = new V1.Listing { Term = new V1.Term() },
                UpdateMask = FieldMask.FromString("term"),
            },
            _world.Call());
        _world.CatchUp();
        _world.Clock.Advance(TimeSpan.FromMilliseconds(10));
        await correcting;

        Assert.That(_world.Journal.Entries[^1].Listing.Content.Term, Is.EqualTo(new Core.Listings.Term { Start = Sample.Decided, End = Sample.TermEnd }));
    }

    [Test]
    public async Task A_publication_that_is_repeated_after_its_term_gets_its_first_answer()
    {
        var sent = CourtWorld.Publication(People.WithTerm(1));
        var first = (await _world.Service.PublishListing(sent, _world.Call())).Receipt;
        _world.Clock.MoveTo(Sample.TermEnd.AddDays(1));

        var again = (await _world.Service.PublishListing(sent, _world.Call())).Receipt;

        Assert.That(again, Is.EqualTo(first));
    }

    [Test]
    public async Task A_publication_that_is_wrong_is_refused_under_an_id_that_was_accepted_with_other_content()
    {
        var sent = CourtWorld.Publication(People.WithTerm(1));
        await _world.Service.PublishListing(sent, _world.Call());
        _world.Clock.MoveTo(Sample.TermEnd.AddDays(1));
        sent.Listing.Obligation += "。";

        Assert.That(() => _world.Service.PublishListing(sent, _world.Call()), Throws.TypeOf<RefusedException>());
    }

    [Test]
    public async Task A_list_is_paged()
    {
        for (var n = 0; n < 5; n++) _world.Journal.Publish(People.Listed(n));
        _world.Journal.Publish(People.Listed(5, "测02"));

        var pages = await ListAsync(new ListListingsRequest { Parent = CourtWorld.Parent, PageSize = 2 });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(pages.Select(page => page.Listings.Count), Is.EqualTo(new[] { 2, 2, 1 }));
            Assert.That(pages.SelectMany(page => page.Listings).Select(listing => listing.Name), Is.EqualTo(
                _world.Journal.Entries.Take(5).Select(entry => ResourceNames.Of(entry.Listing.Content.Court, entry.Listing.Id))));
        }
    }

    [Test]
    public async Task Long_texts_make_a_page_shorter_than_was_asked_for()
    {
        var text = new string('债', 4_000);
        for (var n = 0; n < 60; n++) _world.Journal.Publish(People.Listed(n) with { Obligation = text, Conduct = text });

        var pages = await ListAsync(new ListListingsRequest { Parent = CourtWorld.Parent, PageSize = 1_000 });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(pages, Has.Count.EqualTo(2));
            Assert.That(pages.Select(page => page.CalculateSize()), Is.All.LessThan(PageCut.MaxBytes + 1_000));
            Assert.That(pages.Sum(page => page.Listings.Count), Is.EqualTo(60));
        }
    }

    [Test]
    public async Task A_list_shows_the_states_and_the_case_that_were_asked_for()
    {
        var listed = _world.Journal.Publish(People.Listed(1));
        _world.Journal.Withdraw(_world.Journal.Publish(People.Listed(2)));
        _world.Journal.Publish(People.InGrace(3));

        var withdrawn = await ListAsync(new ListListingsRequest { Parent = CourtWorld.Parent, States = { V1.ListingState.Withdrawn, V1.ListingState.Grace } });
        var ofCase = await ListAsync(new ListListingsRequest { Parent = CourtWorld.Parent, CaseNumber = listed.Listing.Content.Case!.ToString() });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(withdrawn.Single().Listings.Select(listing => listing.State), Is.EqualTo(
                new[] { V1.ListingState.Withdrawn, V1.ListingState.Grace }));
            Assert.That(ofCase.Single().Listings.Select(listing => listing.CaseNumber), Is.EqualTo(new[] { listed.Listing.Content.Case.ToString() }));
        }
    }

    [Test]
    public async Task A_list_shows_what_waits_for_the_court()
    {
        var served = _world.Journal.Publish(People.Listed(1) with { Service = new DecisionService(Sample.Decided, Core.Listings.ServiceMethod.Direct) });
        var unserved = _world.Journal.Publish(People.Listed(2) with { Service = null });
        var grace = _world.Journal.Publish(People.InGrace(3) with { Service = null });
        var parent = new ListListingsRequest { Parent = CourtWorld.Parent };

        var early = await ListAsync(new ListListingsRequest(parent) { Task = ListingTask.ConfirmOrCancel });
        _world.Clock.MoveTo(Sample.GraceUntil.AddDays(1));
        var over = await ListAsync(new ListListingsRequest(parent) { Task = ListingTask.ConfirmOrCancel, PageSize = 1 });
        var toServe = await ListAsync(new ListListingsRequest(parent) { Task = ListingTask.RecordService });
        var all = await ListAsync(parent);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(early.Single().Listings, Is.Empty, "the last day of grace is the debtor's");
            Assert.That(NamesIn(over), Is.EqualTo(NamesOf(grace)));
            Assert.That(NamesIn(toServe), Is.EqualTo(NamesOf(unserved)));
            Assert.That(NamesIn(all), Is.EqualTo(NamesOf(served, unserved, grace)));
        }
    }

    [Test]
    public async Task A_task_that_nobody_knows_is_refused()
    {
        var refused = await Assert.ThrowsAsync<RefusedException>(async () => await _world.Service.ListListings(
            new ListListingsRequest { Parent = CourtWorld.Parent, Task = (ListingTask)99 }, _world.Call()));

        Assert.That(refused!.Violations.Select(violation => violation.Field), Is.EqualTo(new[] { "task" }));
    }

    [Test]
    public async Task What_came_about_in_the_grace_goes_with_the_confirmation()
    {
        var name = (await _world.PublishAsync(People.InGrace(1) with { Service = null })).Name;
        _world.Clock.MoveTo(Sample.GraceUntil.AddDays(1));
        var request = new ConfirmListingRequest
        {
            Name = name,
            RequestId = Guid.NewGuid().ToString(),
            Operator = "书记员",
            Service = new Service { Method = V1.ServiceMethod.Direct },
            Performance = new V1.Performance { State = V1.PerformanceState.Partial, PerformedPart = "1000元" },
        };

        var refused = await Assert.ThrowsAsync<RefusedException>(async () => await _world.Service.ConfirmListing(request, _world.Call()));
        request.Service.Date = new Google.Type.Date { Year = 2026, Month = 3, Day = 3 };
        await _world.Service.ConfirmListing(request, _world.Call());
        var shown = (await _world.Service.GetListing(new GetListingRequest { Name = name }, _world.Call())).Listing;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused!.Violations.Select(violation => violation.Field), Is.EqualTo(new[] { "service.date" }));
            Assert.That((shown.State, shown.Version), Is.EqualTo((V1.ListingState.Published, 1L)));
            Assert.That((shown.Service, shown.Performance), Is.EqualTo((request.Service, request.Performance)));
        }
    }

    [TestCase("courts/测01  ", "0197a1b2-0000-7000-8000-000000000001", false)]
    [TestCase("courts/测01  ", "not-a-uuid", true)]
    [TestCase("courts/测01  ", "", true)]
    [TestCase("courts/测02  ", "0197a1b2-0000-7000-8000-000000000001", true)]
    public async Task A_forged_token_of_a_list_is_refused(string list, string place, bool isRefused)
    {
        var request = new ListListingsRequest { Parent = CourtWorld.Parent, PageToken = PageToken.Of(list, place) };

        Assert.That(await ReasonOfAsync(() => _world.Service.ListListings(request, _world.Call())), Is.EqualTo(isRefused ? ErrorReason.PageTokenInvalid : null));
    }

    [TestCase("0", false)]
    [TestCase("-1", true)]
    [TestCase("99999999999999999999", true)]
    [TestCase("１", true)]
    [TestCase("", true)]
    public async Task A_forged_token_of_a_history_is_refused(string place, bool isRefused)
    {
        var name = (await _world.PublishAsync(People.Listed(1))).Name;
        var request = new ListListingVersionsRequest { Name = name, PageToken = PageToken.Of(name, place) };

        Assert.That(
            await ReasonOfAsync(() => _world.Service.ListListingVersions(request, _world.Call())), Is.EqualTo(isRefused ? ErrorReason.PageTokenInvalid : null));
    }

    [Test]
    public async Task A_history_tells_who_did_what_from_grace_to_the_end()
    {
        var name = (await _world.PublishAsync(People.InGrace(1))).Name;
        var id = _world.Journal.Entries[0].Listing.Id;
        _world.Clock.MoveTo(Sample.GraceUntil.AddDays(1));
        _world.Journal.Take(new ListingCommand.Confirm(id, 0));
        _world.Journal.Withdraw(_world.Journal.Entries[^1]);
        List<ListingVersion> versions = [];
        var token = "";
        do
        {
            var page = await _world.Service.ListListingVersions(
                new ListListingVersionsRequest { Name = name, PageSize = 1, PageToken = token }, _world.Call());
            versions.AddRange(page.Versions);
            token = page.NextPageToken;
        }
        while (token.Length > 0);

        Assert.That(versions.Select(version => (version.Kind, version.Listing.Version, version.Position.Sequence, version.Partner, version.Operator)), Is.EqualTo(new[]
        {
            (V1.ChangeKind.GraceBegun, 0L, 1L, "partners/test-court", "书记员"),
            (V1.ChangeKind.Published, 1L, 2L, "", ""),
            (V1.ChangeKind.Withdrawn, 2L, 3L, "", ""),
        }));
    }

    private static IEnumerable<string> NamesIn(IEnumerable<ListListingsResponse> pages) =>
        pages.SelectMany(page => page.Listings).Select(listing => listing.Name);

    private static IEnumerable<string> NamesOf(params Core.Journal.JournalEntry[] entries) =>
        entries.Select(entry => ResourceNames.Of(entry.Listing.Content.Court, entry.Listing.Id));

    private static async Task<ErrorReason?> ReasonOfAsync<T>(Func<Task<T>> call)
    {
        try
        {
            await call();
            return null;
        }
        catch (RefusedException refused)
        {
            return refused.Reason;
        }
    }

    private async Task<List<ListListingsResponse>> ListAsync(ListListingsRequest request)
    {
        List<ListListingsResponse> pages = [];
        do
        {
            request.PageToken = pages.LastOrDefault()?.NextPageToken ?? "";
            pages.Add(await _world.Service.ListListings(request, _world.Call()));
        }
        while (pages[^1].NextPageToken.Length > 0);

        return pages;
    }
}
