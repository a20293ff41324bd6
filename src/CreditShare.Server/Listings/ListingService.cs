using System.Globalization;
using CreditShare.Core.Calendar;
using CreditShare.Core.Courts;
using CreditShare.Core.Journal;
using CreditShare.Core.Listings;
using CreditShare.Server.Access;
using CreditShare.Server.Mapping;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Google.Protobuf;
using Grpc.Core;
using ChangeKind = CreditShare.V1.ChangeKind;
using EndReason = CreditShare.Core.Listings.EndReason;
using ListingState = CreditShare.Core.Listings.ListingState;

namespace CreditShare.Server.Listings;

/// <summary>The courts' service: each method reads, authorises, decides, answers.</summary>
internal sealed class ListingService(
    ListingIntake intake, ListingLedger ledger, ListingImport import, IStore store, CourtDirectory courts, TimeProvider clock)
    : V1.ListingService.ListingServiceBase
{
    private const int MaxSubReason = 200;

    public override async Task<PublishListingResponse> PublishListing(PublishListingRequest request, ServerCallContext context)
    {
        var (court, command) = intake.ReadPublication(request.Parent, request.Listing, context.Caller, clock.Today(), out var problems);
        var requestId = ResourceNames.ReadRequestId(request.RequestId, "request_id", problems);
        var who = ValueMapping.ReadRequiredText(request.Operator, "operator", ListingIntake.MaxOperator, problems);
        if (!ListingIntake.MayRepeat(court, request.Listing, requestId, problems)) problems.ThrowIfAny();

        var origin = new CommandOrigin(context.Caller.Id, requestId, who, CommandOrigin.DigestOf("publish", request.Parent, request.Listing));
        if (!problems.IsEmpty)
        {
            // What was published while it was right is not refused for being repeated later.
            var kept = (await ledger.FindAnswersAsync([origin], context.CancellationToken))[0] ?? throw problems.ToRefused();
            return new PublishListingResponse { Receipt = ListingLedger.ReceiptOf(court, kept) };
        }

        var receipt = await ledger.HandleAsync(origin, court, command, "listing", context.CancellationToken);
        return new PublishListingResponse { Receipt = receipt };
    }

    public override async Task<ConfirmListingResponse> ConfirmListing(ConfirmListingRequest request, ServerCallContext context)
    {
        var problems = new Problems();
        var (name, origin) = Read(request, request.Name, request.RequestId, request.Operator, request.ExpectedVersion, context, problems);
        var (service, performance) = ListingReading.ReadSinceGrace(request.Service, request.Performance, clock.Today(), problems);
        problems.ThrowIfAny();

        var command = new ListingCommand.Confirm(name.Id, request.ExpectedVersion, service, performance);
        return new ConfirmListingResponse { Receipt = await ledger.HandleAsync(origin, name.Court, command, "", context.CancellationToken) };
    }

    public override async Task<CancelListingResponse> CancelListing(CancelListingRequest request, ServerCallContext context)
    {
        var problems = new Problems();
        var (name, origin) = Read(request, request.Name, request.RequestId, request.Operator, request.ExpectedVersion, context, problems);
        var reason = ReadReason(request.Reason, problems);
        problems.ThrowIfAny();

        var command = new ListingCommand.Cancel(name.Id, request.ExpectedVersion, reason);
        return new CancelListingResponse { Receipt = await ledger.HandleAsync(origin, name.Court, command, "", context.CancellationToken) };
    }

    public override async Task<CorrectListingResponse> CorrectListing(CorrectListingRequest request, ServerCallContext context)
    {
        var problems = new Problems();
        var (name, origin) = Read(request, request.Name, request.RequestId, request.Operator, request.ExpectedVersion, context, problems);
        var parts = CorrectionMask.Read(request.UpdateMask, "update_mask", problems);
        if (request.Listing is null) problems.Add("listing", ErrorReason.FieldRequired, null);
        var values = ListingReading.ReadParts(request.Listing ?? new V1.Listing(), parts, name.Court, "listing", clock.Today(), problems);
        problems.ThrowIfAny();

        var command = new ListingCommand.Correct(name.Id, request.ExpectedVersion, parts, values);
        return new CorrectListingResponse { Receipt = await ledger.HandleAsync(origin, name.Court, command, "listing", context.CancellationToken) };
    }

    public override async Task<ExtendListingResponse> ExtendListing(ExtendListingRequest request, ServerCallContext context)
    {
        var problems = new Problems();
        var (name, origin) = Read(request, request.Name, request.RequestId, request.Operator, request.ExpectedVersion, context, problems);
        var end = ValueMapping.ReadDate(request.End, "end", problems);
        if (request.End is null) problems.Add("end", ErrorReason.FieldRequired, null);
        var extension = ListingReading.ReadExtension(request.Extension, "extension", problems);
        problems.ThrowIfAny();

        var command = new ListingCommand.Extend(name.Id, request.ExpectedVersion, end ?? default, extension);
        return new ExtendListingResponse { Receipt = await ledger.HandleAsync(origin, name.Court, command, "", context.CancellationToken) };
    }

    public override async Task<WithdrawListingResponse> WithdrawListing(WithdrawListingRequest request, ServerCallContext context)
    {
        var problems = new Problems();
        var (name, origin) = Read(request, request.Name, request.RequestId, request.Operator, request.ExpectedVersion, context, problems);
        var reason = ReadReason(request.Reason, problems);
        var subReason = ValueMapping.ReadText(request.SubReason, "sub_reason", MaxSubReason, problems);
        var eventDate = ValueMapping.ReadDate(request.EventDate, "event_date", problems);
        problems.ThrowIfAny();

        var command = new ListingCommand.Withdraw(name.Id, request.ExpectedVersion, reason, subReason, eventDate);
        return new WithdrawListingResponse { Receipt = await ledger.HandleAsync(origin, name.Court, command, "", context.CancellationToken) };
    }

    public override async Task<RevokeListingResponse> RevokeListing(RevokeListingRequest request, ServerCallContext context)
    {
        var problems = new Problems();
        var (name, origin) = Read(request, request.Name, request.RequestId, request.Operator, request.ExpectedVersion, context, problems);
        var subReason = ValueMapping.ReadText(request.SubReason, "sub_reason", MaxSubReason, problems);
        problems.ThrowIfAny();

        var command = new ListingCommand.Revoke(name.Id, request.ExpectedVersion, subReason);
        return new RevokeListingResponse { Receipt = await ledger.HandleAsync(origin, name.Court, command, "", context.CancellationToken) };
    }

    public override async Task<GetListingResponse> GetListing(GetListingRequest request, ServerCallContext context)
    {
        var problems = new Problems();
        var name = ResourceNames.ReadListing(request.Name, "name", problems);
        problems.ThrowIfAny();

        var stored = await FindAsync(name!.Value, context);
        return new GetListingResponse { Listing = ListingMapping.ToCourtProto(stored, courts) };
    }

    public override async Task<ListListingsResponse> ListListings(ListListingsRequest request, ServerCallContext context)
    {
        var problems = new Problems();
        var court = ResourceNames.ReadCourt(request.Parent, "parent", problems);
        if (court is { } known) ListingIntake.Authorise(context.Caller, known);
        var size = PageToken.ReadSize(request.PageSize, problems);
        CaseNumber? number = null;
        if (request.CaseNumber.Length > 0 && !CaseNumber.TryParse(request.CaseNumber, out number, out var fault))
        {
            problems.Add("case_number", FaultMapping.ReasonOf(fault), null);
        }

        var states = request.States.Distinct().Order().ToArray();
        if (states.Any(state => state == V1.ListingState.Unspecified || !Enum.IsDefined(state))) problems.Add("states", ErrorReason.FieldInvalid, null);
        var (graceOver, unserved) = ReadTask(request.Task, problems);
        var task = request.Task == ListingTask.Unspecified ? "" : $" {request.Task}";
        var list = $"{request.Parent} {number} {string.Join(',', states)}{task}";
        var after = Guid.Empty;
        if (PageToken.TryRead(request.PageToken, list, problems, out var place) && !Guid.TryParseExact(place, "D", out after))
        {
            problems.Add("page_token", ErrorReason.PageTokenInvalid);
        }

        problems.ThrowIfAny();

        var page = await store.Listings.ListAsync(
            new CourtListingsQuery
            {
                Court = court!.Value,
                Case = number,
                States = [.. states.Select(state => (ListingState)state)],
                GraceOverOn = graceOver,
                UnservedOn = unserved,
                After = place is null ? null : new ListingId(after),
                Limit = size,
            },
            context.CancellationToken);
        var shown = PageCut.Of(page.Select(stored => ListingMapping.ToCourtProto(stored, courts)));
        var isLast = shown.Count == page.Count && page.Count < size;
        return new ListListingsResponse
        {
            Listings = { shown },
            NextPageToken = isLast ? "" : PageToken.Of(list, page[shown.Count - 1].Listing.Id.ToString()),
        };
    }

    public override async Task<ListListingVersionsResponse> ListListingVersions(ListListingVersionsRequest request, ServerCallContext context)
    {
        var problems = new Problems();
        var name = ResourceNames.ReadListing(request.Name, "name", problems);
        var size = PageToken.ReadSize(request.PageSize, problems);
        var afterVersion = -1L;
        if (PageToken.TryRead(request.PageToken, request.Name, problems, out var place)
            && !long.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out afterVersion))
        {
            problems.Add("page_token", ErrorReason.PageTokenInvalid);
        }

        problems.ThrowIfAny();

        var stored = await FindAsync(name!.Value, context);
        var entries = await store.Listings.ListVersionsAsync(stored.Listing.Id, afterVersion, size, context.CancellationToken);
        var shown = PageCut.Of(entries.Select(VersionOf));
        var isLast = shown.Count == entries.Count && entries.Count < size;
        return new ListListingVersionsResponse
        {
            Versions = { shown },
            NextPageToken = isLast
                ? ""
                : PageToken.Of(request.Name, entries[shown.Count - 1].Listing.Version.ToString(CultureInfo.InvariantCulture)),
        };
    }

    public override Task ImportListings(
        IAsyncStreamReader<ImportListingsRequest> requestStream,
        IServerStreamWriter<ImportListingsResponse> responseStream,
        ServerCallContext context) =>
        import.RunAsync(requestStream, responseStream, context.Caller, context.CancellationToken);

    private static (ListingName Name, CommandOrigin Origin) Read(
        IMessage request, string name, string requestId, string @operator, long version, ServerCallContext context, Problems problems) =>
        ListingIntake.ReadOrigin(
            name, requestId, @operator, context.Caller, CommandOrigin.DigestOf(request.Descriptor.Name, name, request), version, problems);

    private (DateOnly? GraceOver, DateOnly? Unserved) ReadTask(ListingTask task, Problems problems)
    {
        if (!Enum.IsDefined(task)) problems.Add("task", ErrorReason.FieldInvalid, null);
        var today = clock.Today();
        return (
            task == ListingTask.ConfirmOrCancel ? today : null,
            task == ListingTask.RecordService ? today : null);
    }

    private static EndReason ReadReason(V1.EndReason reason, Problems problems)
    {
        if (reason == V1.EndReason.Unspecified) problems.Add("reason", ErrorReason.FieldRequired, null);
        else if (!Enum.IsDefined(reason)) problems.Add("reason", ErrorReason.FieldInvalid, null);
        return (EndReason)reason;
    }

    private async Task<StoredListing> FindAsync(ListingName name, ServerCallContext context)
    {
        ListingIntake.Authorise(context.Caller, name.Court);
        var stored = await store.Listings.FindAsync(name.Id, context.CancellationToken);
        return stored is not null && stored.Listing.Content.Court == name.Court
            ? stored
            : throw new RefusedException(ErrorReason.ListingNotFound);
    }

    private ListingVersion VersionOf(JournalEntry entry) => new()
    {
        Listing = ListingMapping.ToCourtProto(entry.AsStored(), courts),
        Kind = (ChangeKind)entry.Kind,
        Position = new Position { Epoch = entry.Epoch, Sequence = entry.Sequence },
        Partner = entry.Partner == Core.Access.PartnerId.System ? "" : "partners/" + entry.Partner.Value,
        Operator = entry.Operator,
        Time = entry.RecordedAt.ToProto(),
    };
}
