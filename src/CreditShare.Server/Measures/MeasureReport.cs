using CreditShare.Core.Push;
using CreditShare.Server.Mapping;
using CreditShare.Server.Transport;
using CreditShare.V1;
using MeasureOutcome = CreditShare.Core.Push.MeasureOutcome;

namespace CreditShare.Server.Measures;

/// <summary>What a partner reports, read from the contract. Closed: the cases below are all there are.</summary>
internal abstract record MeasureReport(string Reference)
{
    private const int MaxReference = 200;
    private const int MaxLegalBasis = 500;
    private const int MaxBranch = 200;
    private const int MaxOperator = 200;
    private const int MaxNote = 1_000;

    /// <summary>A report may be ahead of our clock by that much.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    /// <summary>A measure was applied.</summary>
    internal sealed record Applied(
        string Reference, ListingName Listing, long Version, string Code, MeasureOutcome Outcome, string LegalBasis, DateTimeOffset At,
        string Branch, string Operator, string Note) : MeasureReport(Reference);

    /// <summary>A measure was lifted. What else was sent must be what the measure has.</summary>
    /// <param name="Reference">Whose.</param>
    /// <param name="Listing">The listing; null if it was left out.</param>
    /// <param name="Code">The code; empty if it was left out.</param>
    /// <param name="At">When.</param>
    internal sealed record Lifted(string Reference, ListingName? Listing, string Code, DateTimeOffset At) : MeasureReport(Reference);

    /// <summary>Reads a report, at <c>measure</c> in the request; everything wrong at once.</summary>
    /// <exception cref="RefusedException">Something is wrong.</exception>
    public static MeasureReport Read(V1.Measure? sent, DateTimeOffset now)
    {
        var problems = new Problems();
        if (sent is null)
        {
            problems.Add("measure", ErrorReason.FieldRequired, null);
            throw problems.ToRefused();
        }

        MeasureReport? report = sent.Outcome == V1.MeasureOutcome.Lifted
            ? ReadLifted(sent, now, problems)
            : ReadApplied(sent, now, problems);
        problems.ThrowIfAny();
        return report!;
    }

    private static Applied? ReadApplied(V1.Measure sent, DateTimeOffset now, Problems problems)
    {
        var reference = ValueMapping.ReadRequiredText(sent.Reference, "measure.reference", MaxReference, problems);
        var listing = ResourceNames.ReadListing(sent.Listing, "measure.listing", problems);
        if (sent.ListingVersion < 1) problems.Add("measure.listing_version", ErrorReason.FieldInvalid, "From 1 to the listing's version.");
        CheckCode(sent.Code, problems);
        if (sent.Code.Length == 0) problems.Add("measure.code", ErrorReason.FieldRequired, null);
        if (sent.Outcome == V1.MeasureOutcome.Unspecified) problems.Add("measure.outcome", ErrorReason.FieldRequired, null);
        else if (!Enum.IsDefined(sent.Outcome)) problems.Add("measure.outcome", ErrorReason.FieldInvalid, null);
        var basis = ValueMapping.ReadRequiredText(sent.LegalBasis, "measure.legal_basis", MaxLegalBasis, problems);
        var at = ReadPast(sent.ApplyTime, "measure.apply_time", now, problems);
        if (sent.LiftTime is not null) problems.Add("measure.lift_time", ErrorReason.FieldInvalid, "With LIFTED only.");
        var branch = ValueMapping.ReadText(sent.Branch, "measure.branch", MaxBranch, problems);
        var who = ValueMapping.ReadRequiredText(sent.Operator, "measure.operator", MaxOperator, problems);
        var note = ValueMapping.ReadText(sent.Note, "measure.note", MaxNote, problems);
        return problems.IsEmpty
            ? new Applied(
                reference, listing!.Value, sent.ListingVersion, sent.Code, (MeasureOutcome)sent.Outcome, basis, at, branch, who, note)
            : null;
    }

    private static Lifted? ReadLifted(V1.Measure sent, DateTimeOffset now, Problems problems)
    {
        var reference = ValueMapping.ReadRequiredText(sent.Reference, "measure.reference", MaxReference, problems);
        var listing = sent.Listing.Length == 0 ? null : ResourceNames.ReadListing(sent.Listing, "measure.listing", problems);
        CheckCode(sent.Code, problems);
        var at = ReadPast(sent.LiftTime, "measure.lift_time", now, problems);
        return problems.IsEmpty ? new Lifted(reference, listing, sent.Code, at) : null;
    }

    private static void CheckCode(string code, Problems problems)
    {
        if (code.Length > 0 && !MeasureCodes.IsKnown(code)) problems.Add("measure.code", ErrorReason.MeasureCodeUnknown, null);
    }

    private static DateTimeOffset ReadPast(Google.Protobuf.WellKnownTypes.Timestamp? time, string path, DateTimeOffset now, Problems problems)
    {
        if (time is null) problems.Add(path, ErrorReason.FieldRequired, null);
        var read = ValueMapping.ReadInstant(time, path, problems) ?? now;
        if (read > now + ClockTolerance) problems.Add(path, ErrorReason.FieldInvalid, "It lies in the future.");
        return read;
    }
}
