using System.Globalization;
using CreditShare.Cli.CommandLine;
using CreditShare.V1;

namespace CreditShare.Cli.Listings;

/// <summary>Listings for people to read: a line a field that is set.</summary>
internal static class ListingText
{
    internal static void Write(TextWriter output, ListingReceipt receipt)
    {
        output.WriteLine(receipt.Name);
        Field(output, "version", receipt.Version.ToString(CultureInfo.InvariantCulture));
        if (receipt.Position is { } position) Field(output, "position", $"{position.Epoch}:{position.Sequence}");
    }

    internal static void Write(TextWriter output, ListingVersion version)
    {
        var who = version.Partner.Length > 0 ? $"{version.Partner} ({version.Operator})" : "the system";
        output.WriteLine(
            $"v{version.Listing?.Version}  {Instant(version.Time)}  {ContractWords<ChangeKind>.NameOf(version.Kind)}  by {who}  " +
            $"at {version.Position?.Epoch}:{version.Position?.Sequence}");
    }

    internal static void Write(TextWriter output, Listing listing)
    {
        output.WriteLine(listing.Name);
        Field(output, "state", $"{ContractWords<ListingState>.NameOf(listing.State)}, version {listing.Version}");
        Write(output, listing.Subject);
        Field(output, "court", $"{listing.CourtName} {listing.CourtCode}".Trim());
        Field(output, "case", listing.CaseNumber);
        Field(output, "filed", listing.FilingDate.Form());
        Field(output, "grounds", string.Join(", ", listing.Grounds.Select(ContractWords<Ground>.Of)));
        Field(output, "conduct", listing.Conduct);
        if (listing.Basis is { } basis)
        {
            Field(output, "basis", $"{basis.Number} of {basis.Maker} ({ContractWords<BasisType>.Of(basis.Type)})");
        }

        Field(output, "obligation", listing.Obligation);
        if (listing.ObligationAmount is { } amount) Field(output, "amount", MoneyText.Form(amount));
        if (listing.Performance is { } performance)
        {
            Field(output, "performance", ContractWords<PerformanceState>.Of(performance.State));
            Field(output, "performed", performance.PerformedPart);
            Field(output, "unperformed", performance.UnperformedPart);
        }

        WriteProcedure(output, listing);
        if (listing.Ending is { } ending) Field(output, "ended", Form(ending));
    }

    /// <summary>A listing among others, in one line.</summary>
    internal static void WriteLine(TextWriter output, Listing listing) => output.WriteLine(
        $"{listing.Name}  v{listing.Version}  {ContractWords<ListingState>.NameOf(listing.State)}  {listing.CaseNumber}  {listing.Subject?.Name}");

    /// <summary>How a listing ended, in one line.</summary>
    internal static string Form(Ending ending) =>
        $"{ContractWords<EndReason>.Of(ending.Reason)} {ending.EventDate.Form()} {ending.SubReason}".Trim();

    internal static string Instant(Google.Protobuf.WellKnownTypes.Timestamp? time) =>
        time is null ? "" : time.ToDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static void Write(TextWriter output, Subject? subject)
    {
        if (subject is null) return;

        Field(output, "subject", subject.Name);
        foreach (var document in subject.Documents)
        {
            Field(output, "document", $"{ContractWords<DocumentType>.Of(document.Type)} {document.Number} {document.Country}".TrimEnd());
        }

        if (subject.Kind == SubjectKind.Person && subject.Sex != Sex.Unspecified) Field(output, "sex", ContractWords<Sex>.Of(subject.Sex));
        Field(output, "born", subject.BirthDate.Form());
        if (subject.HasAge) Field(output, "age", subject.Age.ToString(CultureInfo.InvariantCulture));
        foreach (var person in subject.RelatedPersons)
        {
            Field(output, ContractWords<RelatedPersonRole>.Of(person.Role), person.Name);
        }

        Field(output, "position", string.Join(", ", subject.SpecialStatuses.Select(ContractWords<SpecialStatus>.Of)));
    }

    private static void WriteProcedure(TextWriter output, Listing listing)
    {
        if (listing.Decision is { } decision) Field(output, "decision", $"{decision.Number} of {decision.Date.Form()}");
        if (listing.Service is { } service)
        {
            Field(output, "served", $"{service.Date.Form()} ({ContractWords<ServiceMethod>.Of(service.Method)})");
        }

        if (listing.Origin != Origin.Unspecified) Field(output, "origin", ContractWords<Origin>.Of(listing.Origin));
        if (listing.Term is { } term) Field(output, "term", $"{term.Start.Form()} to {term.End.Form()}");
        Field(output, "grace until", listing.GraceUntil.Form());
        Field(output, "published", listing.PublishDate.Form());
    }

    private static void Field(TextWriter output, string label, string value)
    {
        if (value.Length > 0) output.WriteLine($"  {label + ":",-14} {value}");
    }
}
