using System.Collections.Immutable;
using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.Core.Numbers;
using CreditShare.Storage.Codec;
using CreditShare.Storage.Sealing;
using NUnit.Framework;

namespace CreditShare.Tests.Storage;

internal sealed class EntryCodecTests
{
    private static readonly ImmutableArray<DocumentNumber> s_before =
        [ListingSamples.Number(DocumentType.Passport, "AB1234567", "DE"), ListingSamples.Number(DocumentType.HmPermit, "H12345678")];

    private static IEnumerable<TestCaseData> Listings =>
        ListingSamples.All.Select(sample => new TestCaseData(sample.Listing).SetName($"What is stored of {sample.Name} is read back as it was"));

    [TestCaseSource(nameof(Listings))]
    public void What_is_stored_is_read_back_as_it_was(Listing listing)
    {
        using var keys = ListingSamples.Keys();
        var entry = ListingSamples.Entry(listing, s_before);

        var row = Seal(keys, entry);
        var opened = new EntryCodec(keys).Open(row);
        var stored = new EntryCodec(keys).OpenListing(row);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(opened with { Hash = entry.Hash, IndexedBefore = entry.IndexedBefore }, Is.EqualTo(entry));
            Assert.That(opened.IndexedBefore, Is.EqualTo(s_before));
            Assert.That(stored, Is.EqualTo(new StoredListing { Listing = listing, Epoch = 3, Sequence = entry.Sequence, RecordedAt = entry.RecordedAt }));
        }
    }

    [TestCaseSource(nameof(Listings))]
    public void A_record_of_the_lookup_cache_is_read_back_as_it_was(Listing listing)
    {
        var document = ListingSamples.Number(DocumentType.HmPermit, "H12345678");
        var stored = new StoredListing { Listing = listing, Epoch = 2, Sequence = 40, RecordedAt = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_001) };
        var record = new DocumentRecord(document, 3, 41, [stored, stored with { Sequence = 39 }]);

        var read = DocumentRecordCodec.Read(document, DocumentRecordCodec.Write(record));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(read! with { Listings = record.Listings }, Is.EqualTo(record));
            Assert.That(read.Listings, Is.EqualTo(record.Listings));
        }
    }

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("[1,2]")]
    [TestCase("{\"l\":[{\"b\":{\"c\":{}}}]}")]
    [TestCase("\u0001\u0002")]
    public void A_record_of_another_format_is_none(string bytes) =>
        Assert.That(
            DocumentRecordCodec.Read(ListingSamples.Number(DocumentType.HmPermit, "H12345678"), System.Text.Encoding.UTF8.GetBytes(bytes)), Is.Null);

    [Test]
    public void A_body_that_was_touched_anywhere_does_not_open()
    {
        using var keys = ListingSamples.Keys();
        var row = Seal(keys, ListingSamples.Entry(ListingSamples.All.First().Listing, []));

        for (var i = 0; i < row.Body.Length; i++)
        {
            var body = row.Body.ToArray();
            body[i] ^= 1;
            Assert.That(() => new EntryCodec(keys).Open(row with { Body = body }), Throws.InstanceOf<InvalidDataException>());
        }
    }

    [Test]
    public void A_body_opens_only_in_its_own_place()
    {
        using var keys = ListingSamples.Keys();
        var codec = new EntryCodec(keys);
        var row = Seal(keys, ListingSamples.Entry(ListingSamples.All.First().Listing, []));
        var other = new ListingId(Guid.NewGuid());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => codec.Open(row with { Version = row.Version + 1 }), Throws.InstanceOf<InvalidDataException>());
            Assert.That(() => codec.Open(row with { Listing = other }), Throws.InstanceOf<InvalidDataException>());
            Assert.That(
                () => codec.Open(row with { Listing = other, WrappedKey = keys.Wrap(new byte[32], other) }), Throws.InstanceOf<InvalidDataException>());
            Assert.That(() => codec.Open(row with { Operator = [.. row.Operator.Reverse()] }), Throws.InstanceOf<InvalidDataException>());
        }
    }

    [Test]
    public void Another_master_key_opens_nothing()
    {
        using var keys = ListingSamples.Keys();
        using var other = Keyring.From(new byte[32]);
        var row = Seal(keys, ListingSamples.Entry(ListingSamples.All.First().Listing, []));

        Assert.That(() => new EntryCodec(other).Open(row), Throws.InstanceOf<InvalidDataException>());
    }

    [Test]
    public void What_stands_in_clear_of_a_change_names_nobody()
    {
        using var keys = ListingSamples.Keys();
        var listing = ListingSamples.All.First().Listing;
        var row = Seal(keys, ListingSamples.Entry(listing, s_before));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((row.Court, row.Partner, row.SubjectKind), Is.EqualTo(("测0101", "test-court", SubjectKind.Person)));
            Assert.That(row.KeysBefore, Is.EqualTo(LookupKey.Join([.. s_before.Select(keys.LookupKeyOf)])));
            Assert.That(row.KeysAfter, Is.EqualTo(LookupKey.Join([.. listing.IndexedDocuments.Select(keys.LookupKeyOf)])));
        }
    }

    private static ChangeRow Seal(Keyring keys, JournalEntry entry)
    {
        var dataKey = Keyring.NewDataKey();
        return new EntryCodec(keys).Seal(entry, dataKey, keys.Wrap(dataKey, entry.Listing.Id), new LookupKeys(keys));
    }
}
