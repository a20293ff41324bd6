using Google.Protobuf;

namespace CreditShare.Server.Mapping;

/// <summary>Keeps pages and frames well below the largest message, however long the courts' texts are.</summary>
internal static class PageCut
{
    /// <summary>Bytes of a page at most, unless its first element alone is larger.</summary>
    public const int MaxBytes = 1 << 20;

    // What repeated elements of this size cost besides their own bytes: a tag and a length.
    private const int ElementHead = 5;

    /// <summary>Takes as many messages as fit into a page, and at least one.</summary>
    public static List<T> Of<T>(IEnumerable<T> messages)
        where T : IMessage
    {
        List<T> page = [];
        var bytes = 0;
        foreach (var message in messages)
        {
            bytes += message.CalculateSize() + ElementHead;
            if (page.Count > 0 && bytes > MaxBytes) break;
            page.Add(message);
        }

        return page;
    }
}
