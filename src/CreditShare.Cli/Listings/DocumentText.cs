using CreditShare.Cli.CommandLine;
using CreditShare.V1;

namespace CreditShare.Cli.Listings;

/// <summary>Documents such as <c>resident-id:110000199003072138</c> or <c>passport:E1234567:CHN</c>.</summary>
internal static class DocumentText
{
    internal static bool TryParse(string text, out IdentityDocument document)
    {
        document = new IdentityDocument();
        var parts = text.Split(':', StringSplitOptions.TrimEntries);
        if (parts.Length is < 2 or > 3 || !ContractWords<DocumentType>.TryParse(parts[0], out var type)) return false;

        document.Type = type;
        document.Number = parts[1];
        document.Country = parts.Length == 3 ? parts[2] : "";
        return document.Number.Length > 0;
    }

    internal static IdentityDocument Parse(string text) => TryParse(text, out var document)
        ? document
        : throw CommandFailedException.Usage(
            $"'{text}' is no document: write TYPE:NUMBER or TYPE:NUMBER:COUNTRY. Types: {string.Join(", ", ContractWords<DocumentType>.All)}.");
}
