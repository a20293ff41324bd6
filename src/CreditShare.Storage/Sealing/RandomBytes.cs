using System.Security.Cryptography;

namespace CreditShare.Storage.Sealing;

/// <summary>Random bytes of the operating system's generator, drawn in blocks: a row takes five small pieces, and asking for each costs
/// more than encrypting with it.</summary>
/// <remarks>Safe for concurrent callers: a block belongs to one thread, and a byte is handed out once and wiped from it.</remarks>
internal static class RandomBytes
{
    private const int BlockLength = 2_048;

    [ThreadStatic]
    private static byte[]? t_block;

    [ThreadStatic]
    private static int t_left;

    /// <summary>Fills the destination.</summary>
    public static void Fill(Span<byte> destination)
    {
        if (destination.Length > BlockLength)
        {
            RandomNumberGenerator.Fill(destination);
            return;
        }

        var block = t_block ??= new byte[BlockLength];
        if (t_left < destination.Length)
        {
            RandomNumberGenerator.Fill(block);
            t_left = BlockLength;
        }

        var piece = block.AsSpan(t_left - destination.Length, destination.Length);
        piece.CopyTo(destination);
        piece.Clear();
        t_left -= destination.Length;
    }

    /// <summary>Makes an array of random bytes.</summary>
    public static byte[] Take(int length)
    {
        var bytes = new byte[length];
        Fill(bytes);
        return bytes;
    }
}
