using System.Globalization;
using CreditShare.Core.Courts;
using CreditShare.Core.Journal;
using CreditShare.Core.Push;
using CreditShare.Server.Access;
using CreditShare.Server.Mapping;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Grpc.Core;
using PartnerKind = CreditShare.Core.Access.PartnerKind;

namespace CreditShare.Server.Measures;

/// <summary>What partners did because of listings: each method reads, authorises, answers.</summary>
internal sealed class MeasureService(MeasureBook book, IStore store, CourtDirectory courts, TimeProvider clock)
    : V1.MeasureService.MeasureServiceBase
{
    public override async Task<ReportMeasureResponse> ReportMeasure(ReportMeasureRequest request, ServerCallContext context)
    {
        var report = MeasureReport.Read(request.Measure, clock.GetUtcNow());
        var measure = await book.TakeAsync(context.Caller.Id, report, context.CancellationToken);
        return new ReportMeasureResponse { Measure = measure.ToProto() };
    }

    public override async Task<ListMeasuresResponse> ListMeasures(ListMeasuresRequest request, ServerCallContext context)
    {
        var problems = new Problems();
        var caller = context.Caller;
        var listing = request.Listing.Length == 0 ? null : ResourceNames.ReadListing(request.Listing, "listing", problems);
        if (listing is { } known && caller.Partner.Kind == PartnerKind.Court && !caller.SpeaksFor(known.Court))
        {
            throw new RefusedException(ErrorReason.CourtNotYours);
        }

        var size = PageToken.ReadSize(request.PageSize, problems);
        var list = $"{request.Listing} {request.OpenOnly}";
        var before = 0L;
        if (PageToken.TryRead(request.PageToken, list, problems, out var place)
            && !long.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out before))
        {
            problems.Add("page_token", ErrorReason.PageTokenInvalid);
        }

        problems.ThrowIfAny();

        var page = await store.Measures.ListAsync(
            VisibleTo(caller, new MeasureQuery
            {
                Listing = listing?.Id,
                OpenOnly = request.OpenOnly,
                Before = place is null ? null : before,
                Limit = size,
            }),
            context.CancellationToken);
        var shown = PageCut.Of(page.Select(measure => measure.ToProto()));
        var isLast = shown.Count == page.Count && page.Count < size;
        return new ListMeasuresResponse
        {
            Measures = { shown },
            NextPageToken = isLast ? "" : PageToken.Of(list, page[shown.Count - 1].Number.ToString(CultureInfo.InvariantCulture)),
        };
    }

    private MeasureQuery VisibleTo(Caller caller, MeasureQuery query) => caller.Partner.Kind switch
    {
        PartnerKind.Operator or PartnerKind.Auditor => query,
        PartnerKind.Court => query with { Courts = CourtsOf(caller) },
        _ => query with { Partner = caller.Id },
    };

    /// <summary>The courts for which the caller speaks; null for all there are.</summary>
    private List<CourtCode>? CourtsOf(Caller caller)
    {
        var all = courts.Table.Courts;
        var own = all.Where(court => caller.SpeaksFor(court.Code)).Select(court => court.Code).ToList();
        return own.Count == all.Length ? null : own;
    }
}
