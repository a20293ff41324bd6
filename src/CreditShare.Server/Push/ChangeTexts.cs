using System.Text;
using CreditShare.V1;
using Google.Protobuf;

namespace CreditShare.Server.Push;

/// <summary>The changes of one view in JSON, each formatted once for all receivers that follow each other closely.</summary>
/// <remarks>Safe for concurrent callers. Bounded: each place is taken over by whatever falls on it next.</remarks>
internal sealed class ChangeTexts
{
    /// <summary>Changes kept at most; a power of two.</summary>
    private const int Places = 8_192;

    private static readonly JsonFormatter s_formatter = new(JsonFormatter.Settings.Default);

    private readonly Text?[] _texts = new Text?[Places];

    /// <summary>The change's canonical JSON in UTF-8, behind a comma.</summary>
    public byte[] Of(Change change)
    {
        ref var place = ref _texts[change.Sequence & (Places - 1)];
        var text = Volatile.Read(ref place);
        if (text is null || !ReferenceEquals(text.Change, change))
        {
            text = new Text(change, Encoding.UTF8.GetBytes("," + s_formatter.Format(change)));
            Volatile.Write(ref place, text);
        }

        return text.Json;
    }

    private sealed record Text(Change Change, byte[] Json);
}
