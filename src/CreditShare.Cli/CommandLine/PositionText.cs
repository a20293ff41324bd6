using System.Globalization;
using CreditShare.V1;
using Google.Protobuf;

namespace CreditShare.Cli.CommandLine;

/// <summary>Positions (<c>epoch:sequence</c>) and cursors (<c>epoch:sequence:hash</c>) as people type them.</summary>
internal static class PositionText
{
    private const int HashBytes = 32;

    internal static Position Parse(string text)
    {
        var cursor = ParseCursor(text);
        return new Position { Epoch = cursor.Epoch, Sequence = cursor.Sequence };
    }

    /// <summary>Reads a cursor; the hash may be left out, which leaves out the comparison.</summary>
    internal static Cursor ParseCursor(string text)
    {
        var parts = text.Split(':');
        if (parts.Length is 2 or 3
            && uint.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            && TryParseHash(parts.Length == 3 ? parts[2] : "", out var hash))
        {
            return new Cursor { Epoch = epoch, Sequence = sequence, Hash = hash };
        }

        throw CommandFailedException.Usage($"'{text}' is not EPOCH:SEQUENCE or EPOCH:SEQUENCE:HASH.");
    }

    internal static string Form(Cursor cursor)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"{cursor.Epoch}:{cursor.Sequence}");
        return cursor.Hash.IsEmpty ? place : $"{place}:{Convert.ToHexStringLower(cursor.Hash.Span)}";
    }

    private static bool TryParseHash(string text, out ByteString hash)
    {
        hash = ByteString.Empty;
        if (text.Length == 0) return true;
        if (text.Length != 2 * HashBytes || !text.All(char.IsAsciiHexDigit)) return false;

        hash = ByteString.CopyFrom(Convert.FromHexString(text));
        return true;
    }
}
