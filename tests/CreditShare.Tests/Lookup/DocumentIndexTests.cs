using CreditShare.Core.Listings;
using CreditShare.Core.Numbers;
using CreditShare.Server.Lookup;
using CreditShare.Tests.Listings;
using NUnit.Framework;

namespace CreditShare.Tests.Lookup;

/// <summary>What the index holds after loading and after each change.</summary>
internal sealed class DocumentIndexTests
{
    private readonly LookupWorld _world = new();
    private readonly DocumentNumber _man = Sample.Document(DocumentType.ResidentId, Sample.Man).Number;
    private readonly DocumentNumber _other = Sample.Document(DocumentType.ResidentId, "310000198512314564").Number;
    private readonly DocumentNumber _company = Sample.Document(DocumentType.Uscc, Sample.SocialCreditCode).Number;
    private readonly DocumentNumber _itsCode = Sample.Document(DocumentType.OrgCode, Sample.ItsOrganisationCode).Number;

    private DocumentIndex Index => _world.Index;

    [TearDown]
    public void Leave() => _world.Dispose();

    [Test]
    public void A_document_stays_until_the_last_listing_that_names_it_has_ended()
    {
        var first = _world.Publish(Sample.Person);
        var second = _world.Publish(Sample.Person with { Case = Sample.Case("（2025）测01执13号") });

        _world.Withdraw(first);
        var afterOne = Probe(_man);
        _world.Withdraw(second);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(afterOne, Is.EqualTo(new DocumentPresence(1, 3)));
            Assert.That(Probe(_man).IsAbsent);
            Assert.That(Index.Documents, Is.Zero);
        }
    }

    [Test]
    public void A_correction_moves_the_document_and_lifts_the_sequence_of_those_that_stay()
    {
        var listing = _world.Publish(Sample.Person);

        var corrected = _world.Correct(listing, content => content with { Conduct = "更正" });
        var afterText = Probe(_man);
        _world.Correct(corrected, content => content.WithDocuments(Sample.Document(DocumentType.ResidentId, "310000198512314564")));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(afterText, Is.EqualTo(new DocumentPresence(1, 2)));
            Assert.That(Probe(_man).IsAbsent);
            Assert.That(Probe(_other), Is.EqualTo(new DocumentPresence(1, 3)));
        }
    }

    [Test]
    public void A_social_credit_code_is_held_with_its_organisation_code_and_decided_by_it()
    {
        _world.Publish(Sample.Organisation);
        var key = new byte[DocumentNumber.MaxKeyBytes];

        var deciding = Index.DecidingFingerprintOf(key.AsSpan(0, _company.WriteKey(key)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Probe(_company).IsAbsent, Is.False);
            Assert.That(Probe(_itsCode).IsAbsent, Is.False);
            Assert.That(deciding, Is.EqualTo(Index.FingerprintOf(_itsCode)));
        }
    }

    [Test]
    public void Grace_is_invisible()
    {
        var inGrace = Sample.Listed(Sample.WithGrace);

        Index.Apply(_world.Store.Append(ChangeKind.GraceBegun, inGrace));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(inGrace.State, Is.EqualTo(ListingState.Grace));
            Assert.That(Probe(_man).IsAbsent);
        }
    }

    [Test]
    public async Task Loading_gives_what_applying_gave_with_the_snapshots_head_for_every_sequence()
    {
        var gone = _world.Publish(Sample.Person);
        _world.Publish(Sample.Person with { Case = Sample.Case("（2025）测01执13号") });
        _world.Publish(Sample.Organisation);
        _world.Withdraw(gone);

        var loaded = new DocumentIndex();
        var head = await loaded.LoadAsync(_world.Store, CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(head.Sequence, Is.EqualTo(4));
            Assert.That(loaded.Documents, Is.EqualTo(Index.Documents));
            Assert.That(loaded.Probe(loaded.FingerprintOf(_man)), Is.EqualTo(new DocumentPresence(1, 4)));
            Assert.That(loaded.Probe(loaded.FingerprintOf(_company)), Is.EqualTo(new DocumentPresence(1, 4)));
        }
    }

    [Test]
    public void A_change_that_does_not_fit_is_refused_and_not_passed_over()
    {
        var listing = _world.PublishUnseen(Sample.Person);
        _world.WithdrawUnseen(listing);

        Assert.That(() => Index.Apply(_world.Store.Entries[1]), Throws.InvalidOperationException);
    }

    [Test]
    public void A_probe_by_key_allocates_nothing()
    {
        _world.Publish(Sample.Person);
        var key = new byte[DocumentNumber.MaxKeyBytes];
        var length = _company.WriteKey(key);
        Probe();
        var before = GC.GetAllocatedBytesForCurrentThread();

        var absent = Probe();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(absent);
            Assert.That(allocated, Is.Zero);
        }

        bool Probe() => Index.Probe(Index.DecidingFingerprintOf(key.AsSpan(0, length))).IsAbsent;
    }

    private DocumentPresence Probe(DocumentNumber document) => Index.Probe(Index.FingerprintOf(document));
}
