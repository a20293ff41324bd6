using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using CreditShare.V1;

namespace CreditShare.Server.Transport;

/// <summary>Where a list goes on: the key of the last element shown, bound to the list it is of. It carries no right: every page checks anew.</summary>
internal static class PageToken
{
    private const int MaxLength = 2_000;

    /// <summary>Page size if none is given.</summary>
    public const int DefaultPageSize = 100;

    /// <summary>The largest page, in elements.</summary>
    public const int MaxPageSize = 1_000;

    /// <summary>Makes a token.</summary>
    /// <param name="list">Which list, with everything that filters it; a token of another list is refused.</param>
    /// <param name="last">The key of the last element shown.</param>
    public static string Of(string list, string last) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{list}\n{last}"));

    /// <summary>Reads a token back.</summary>
    /// <returns>Whether the list goes on after <paramref name="last"/>; false for the first page, and when a problem was added.</returns>
    public static bool TryRead(string token, string list, Problems problems, [NotNullWhen(true)] out string? last)
    {
        last = null;
        if (token.Length == 0) return false;

        if (token.Length <= MaxLength && Base64Url.IsValid(token))
        {
            var text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token));
            if (text.StartsWith(list + "\n", StringComparison.Ordinal)) last = text[(list.Length + 1)..];
        }

        if (last is null) problems.Add("page_token", ErrorReason.PageTokenInvalid);
        return last is not null;
    }

    /// <summary>Checks a page size: 0 for <see cref="DefaultPageSize"/>, otherwise 1 to <see cref="MaxPageSize"/>.</summary>
    public static int ReadSize(int pageSize, Problems problems)
    {
        if (pageSize is >= 0 and <= MaxPageSize) return pageSize == 0 ? DefaultPageSize : pageSize;

        problems.Add("page_size", ErrorReason.FieldInvalid, $"It is 1 to {MaxPageSize}, or 0 for {DefaultPageSize}.");
        return DefaultPageSize;
    }
}
