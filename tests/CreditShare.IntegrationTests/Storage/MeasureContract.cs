using CreditShare.Core.Listings;
using CreditShare.Core.Push;
using CreditShare.IntegrationTests.Infrastructure;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Storage;

[TestFixtureSource(typeof(StoreEngine), nameof(StoreEngine.All))]
internal sealed class MeasureContract(Type engine) : StoreContract(engine)
{
    private IMeasureStore Measures => Store.Measures;

    [Test, CancelAfter(LongestMs)]
    public async Task A_measure_is_found_by_its_partners_reference_as_it_was()
    {
        var measure = PushSample.Measure("贷款-1");
        Assert.That(await Measures.AddAsync(measure, Token), Is.True);
        await ReopenAsync();

        var found = await Measures.FindAsync(StoreSample.Partner, measure.Reference, Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(found, Is.EqualTo(measure with { Number = found!.Number }));
            Assert.That(found!.Number, Is.Positive);
            Assert.That(await Measures.FindAsync(StoreSample.OtherPartner, measure.Reference, Token), Is.Null);
            Assert.That(await Measures.FindAsync(StoreSample.Partner, "贷款-2", Token), Is.Null);
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_reference_is_taken_once_by_each_partner()
    {
        var measure = PushSample.Measure("贷款-1");
        await Measures.AddAsync(measure, Token);

        Assert.That(await Measures.AddAsync(measure with { Code = "6.5" }, Token), Is.False);
        Assert.That(await Measures.AddAsync(measure with { Partner = StoreSample.OtherPartner }, Token), Is.True);
        Assert.That((await Measures.FindAsync(StoreSample.Partner, measure.Reference, Token))!.Code, Is.EqualTo(measure.Code));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task A_measure_is_lifted_once_and_its_outcome_stays()
    {
        var measure = PushSample.Measure("贷款-1");
        await Measures.AddAsync(measure, Token);
        var liftedAt = PushSample.Noon.AddHours(5);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await Measures.LiftAsync(StoreSample.OtherPartner, measure.Reference, liftedAt, Token), Is.False);
            Assert.That(await Measures.LiftAsync(StoreSample.Partner, measure.Reference, liftedAt, Token), Is.True);
            Assert.That(await Measures.LiftAsync(StoreSample.Partner, measure.Reference, liftedAt.AddDays(1), Token), Is.False);
        }

        var found = await Measures.FindAsync(StoreSample.Partner, measure.Reference, Token);
        Assert.That((found!.LiftedAt, found.Outcome), Is.EqualTo((liftedAt, measure.Outcome)));
    }

    [Test, CancelAfter(LongestMs)]
    public async Task Measures_are_listed_newest_first_by_any_part_of_a_question()
    {
        var listing = new ListingId(Guid.NewGuid());
        await AddAsync("1", measure => measure);
        await AddAsync("2", measure => measure with { Partner = StoreSample.OtherPartner, Listing = listing });
        await AddAsync("3", measure => measure with { Court = StoreSample.OtherCourt, Listing = listing });
        await AddAsync("4", measure => measure with { Court = StoreSample.OtherCourt, LiftedAt = PushSample.Noon });
        await AddAsync("5", measure => measure with { Partner = StoreSample.OtherPartner });
        var all = new MeasureQuery { Limit = 100 };

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await ListAsync(all), Is.EqualTo("54321"));
            Assert.That(await ListAsync(all with { Partner = StoreSample.Partner }), Is.EqualTo("431"));
            Assert.That(await ListAsync(all with { Listing = listing }), Is.EqualTo("32"));
            Assert.That(await ListAsync(all with { Listing = listing, Partner = StoreSample.OtherPartner }), Is.EqualTo("2"));
            Assert.That(await ListAsync(all with { Courts = [StoreSample.OtherCourt] }), Is.EqualTo("43"));
            Assert.That(await ListAsync(all with { Courts = [StoreSample.OtherCourt, StoreSample.Court], Partner = StoreSample.OtherPartner }), Is.EqualTo("52"));
            Assert.That(await ListAsync(all with { Courts = [] }), Is.Empty);
            Assert.That(await ListAsync(all with { OpenOnly = true, Courts = [StoreSample.OtherCourt] }), Is.EqualTo("3"));
            Assert.That(await ListAsync(all with { OpenOnly = true, Listing = listing }), Is.EqualTo("32"));
        }
    }

    [Test, CancelAfter(LongestMs)]
    public async Task Measures_are_listed_page_by_page()
    {
        for (var i = 1; i <= 5; i++) await AddAsync($"{i}", measure => measure);

        var first = await Measures.ListAsync(new MeasureQuery { Limit = 3 }, Token);
        var second = await Measures.ListAsync(new MeasureQuery { Limit = 3, Before = first[^1].Number }, Token);

        Assert.That(first.Concat(second).Select(measure => measure.Reference), Is.EqualTo(new[] { "5", "4", "3", "2", "1" }));
    }

    private Task<bool> AddAsync(string reference, Func<Measure, Measure> change) => Measures.AddAsync(change(PushSample.Measure(reference)), Token);

    private async Task<string> ListAsync(MeasureQuery query) =>
        string.Concat((await Measures.ListAsync(query, Token)).Select(measure => measure.Reference));
}
