using System.Globalization;
using CreditShare.Core.Journal;
using CreditShare.Core.Push;
using CreditShare.Server.Access;
using CreditShare.Server.Mapping;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using PartnerKind = CreditShare.Core.Access.PartnerKind;

namespace CreditShare.Server.Propagation;

/// <summary>Who was told of a listing, and who has applied its end: each method reads, authorises, answers.</summary>
internal sealed class PropagationService(RecipientList recipients, OutstandingScan outstanding, IStore store, TimeProvider clock)
    : V1.PropagationService.PropagationServiceBase
{
    private const int MaxMeasures = 1_000;

    private static readonly TimeSpan LongestAge = TimeSpan.FromDays(36_500);

    public override async Task<GetPropagationResponse> GetPropagation(GetPropagationRequest request, ServerCallContext context)
    {
        var problems = new Problems();
        var name = ResourceNames.ReadListing(request.Name, "name", problems);
        if (name is { } known && !MaySee(context.Caller, known.Court)) throw new RefusedException(ErrorReason.CourtNotYours);
        problems.ThrowIfAny();

        // Of a listing in grace nobody was told, and an operator is not told here either.
        var stored = await store.Listings.FindAsync(name!.Value.Id, context.CancellationToken);
        var trail = await ListingTrail.ReadAsync(store, name.Value.Id, context.CancellationToken);
        var isCourt = context.Caller.Partner.Kind == PartnerKind.Court;
        if (stored is null || stored.Listing.Content.Court != name.Value.Court || (trail is null && !isCourt))
        {
            throw new RefusedException(ErrorReason.ListingNotFound);
        }

        var response = new GetPropagationResponse { Name = request.Name, Version = stored.Listing.Version };
        if (trail is null) return response;

        if (trail.End is { } end)
        {
            // The finer reason stays with the court, since people write names there.
            response.Ending = isCourt ? end.Listing.Ending.ToProto() : (end.Listing.Ending! with { SubReason = "" }).ToProto();
            response.EndTime = end.RecordedAt.ToProto();
            response.EndSequence = end.Sequence;
        }

        var told = await recipients.OfAsync(trail, context.CancellationToken);
        var measures = await store.Measures.ListAsync(
            new MeasureQuery { Listing = name.Value.Id, OpenOnly = true, Limit = MaxMeasures }, context.CancellationToken);
        response.Recipients.AddRange(told);
        response.Outstanding = told.Count(recipient => Knowledge.IsOutstanding(recipient.State));
        response.OpenMeasures.AddRange(measures.Reverse().Select(measure => measure.ToProto()));
        return response;
    }

    public override async Task<ListOutstandingResponse> ListOutstanding(ListOutstandingRequest request, ServerCallContext context)
    {
        var problems = new Problems();
        var age = ReadAge(request.OlderThan, problems);
        var partner = request.Partner.Length == 0 ? null : ResourceNames.ReadPartner(request.Partner, "partner", problems);
        var size = PageToken.ReadSize(request.PageSize, problems);
        var list = $"outstanding {request.Partner}";
        OutstandingPlace? after = null;
        if (PageToken.TryRead(request.PageToken, list, problems, out var place))
        {
            after = ReadPlace(place);
            if (after is null) problems.Add("page_token", ErrorReason.PageTokenInvalid);
        }

        problems.ThrowIfAny();

        var page = await outstanding.ReadAsync(
            new OutstandingQuery
            {
                RecordedUntil = clock.GetUtcNow() - age,
                Partner = partner,
                MaySee = court => MaySee(context.Caller, court),
                After = after,
                Limit = size,
            },
            context.CancellationToken);
        return new ListOutstandingResponse
        {
            Withdrawals = { page.Withdrawals },
            NextPageToken = page.Next is { } next
                ? PageToken.Of(list, string.Create(CultureInfo.InvariantCulture, $"{next.Sequence} {next.Recipient}"))
                : "",
        };
    }

    private static bool MaySee(Caller caller, Core.Courts.CourtCode court) =>
        caller.Partner.Kind == PartnerKind.Operator || caller.SpeaksFor(court);

    private static TimeSpan ReadAge(Duration? age, Problems problems)
    {
        if (age is null) return TimeSpan.Zero;
        if (age.Seconds >= 0 && age.Seconds <= LongestAge.TotalSeconds && age.Nanos is >= 0 and <= 999_999_999) return age.ToTimeSpan();

        problems.Add("older_than", ErrorReason.FieldInvalid, "From 0 to 100 years.");
        return TimeSpan.Zero;
    }

    private static OutstandingPlace? ReadPlace(string text) =>
        text.IndexOf(' ', StringComparison.Ordinal) is > 0 and var at
        && long.TryParse(text.AsSpan(0, at), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? new OutstandingPlace(sequence, text[(at + 1)..])
            : null;
}
