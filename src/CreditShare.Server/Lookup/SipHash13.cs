using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace CreditShare.Server.Lookup;

/// <summary>
/// SipHash with one compression and three finalisation rounds (Aumasson and Bernstein), 64 bits, keyed. Keyed, because whoever knew
/// the function could choose numbers that collide and so slow the index down or turn its answers into questions to the store.
/// </summary>
/// <remarks>Allocates nothing; safe for concurrent callers. The default value is a working hash under the zero key: never use it.</remarks>
internal readonly struct SipHash13
{
    private const int WordLength = sizeof(ulong);

    private readonly ulong _v0;
    private readonly ulong _v1;
    private readonly ulong _v2;
    private readonly ulong _v3;

    /// <summary>Prepares a key.</summary>
    /// <param name="key">16 bytes.</param>
    public SipHash13(ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, 2 * WordLength, nameof(key));
        var k0 = BinaryPrimitives.ReadUInt64LittleEndian(key);
        var k1 = BinaryPrimitives.ReadUInt64LittleEndian(key[WordLength..]);

        // "somepseudorandomlygeneratedbytes", the constants of the algorithm.
        _v0 = k0 ^ 0x736F6D6570736575UL;
        _v1 = k1 ^ 0x646F72616E646F6DUL;
        _v2 = k0 ^ 0x6C7967656E657261UL;
        _v3 = k1 ^ 0x7465646279746573UL;
    }

    /// <summary>A hash under 128 fresh random bits, which never leave the process.</summary>
    public static SipHash13 WithRandomKey()
    {
        Span<byte> key = stackalloc byte[2 * WordLength];
        RandomNumberGenerator.Fill(key);
        return new SipHash13(key);
    }

    /// <summary>Hashes a message.</summary>
    public ulong Hash(ReadOnlySpan<byte> message)
    {
        var (v0, v1, v2, v3) = (_v0, _v1, _v2, _v3);
        var rest = message;
        while (rest.Length >= WordLength)
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(rest);
            v3 ^= word;
            Round(ref v0, ref v1, ref v2, ref v3);
            v0 ^= word;
            rest = rest[WordLength..];
        }

        var last = LastWord(message, rest);
        v3 ^= last;
        Round(ref v0, ref v1, ref v2, ref v3);
        v0 ^= last;

        v2 ^= 0xFF;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        return v0 ^ v1 ^ v2 ^ v3;
    }

    // The bytes that fill no word, and the length's low byte on top.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong LastWord(ReadOnlySpan<byte> message, ReadOnlySpan<byte> rest)
    {
        var word = (ulong)message.Length << 56;
        if (rest.IsEmpty) return word;

        if (message.Length >= WordLength)
        {
            // One load that overlaps the last whole word replaces up to seven of a byte each.
            return word | (BinaryPrimitives.ReadUInt64LittleEndian(message[^WordLength..]) >> (8 * (WordLength - rest.Length)));
        }

        for (var i = 0; i < rest.Length; i++) word |= (ulong)rest[i] << (8 * i);
        return word;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v0 += v1;
        v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
        v0 = BitOperations.RotateLeft(v0, 32);
        v2 += v3;
        v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
        v2 = BitOperations.RotateLeft(v2, 32);
    }
}
