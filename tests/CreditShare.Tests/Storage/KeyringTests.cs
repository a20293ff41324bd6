using System.Security.Cryptography;
using System.Text;
using CreditShare.Core.Courts;
using CreditShare.Core.Listings;
using CreditShare.Core.Numbers;
using CreditShare.Storage.Sealing;
using NUnit.Framework;

namespace CreditShare.Tests.Storage;

internal sealed class KeyringTests
{
    private static readonly DocumentNumber s_person = ListingSamples.Number(DocumentType.ResidentId, "110000199003072138");
    private static readonly ListingId s_listing = new(new Guid("01234567-89ab-7def-8123-456789abcdef"));

    // Computed apart from this code with HKDF and HMAC of the standard: a store stands on these, they never change.
    [Test]
    public void The_lookup_key_is_the_one_that_was_released()
    {
        using var keys = ListingSamples.Keys();

        Assert.That(Convert.ToHexStringLower(keys.LookupKeyOf(s_person).ToArray()), Is.EqualTo("01a611f7c2d9deaee90876dea0fbeee4"));
    }

    [Test]
    public void Redis_keys_are_blinded_again_and_differ_by_epoch()
    {
        using var keys = ListingSamples.Keys();
        using var same = ListingSamples.Keys();
        var lookup = Convert.ToHexStringLower(keys.LookupKeyOf(s_person).ToArray());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(keys.RedisKeyOf(7, s_person), Does.Match("^cs1:7:[0-9a-f]{32}$"));
            Assert.That(keys.RedisKeyOf(7, s_person), Is.EqualTo(same.RedisKeyOf(7, s_person)).And.Not.EqualTo(keys.RedisKeyOf(8, s_person)));
            Assert.That(keys.RedisKeyOf(7, s_person), Does.Not.Contain(lookup));
        }
    }

    [Test]
    public void Keys_of_different_purpose_have_nothing_in_common()
    {
        using var keys = ListingSamples.Keys();
        var name = ListingSamples.Name("测试人员");
        var number = CaseNumber.TryParse("（2025）测0101执42号", out var parsed, out _) ? parsed : throw new InvalidOperationException();
        var text = Encoding.UTF8.GetBytes("测试人员");

        LookupKey[] all =
        [
            keys.LookupKeyOf(text), keys.NameKeyOf(name), keys.NameKeyOf(name, 1990), keys.NameKeyOf(name, 1991), keys.DigestOf(text),
            keys.CaseKeyOf(number.Court!.Value, number), keys.CaseKeyOf(CourtCode.Supreme, number),
        ];

        Assert.That(all, Is.Unique);
    }

    [Test]
    public void A_sealed_number_opens_only_in_its_own_row()
    {
        using var keys = ListingSamples.Keys();
        var key = keys.LookupKeyOf(s_person);
        var sealedNumber = keys.SealDocument(s_person, key, s_listing);
        var opened = new byte[DocumentNumber.MaxKeyBytes];
        var expected = new byte[DocumentNumber.MaxKeyBytes];

        var length = keys.OpenDocument(sealedNumber, key, s_listing, opened);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(opened[..length], Is.EqualTo(expected[..s_person.WriteKey(expected)]));
            Assert.That(() => keys.OpenDocument(sealedNumber, key, new ListingId(Guid.NewGuid()), opened), Throws.InstanceOf<CryptographicException>());
            Assert.That(() => keys.OpenDocument(sealedNumber, default, s_listing, opened), Throws.InstanceOf<CryptographicException>());
            Assert.That(() => keys.OpenDocument(sealedNumber.AsSpan(1), key, s_listing, opened), Throws.InstanceOf<CryptographicException>());
            Assert.That(() => keys.OpenDocument([], key, s_listing, opened), Throws.InstanceOf<CryptographicException>());
            Assert.That(keys.SealDocument(s_person, key, s_listing), Is.Not.EqualTo(sealedNumber), "a nonce is never used twice");
        }
    }

    [Test]
    public void A_record_opens_only_in_its_own_place_and_whole()
    {
        using var keys = ListingSamples.Keys();
        var seal = keys.RedisSeal;
        byte[] plain = [1, 2, 3];
        var record = seal.Seal("cs1:1:ab", plain);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(seal.TryOpen("cs1:1:ab", record, out var opened) ? opened : null, Is.EqualTo(plain));
            Assert.That(seal.TryOpen("cs1:2:ab", record, out _), Is.False);
            Assert.That(keys.Ledger.TryOpen("cs1:1:ab", record, out _), Is.False);
            for (var i = 0; i < record.Length; i++)
            {
                var touched = record.ToArray();
                touched[i] ^= 0x80;
                Assert.That(seal.TryOpen("cs1:1:ab", touched, out _), Is.False, $"byte {i}");
                Assert.That(seal.TryOpen("cs1:1:ab", record.AsSpan(0, i), out _), Is.False, $"{i} bytes");
            }

            Assert.That(seal.TryOpen("x", seal.Seal("x", []), out var empty) ? empty : null, Is.Empty);
        }
    }

    [Test]
    public void The_check_value_tells_master_keys_apart_and_is_none_of_the_keys()
    {
        using var keys = ListingSamples.Keys();
        using var same = ListingSamples.Keys();
        using var other = Keyring.From(new byte[32]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(same.CheckValue.ToArray(), Is.EqualTo(keys.CheckValue.ToArray()));
            Assert.That(other.CheckValue.ToArray(), Is.Not.EqualTo(keys.CheckValue.ToArray()));
        }
    }

    [TestCase(0)]
    [TestCase(31)]
    [TestCase(33)]
    public void A_master_key_has_32_bytes(int length) =>
        Assert.That(() => Keyring.From(new byte[length]), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void Many_threads_can_seal_and_open_at_once()
    {
        using var keys = ListingSamples.Keys();
        var key = keys.LookupKeyOf(s_person);

        var opened = Enumerable.Range(0, 2_000).AsParallel().WithDegreeOfParallelism(8).Select(_ =>
        {
            var number = new byte[DocumentNumber.MaxKeyBytes];
            var length = keys.OpenDocument(keys.SealDocument(s_person, key, s_listing), key, s_listing, number);
            return Convert.ToHexString(number.AsSpan(0, length));
        });

        Assert.That(opened.Distinct().Count(), Is.EqualTo(1));
    }
}
