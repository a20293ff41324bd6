using System.Security.Cryptography;

namespace CreditShare.Server.Lookup;

/// <summary>Ids for answers that are not kept: random, like <see cref="Guid.NewGuid"/>, which goes to the kernel for each of them.</summary>
internal static class AnswerIds
{
    private const int IdBytes = 16;
    private const int IdsAtOnce = 256;

    [ThreadStatic]
    private static byte[]? t_random;

    [ThreadStatic]
    private static int t_used;

    public static Guid Next()
    {
        var random = t_random ??= new byte[IdBytes * IdsAtOnce];
        if (t_used == 0) RandomNumberGenerator.Fill(random);

        var id = random.AsSpan(t_used * IdBytes, IdBytes);
        t_used = (t_used + 1) % IdsAtOnce;

        // Version 4, variant 1 (RFC 9562).
        id[6] = (byte)((id[6] & 0x0F) | 0x40);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }
}
