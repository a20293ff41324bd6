using CreditShare.Server.Lookup;
using NUnit.Framework;

namespace CreditShare.Tests.Lookup;

internal sealed class SipHash13Tests
{
    // The reference vectors of the 1-3 variant: key 00 01 … 0F, and the message of length i is 00 01 … i−1.
    private static readonly ulong[] Vectors =
    [
        0xABAC0158050FC4DCUL, 0xC9F49BF37D57CA93UL, 0x82CB9B024DC7D44DUL, 0x8BF80AB8E7DDF7FBUL,
        0xCF75576088D38328UL, 0xDEF9D52F49533B67UL, 0xC50D2B50C59F22A7UL, 0xD3927D989BB11140UL,
        0x369095118D299A8EUL, 0x25A48EB36C063DE4UL, 0x79DE85EE92FF097FUL, 0x70C118C1F94DC352UL,
        0x78A384B157B4D9A2UL, 0x306F760C1229FFA7UL, 0x605AA111C0F95D34UL, 0xD320D86D2A519956UL,
        0xCC4FDD1A7D908B66UL, 0x9CF2689063DBD80CUL, 0x8FFC389CB473E63EUL, 0xF21F9DE58D297D1CUL,
        0xC0DC2F46A6CCE040UL, 0xB992ABFE2B45F844UL, 0x7FFE7B9BA320872EUL, 0x525A0E7FDAE6C123UL,
        0xF464AEB267349C8CUL, 0x45CD5928705B0979UL, 0x3A3E35E3CA9913A5UL, 0xA91DC74E4ADE3B35UL,
        0xFB0BED02EF6CD00DUL, 0x88D93CB44AB1E1F4UL, 0x540F11D643C5E663UL, 0x2370DD1F8C21D1BCUL,
        0x81157B6C16A7B60DUL, 0x4D54B9E57A8FF9BFUL, 0x759F12781F2A753EUL, 0xCEA1A3BEBF186B91UL,
        0x2CF508D3ADA26206UL, 0xB6101C2DA3C33057UL, 0xB3F47496AE3A36A1UL, 0x626B57547B108392UL,
        0xC1D2363299E41531UL, 0x667CC1923F1AD944UL, 0x65704FFEC8138825UL, 0x24F280D1C28949A6UL,
        0xC2CA1CEDFAF8876BUL, 0xC2164BFC9F042196UL, 0xA16E9C9368B1D623UL, 0x49FB169C8B5114FDUL,
        0x9F3143F8DF074C46UL, 0xC6FDAF2412CC86B3UL, 0x7EAF49D10A52098FUL, 0x1CF313559D292F9AUL,
        0xC44A30DDA2F41F12UL, 0x36FAE98943A71ED0UL, 0x318FB34C73F0BCE6UL, 0xA27ABF3670A7E980UL,
        0xB4BCC0DB243C6D75UL, 0x23F8D852FDB71513UL, 0x8F035F4DA67D8A08UL, 0xD89CD0E5B7E8F148UL,
        0xF6F4E6BCF7A644EEUL, 0xAEC59AD80F1837F2UL, 0xC3B2F6154B6694E0UL, 0x9D199062B7BBB3A8UL,
    ];

    private static IEnumerable<TestCaseData> ReferenceVectors() =>
        Vectors.Select((hash, length) => new TestCaseData(length, hash).SetName($"Message_of_{length}_bytes_hashes_as_in_the_reference"));

    [TestCaseSource(nameof(ReferenceVectors))]
    public void Hash_agrees_with_the_reference(int length, ulong expected)
    {
        var hash = new SipHash13(Bytes(16));

        Assert.That(hash.Hash(Bytes(length)), Is.EqualTo(expected));
    }

    [Test]
    public void Two_random_keys_hash_one_message_differently()
    {
        var message = Bytes(20);

        var one = SipHash13.WithRandomKey().Hash(message);
        var other = SipHash13.WithRandomKey().Hash(message);

        Assert.That(one, Is.Not.EqualTo(other));
    }

    [Test]
    public void A_key_of_another_length_is_a_programmers_error() =>
        Assert.That(() => new SipHash13(Bytes(15)), Throws.InstanceOf<ArgumentOutOfRangeException>());

    private static byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)i)];
}
