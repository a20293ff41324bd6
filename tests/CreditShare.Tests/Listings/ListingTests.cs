using CreditShare.Core.Listings;
using CreditShare.Core.Numbers;
using NUnit.Framework;

namespace CreditShare.Tests.Listings;

internal sealed class ListingTests
{
    private static readonly DateOnly s_dayAfter = Sample.TermEnd.AddDays(1);

    [TestCase(ListingState.None, ExpectedResult = false)]
    [TestCase(ListingState.Grace, ExpectedResult = false)]
    [TestCase(ListingState.Published, ExpectedResult = true)]
    [TestCase(ListingState.Cancelled, ExpectedResult = false)]
    [TestCase(ListingState.Withdrawn, ExpectedResult = false)]
    [TestCase(ListingState.Revoked, ExpectedResult = false)]
    [TestCase(ListingState.Expired, ExpectedResult = false)]
    public bool Only_a_published_listing_is_active(ListingState state) =>
        (Sample.Listed(Sample.OpenEnded) with { State = state }).IsActiveOn(Sample.Today);

    [Test]
    public void Art_10_2_a_listing_is_active_on_the_last_day_of_its_term() =>
        Assert.That(Sample.Listed(Sample.Person).IsActiveOn(Sample.TermEnd), Is.True);

    [Test]
    public void Art_10_2_a_listing_is_not_active_on_the_day_after_its_term_though_nobody_has_recorded_the_end() =>
        Assert.That(Sample.Listed(Sample.Person).IsActiveOn(s_dayAfter), Is.False);

    [Test]
    public void A_listing_without_a_term_is_active_until_it_is_ended() =>
        Assert.That(Sample.Listed(Sample.OpenEnded).IsActiveOn(DateOnly.MaxValue), Is.True);

    [Test]
    public void A_listing_names_its_documents_and_what_they_contain_each_once()
    {
        var listing = Sample.Listed(Sample.Organisation.WithDocuments(
            Sample.Document(DocumentType.OrgCode, Sample.ItsOrganisationCode),
            Sample.Document(DocumentType.Uscc, Sample.SocialCreditCode)));

        Assert.That(
            listing.AllDocuments.Select(number => number.Reveal()),
            Is.EqualTo(new[] { Sample.ItsOrganisationCode, Sample.SocialCreditCode }));
    }

    [Test]
    public void Article_15_a_listing_in_its_grace_is_found_by_no_document_but_names_them()
    {
        var listing = Sample.Listed(Sample.WithGrace);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(listing.IndexedDocuments, Is.Empty);
            Assert.That(listing.AllDocuments, Has.Length.EqualTo(1));
        }
    }

    [Test]
    public void An_identity_is_written_in_small_letters_with_hyphens() =>
        Assert.That(Sample.Id.ToString(), Is.EqualTo("0197a1b2-0000-7000-8000-000000000001"));
}
