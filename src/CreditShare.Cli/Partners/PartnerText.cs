using CreditShare.Cli.CommandLine;
using CreditShare.V1;

namespace CreditShare.Cli.Partners;

/// <summary>Partners for people to read.</summary>
internal static class PartnerText
{
    internal static void WriteLine(TextWriter output, Partner partner) => output.WriteLine(
        $"{partner.Name}  {ContractWords<PartnerKind>.Of(partner.Kind)}  {partner.DisplayName}{(partner.Suspended ? "  SUSPENDED" : "")}");

    internal static void Write(TextWriter output, Partner partner)
    {
        WriteLine(output, partner);
        Line(output, "rpcs", partner.Rpcs);
        Line(output, "views", partner.Views.Select(ContractWords<View>.Of));
        Line(output, "purposes", partner.Purposes.Select(ContractWords<Purpose>.Of));
        Line(output, "courts", partner.CourtCodes);
        Line(output, "platforms", partner.PlatformCodes);
        Line(output, "address ranges", partner.AddressRanges);
        if (partner.Quota is { } quota)
        {
            output.WriteLine($"  quota: {quota.CallsPerSecond} calls/s, {quota.SubjectsPerSecond} subjects/s (0: the server's default)");
        }

        foreach (var key in partner.Keys)
        {
            output.WriteLine($"  key: {key.SpkiSha256}");
        }
    }

    private static void Line(TextWriter output, string label, IEnumerable<string> values)
    {
        var text = string.Join(", ", values);
        if (text.Length > 0) output.WriteLine($"  {label}: {text}");
    }
}
