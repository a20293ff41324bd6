using System.Buffers.Text;
using System.Text;
using CreditShare.Server.Mapping;
using CreditShare.Server.Transport;
using CreditShare.Tests.Infrastructure;
using CreditShare.Tests.Listings;
using CreditShare.V1;
using FsCheck;
using FsCheck.Fluent;
using Grpc.Core;
using NUnit.Framework;
using View = CreditShare.Core.Access.View;

namespace CreditShare.Tests.Feed;

internal sealed class ListingExportTests
{
    private const int PageLimit = 500;

    private readonly FrameLog<ExportListingsResponse> _frames = new();
    private FeedWorld _world = null!;

    private IEnumerable<string> Exported => _frames.Frames.SelectMany(frame => frame.Listings).Select(listing => listing.Name);

    private IEnumerable<string> Active => _world.Journal.Latest.Where(entry => entry.Listing.State == Core.Listings.ListingState.Published)
        .Select(entry => ResourceNames.Of(entry.Listing.Content.Court, entry.Listing.Id));

    [SetUp]
    public void StartWorld() => _world = new FeedWorld();

    [TearDown]
    public async Task EndWorldAsync() => await _world.DisposeAsync();

    [Test]
    public async Task An_empty_list_is_one_frame_with_the_cursor()
    {
        await ExportAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_frames.Frames, Has.Count.EqualTo(1));
            Assert.That(_frames.Frames[0].Cursor.Epoch, Is.EqualTo(1));
            Assert.That(_frames.Frames[0].NextPageToken, Is.Empty);
        }
    }

    [Test]
    public async Task Every_active_listing_comes_once_over_several_pages()
    {
        for (var n = 0; n <= PageLimit; n++) _world.Journal.Publish(People.Listed(n));
        _world.Journal.Withdraw(_world.Journal.Entries[7]);

        await ExportAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Exported, Is.EquivalentTo(Active));
            Assert.That(_frames.Frames.Select(frame => frame.NextPageToken.Length == 0), Is.EqualTo(_frames.Frames.Select((_, i) => i == _frames.Frames.Count - 1)));
            Assert.That(_frames.Frames.Select(frame => frame.Cursor.Sequence), Is.All.EqualTo(PageLimit + 2));
        }
    }

    [Test]
    public async Task A_full_last_page_is_followed_by_an_empty_frame_that_ends_the_export()
    {
        for (var n = 0; n < PageLimit; n++) _world.Journal.Publish(People.Listed(n));

        await ExportAsync();

        Assert.That(_frames.Frames.Select(frame => (frame.Listings.Count, frame.NextPageToken.Length > 0)), Is.EqualTo(new[] { (PageLimit, true), (0, false) }));
    }

    [Test]
    public async Task Long_texts_make_more_frames_and_no_larger_ones()
    {
        var text = new string('债', 4_000);
        for (var n = 0; n < 100; n++) _world.Journal.Publish(People.Listed(n) with { Obligation = text, Conduct = text });

        await ExportAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Exported, Is.EquivalentTo(Active));
            Assert.That(_frames.Frames, Has.Count.EqualTo(3));
            Assert.That(_frames.Frames.Select(frame => frame.CalculateSize()), Is.All.LessThan(PageCut.MaxBytes + 1_000));
        }
    }

    [Test]
    public async Task A_listing_past_its_term_is_left_out()
    {
        _world.Journal.Publish(People.WithTerm(1));
        _world.Journal.Publish(People.Listed(2));
        _world.Clock.MoveTo(Sample.TermEnd.AddDays(1));

        await ExportAsync();

        Assert.That(Exported.Single(), Does.EndWith(_world.Journal.Entries[1].Listing.Id.ToString()));
    }

    [Test]
    public async Task What_changes_between_two_pages_is_in_the_feed_behind_the_cursor()
    {
        for (var n = 0; n <= PageLimit; n++) _world.Journal.Publish(People.Listed(n));
        var changed = false;
        _world.Store.Listings.PageRead = () =>
        {
            if (changed) return;

            changed = true;
            _world.Journal.Withdraw(_world.Journal.Entries[0]);
            _world.Journal.Withdraw(_world.Journal.Entries[PageLimit]);
            _world.Journal.Publish(People.Listed(PageLimit + 1));
        };

        await ExportAsync();

        var held = Exported.ToHashSet();
        var run = await _world.ReadAsync(_frames.Frames[0].Cursor.Sequence);
        foreach (var change in run.Changes)
        {
            if (change.Listing is null) held.Remove(change.ListingName);
            else held.Add(change.ListingName);
        }

        Assert.That(held, Is.EquivalentTo(Active));
    }

    [Test]
    public async Task An_export_that_was_interrupted_goes_on_behind_the_last_frame_with_the_same_cursor()
    {
        for (var n = 0; n <= PageLimit; n++) _world.Journal.Publish(People.Listed(n));
        await ExportAsync();
        _world.Journal.Publish(People.Listed(PageLimit + 1));
        var rest = new FrameLog<ExportListingsResponse>();

        await ExportAsync(rest, _frames.Frames[0].NextPageToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(rest.Frames.SelectMany(frame => frame.Listings).Select(listing => listing.Name), Is.EqualTo(
                _frames.Frames.Skip(1).SelectMany(frame => frame.Listings).Select(listing => listing.Name).Append(Active.Last())));
            Assert.That(rest.Frames[0].Cursor, Is.EqualTo(_frames.Frames[0].Cursor));
        }
    }

    [Test]
    public async Task A_token_of_another_export_is_refused()
    {
        for (var n = 0; n < PageLimit; n++) _world.Journal.Publish(People.Listed(n));
        await ExportAsync();

        var request = new ExportListingsRequest { View = V1.View.Full, PageToken = _frames.Frames[0].NextPageToken };

        Assert.That(await ReasonOfAsync(request), Is.EqualTo(ErrorReason.PageTokenInvalid));
    }

    [TestCase("")]
    [TestCase("nothing")]
    [TestCase("1:2:3")]
    [TestCase("1:2:{hash}")]
    [TestCase("1:2:{hash}:")]
    [TestCase("1:2:{hash}:not-a-uuid")]
    [TestCase("1:2:{hash}:{id}:more")]
    [TestCase("-1:2:{hash}:{id}")]
    [TestCase("1:-2:{hash}:{id}")]
    [TestCase("4294967296:2:{hash}:{id}")]
    [TestCase("1:99999999999999999999:{hash}:{id}")]
    [TestCase("1:2:{hash}00:{id}")]
    [TestCase("1:2:zz{hash}:{id}")]
    [TestCase("１:2:{hash}:{id}")]
    public async Task A_forged_place_is_refused(string place) =>
        Assert.That(await ReasonOfAsync(new ExportListingsRequest { PageToken = TokenOf(Filled(place)) }), Is.EqualTo(ErrorReason.PageTokenInvalid));

    [Test]
    public async Task A_forged_place_of_the_right_form_does_no_harm() =>
        Assert.That(await ReasonOfAsync(new ExportListingsRequest { PageToken = TokenOf(Filled("7:9223372036854775807:{hash}:{id}")) }), Is.Null);

    [Test]
    public void No_token_whatsoever_is_a_fault_of_the_server()
    {
        var anything = ArbMap.Default.GeneratorFor<string>().Select(text => text ?? "");
        var tokens = Gen.OneOf(anything, anything.Select(TokenOf), anything.Select(text => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text))));

        Prop.ForAll(tokens.ToArbitrary(), token =>
            ReasonOfAsync(new ExportListingsRequest { PageToken = token }).GetAwaiter().GetResult() is null or ErrorReason.PageTokenInvalid)
            .QuickCheckThrowOnFailure();
    }

    [Test, CancelAfter(10_000)]
    public async Task A_receiver_that_does_not_read_is_cut_off(CancellationToken cancellationToken)
    {
        _frames.IsStalled = true;
        var exporting = ExportAsync();

        await _world.Clock.AdvanceUntilAsync(() => exporting.IsCompleted, TimeSpan.FromSeconds(1), cancellationToken);

        Assert.That((await Assert.ThrowsAsync<RefusedException>(async () => await exporting))!.Reason, Is.EqualTo(ErrorReason.FollowerTooSlow));
    }

    [Test]
    public async Task A_view_that_was_not_granted_is_refused()
    {
        var refused = await Assert.ThrowsAsync<RefusedException>(async () => await _world.Service.ExportListings(
            new ExportListingsRequest { View = V1.View.Full }, _frames, new FakeCall(_world.Callers.Department(View.Public))));

        Assert.That(refused!.Reason, Is.EqualTo(ErrorReason.ViewNotGranted));
    }

    private static string Filled(string place) => place
        .Replace("{hash}", new string('0', 64), StringComparison.Ordinal)
        .Replace("{id}", "0197a1b2-0000-7000-8000-000000000001", StringComparison.Ordinal);

    /// <summary>A token that names the export rightly, as any caller could write one.</summary>
    private static string TokenOf(string place)
    {
        const string empty = "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855";
        return PageToken.Of($"export Public {empty}", place);
    }

    private Task ExportAsync() => ExportAsync(_frames, "");

    private Task ExportAsync(IServerStreamWriter<ExportListingsResponse> frames, string token) => _world.Service.ExportListings(
        new ExportListingsRequest { PageToken = token }, frames, new FakeCall(_world.Callers.Department(View.Public)));

    private async Task<ErrorReason?> ReasonOfAsync(ExportListingsRequest request)
    {
        try
        {
            var caller = _world.Callers.Department(View.Public, View.Full);
            await _world.Service.ExportListings(request, new FrameLog<ExportListingsResponse>(), new FakeCall(caller));
            return null;
        }
        catch (RefusedException refused)
        {
            return refused.Reason;
        }
    }
}
