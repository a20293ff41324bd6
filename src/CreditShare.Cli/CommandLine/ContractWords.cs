using System.Text;
using CreditShare.V1;
using Google.Protobuf.Reflection;

namespace CreditShare.Cli.CommandLine;

/// <summary>Values of the contract's enumerations as people type them: <c>DOCUMENT_TYPE_RESIDENT_ID</c> is <c>resident-id</c>.</summary>
internal static class ContractWords
{
    /// <summary><c>ResidentId</c> as <c>RESIDENT_ID</c>.</summary>
    internal static string UpperSnake(string pascal)
    {
        var text = new StringBuilder(pascal.Length + 4);
        for (var i = 0; i < pascal.Length; i++)
        {
            if (i > 0 && char.IsUpper(pascal[i])) text.Append('_');
            text.Append(char.ToUpperInvariant(pascal[i]));
        }

        return text.ToString();
    }

    internal static IEnumerable<EnumDescriptor> Enumerations =>
    [
        .. SubjectReflection.Descriptor.EnumTypes, .. ListingReflection.Descriptor.EnumTypes,
        .. LookupReflection.Descriptor.EnumTypes, .. PartnerReflection.Descriptor.EnumTypes,
        .. CourtReflection.Descriptor.EnumTypes, .. SubscriptionReflection.Descriptor.EnumTypes,
        .. PropagationReflection.Descriptor.EnumTypes, .. MeasureReflection.Descriptor.EnumTypes,
    ];
}

/// <summary>The words of one enumeration.</summary>
internal static class ContractWords<T>
    where T : struct, Enum
{
    private static readonly Dictionary<T, string> WordByValue = [];
    private static readonly Dictionary<string, T> ValueByWord = [];

    static ContractWords()
    {
        var descriptor = ContractWords.Enumerations.Single(e => e.ClrType == typeof(T));
        var prefix = ContractWords.UpperSnake(typeof(T).Name) + "_";
        foreach (var value in descriptor.Values.Where(v => v.Number != 0))
        {
            var word = value.Name[prefix.Length..].ToLowerInvariant().Replace('_', '-');
            var typed = (T)Enum.ToObject(typeof(T), value.Number);
            WordByValue.Add(typed, word);
            ValueByWord.Add(word, typed);
        }
    }

    /// <summary>All words, in the order of the contract.</summary>
    internal static IReadOnlyCollection<string> All => WordByValue.Values;

    /// <summary>The word of a value; <c>unspecified</c> for none.</summary>
    internal static string Of(T value) => WordByValue.GetValueOrDefault(value, "unspecified");

    /// <summary>The contract's name without the enumeration's prefix, such as <c>NAME_MISMATCH</c>.</summary>
    internal static string NameOf(T value) => Of(value).ToUpperInvariant().Replace('-', '_');

    /// <summary>Reads a word in any case, with hyphens or underscores, also with the enumeration's prefix.</summary>
    internal static bool TryParse(string? text, out T value)
    {
        var word = (text ?? "").Trim().ToLowerInvariant().Replace('_', '-');
        if (ValueByWord.TryGetValue(word, out value)) return true;

        var prefix = ContractWords.UpperSnake(typeof(T).Name).ToLowerInvariant().Replace('_', '-') + "-";
        return word.StartsWith(prefix, StringComparison.Ordinal) && ValueByWord.TryGetValue(word[prefix.Length..], out value);
    }
}
