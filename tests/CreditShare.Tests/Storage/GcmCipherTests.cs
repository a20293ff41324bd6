using System.Security.Cryptography;
using CreditShare.Storage.Sealing;
using NUnit.Framework;

namespace CreditShare.Tests.Storage;

/// <summary>Two implementations of AES-256-GCM under a key that stays: a store moves between machines that have the one and the other.</summary>
internal sealed class GcmCipherTests
{
    private static readonly byte[] s_key = [.. Enumerable.Range(0, 32).Select(i => (byte)(7 * i))];

    private static readonly byte[] s_place = "a row"u8.ToArray();

    [Test]
    public void What_one_implementation_seals_the_other_opens([ValueSource(nameof(Keys))] string one, [ValueSource(nameof(Keys))] string other)
    {
        using var sealing = new GcmCipher(Make(one));
        using var opening = new GcmCipher(Make(other));

        using (Assert.EnterMultipleScope())
        {
            for (var length = 0; length < 70; length++)
            {
                var plain = RandomNumberGenerator.GetBytes(length);
                Assert.That(opening.Open(sealing.Seal(plain, s_place), s_place), Is.EqualTo(plain));
            }
        }
    }

    [Test]
    public void Whatever_is_touched_does_not_open([ValueSource(nameof(Keys))] string implementation)
    {
        using var cipher = new GcmCipher(Make(implementation));
        using var otherKey = new GcmCipher(new byte[32]);
        var sealedBytes = cipher.Seal("11010519491231002X"u8, s_place);
        var buffer = new byte[64];

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => cipher.Open(sealedBytes, "another"u8), Throws.InstanceOf<CryptographicException>());
            Assert.That(() => otherKey.Open(sealedBytes, s_place), Throws.InstanceOf<CryptographicException>());
            Assert.That(() => cipher.Open(sealedBytes, s_place, new byte[17]), Throws.InstanceOf<CryptographicException>(), "no room");
            for (var i = 0; i < sealedBytes.Length; i++)
            {
                var touched = sealedBytes.ToArray();
                touched[i] ^= 1;
                Assert.That(() => cipher.Open(touched, s_place, buffer), Throws.InstanceOf<CryptographicException>(), $"byte {i}");
                Assert.That(() => cipher.Open(sealedBytes.AsSpan(0, i), s_place), Throws.InstanceOf<CryptographicException>(), $"{i} bytes");
            }
        }
    }

    [Test]
    public void What_is_sealed_once_is_sealed_the_same([ValueSource(nameof(Keys))] string implementation)
    {
        using var cipher = new GcmCipher(Make(implementation));

        using (Assert.EnterMultipleScope())
        {
            for (var length = 0; length < 70; length++)
            {
                var plain = RandomNumberGenerator.GetBytes(length);
                Assert.That(cipher.Open(GcmCipher.SealOnce(s_key, plain, s_place), s_place), Is.EqualTo(plain));
                Assert.That(GcmCipher.OpenOnce(s_key, cipher.Seal(plain, s_place), s_place), Is.EqualTo(plain));
            }

            var sealedBytes = cipher.Seal("a"u8, s_place);
            Assert.That(() => GcmCipher.OpenOnce(s_key, sealedBytes, "another"u8), Throws.InstanceOf<CryptographicException>());
            Assert.That(() => GcmCipher.OpenOnce(new byte[32], sealedBytes, s_place), Throws.InstanceOf<CryptographicException>());
            Assert.That(() => GcmCipher.OpenOnce(s_key, sealedBytes.AsSpan(1), s_place), Throws.InstanceOf<CryptographicException>());
        }
    }

    [Test]
    public void After_its_end_a_key_neither_seals_nor_opens([ValueSource(nameof(Keys))] string implementation)
    {
        var cipher = new GcmCipher(Make(implementation));
        var sealedBytes = cipher.Seal("a"u8, s_place);
        cipher.Dispose();

        Assert.That(() => cipher.Seal("a"u8, s_place), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => cipher.Open(sealedBytes, s_place), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void Buffers_of_a_wrong_length_do_not_reach_libsodium()
    {
        // On every processor, for what is refused is never called.
        var (expanded, nonce) = (new byte[Sodium.ExpandedKeyLength], new byte[12]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => Sodium.Expand(expanded, new byte[31]), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => Sodium.Expand(expanded.AsSpan(1), s_key), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => Sodium.Encrypt(expanded, nonce, new byte[5], new byte[20], s_place), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => Sodium.Encrypt(expanded, nonce.AsSpan(1), new byte[5], new byte[21], s_place), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => Sodium.Encrypt(s_key, nonce, new byte[5], new byte[21], s_place), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => Sodium.TryDecrypt(expanded, nonce, new byte[21], new byte[4], s_place), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => Sodium.TryDecrypt(expanded, nonce, new byte[15], [], s_place), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => Sodium.EncryptOnce(s_key.AsSpan(1), nonce, new byte[5], new byte[21], s_place), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => Sodium.TryDecryptOnce(s_key.AsSpan(1), nonce, new byte[21], new byte[5], s_place), Throws.InstanceOf<ArgumentOutOfRangeException>());
        }
    }

    private static IEnumerable<string> Keys()
    {
        yield return nameof(PlatformGcmKey);
        if (Sodium.IsSupported) yield return nameof(SodiumGcmKey);
    }

    private static IGcmKey Make(string implementation) =>
        implementation == nameof(SodiumGcmKey) ? new SodiumGcmKey(s_key) : new PlatformGcmKey(s_key);
}
