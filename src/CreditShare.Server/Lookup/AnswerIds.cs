using System.Buffers.Binary;
using System.Security.Cryptography;

namespace CreditShare.Server.Lookup;

/// <summary>Ids for answers, version 7 of RFC 9562: the time in milliseconds, then 74 random bits.</summary>
/// <remarks>
/// What is kept of disclosing answers lies in the order of their ids, partner by partner; since these ascend with time, those that are recorded together lie together,
/// and a commit writes a page or two instead of one an answer. An answer that is not kept has an id of the same form: an id tells nothing of its verdict.
/// </remarks>
internal static class AnswerIds
{
    private const int IdBytes = 16;
    private const int TimeBytes = 6;
    private const int IdsAtOnce = 256;

    // Guid.CreateVersion7 goes to the kernel for each.
    [ThreadStatic]
    private static byte[]? t_random;

    [ThreadStatic]
    private static int t_used;

    /// <summary>The next id.</summary>
    /// <param name="now">The time of the answer.</param>
    public static Guid Next(DateTimeOffset now)
    {
        var random = t_random ??= new byte[IdBytes * IdsAtOnce];
        if (t_used == 0) RandomNumberGenerator.Fill(random);

        var id = random.AsSpan(t_used * IdBytes, IdBytes);
        t_used = (t_used + 1) % IdsAtOnce;

        Span<byte> time = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(time, now.ToUnixTimeMilliseconds());
        time[^TimeBytes..].CopyTo(id);

        // The version and the variant (RFC 9562, 5.7).
        id[6] = (byte)((id[6] & 0x0F) | 0x70);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }
}
