using CreditShare.Core.Push;

namespace CreditShare.Server.Mapping;

/// <summary>Writes measures into the contract.</summary>
internal static class MeasureMapping
{
    public static V1.Measure ToProto(this Measure measure) => new()
    {
        Reference = measure.Reference,
        Partner = ResourceNames.Of(measure.Partner),
        Listing = ResourceNames.Of(measure.Court, measure.Listing),
        ListingVersion = measure.ListingVersion,
        Code = measure.Code,
        Outcome = measure.LiftedAt is null ? (V1.MeasureOutcome)measure.Outcome : V1.MeasureOutcome.Lifted,
        LegalBasis = measure.LegalBasis,
        ApplyTime = measure.AppliedAt.ToProto(),
        LiftTime = measure.LiftedAt?.ToProto(),
        Branch = measure.Branch,
        Operator = measure.Operator,
        Note = measure.Note,
        StaleCopy = measure.StaleCopy,
        CreateTime = measure.CreatedAt.ToProto(),
    };
}
