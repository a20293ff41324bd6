using CreditShare.Core.Access;
using CreditShare.Server.Access;
using CreditShare.Server.Mapping;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Grpc.Core;
using Partner = CreditShare.Core.Access.Partner;
using PartnerKey = CreditShare.Core.Access.PartnerKey;

namespace CreditShare.Server.Partners;

/// <summary>Operators register the agencies that may call.</summary>
internal sealed class PartnerService(PartnerBook book, CourtDirectory courts, TimeProvider clock, ILogger<PartnerService> logger)
    : V1.PartnerService.PartnerServiceBase
{
    // Whoever may no longer call this cannot take anything back.
    private const string AdministeringPath = "/creditshare.v1.PartnerService/UpdatePartner";
    private const string ListName = "partners";

    public override async Task<CreatePartnerResponse> CreatePartner(CreatePartnerRequest request, ServerCallContext context)
    {
        var partner = ReadNew(request);
        var stored = await book.CreateAsync(partner, context.CancellationToken);
        logger.PartnerCreated(stored.Id.Value, context.Caller.Id.Value);
        return new CreatePartnerResponse { Partner = stored.ToProto() };
    }

    public override async Task<GetPartnerResponse> GetPartner(GetPartnerRequest request, ServerCallContext context)
    {
        var problems = new Problems();
        var id = PartnerMapping.ReadName(request.Name, "name", problems);
        problems.ThrowIfAny();
        var partner = await book.GetAsync(id, context.CancellationToken);
        return new GetPartnerResponse { Partner = partner.ToProto() };
    }

    public override async Task<UpdatePartnerResponse> UpdatePartner(UpdatePartnerRequest request, ServerCallContext context)
    {
        var problems = new Problems();
        var sent = request.Partner ?? new V1.Partner();
        var id = PartnerMapping.ReadName(sent.Name, "partner.name", problems);
        var mask = ReadMask(request.UpdateMask?.Paths ?? [], problems);

        // The kind, which bounds what can be granted, is known only once the partner is read; without its name the rest is checked as
        // far as it can be, so that all that is wrong is told at once.
        if (!problems.IsEmpty) PartnerMapping.Apply(sent, mask, Nobody(id), courts.Table, problems);
        problems.ThrowIfAny();

        var changed = await book.ChangeAsync(
            id,
            partner =>
            {
                var found = new Problems();
                var after = PartnerMapping.Apply(sent, mask, partner, courts.Table, found);
                found.ThrowIfAny();
                return KeepsAdministering(context.Caller, after) ? new PartnerChange.To(after) : new PartnerChange.Refused(ErrorReason.WouldLockOut);
            },
            context.CancellationToken);
        logger.PartnerChanged(id.Value, context.Caller.Id.Value);
        return new UpdatePartnerResponse { Partner = changed.ToProto() };
    }

    public override async Task<ListPartnersResponse> ListPartners(ListPartnersRequest request, ServerCallContext context)
    {
        var problems = new Problems();
        var size = PageToken.ReadSize(request.PageSize, problems);
        if (PageToken.TryRead(request.PageToken, ListName, problems, out var last) && !PartnerId.TryParse(last, out _))
        {
            problems.Add("page_token", ErrorReason.PageTokenInvalid);
        }

        problems.ThrowIfAny();

        var rest = (await book.ListAsync(context.CancellationToken))
            .Where(partner => last is null || string.CompareOrdinal(partner.Id.Value, last) > 0)
            .OrderBy(partner => partner.Id.Value, StringComparer.Ordinal)
            .Take(size + 1)
            .ToList();
        var shown = PageCut.Of(rest.Take(size).Select(partner => partner.ToProto()));
        return new ListPartnersResponse
        {
            Partners = { shown },
            NextPageToken = rest.Count > shown.Count ? PageToken.Of(ListName, rest[shown.Count - 1].Id.Value) : "",
        };
    }

    public override async Task<AddPartnerKeyResponse> AddPartnerKey(AddPartnerKeyRequest request, ServerCallContext context)
    {
        var problems = new Problems();
        var id = PartnerMapping.ReadName(request.Name, "name", problems);
        var fingerprint = ReadKey(request.Certificate.Span, problems);
        problems.ThrowIfAny();

        var changed = await book.ChangeAsync(id, partner => WithKey(partner, fingerprint), context.CancellationToken);
        logger.KeyAdded(id.Value, fingerprint, context.Caller.Id.Value);
        return new AddPartnerKeyResponse { Partner = changed.ToProto() };
    }

    public override async Task<RevokePartnerKeyResponse> RevokePartnerKey(RevokePartnerKeyRequest request, ServerCallContext context)
    {
        var problems = new Problems();
        var id = PartnerMapping.ReadName(request.Name, "name", problems);
        var fingerprint = ReadFingerprint(request.SpkiSha256, problems);
        problems.ThrowIfAny();

        var changed = await book.ChangeAsync(id, partner => WithoutKey(partner, fingerprint, context.Caller.Id), context.CancellationToken);
        logger.KeyRevoked(id.Value, fingerprint, context.Caller.Id.Value);
        return new RevokePartnerKeyResponse { Partner = changed.ToProto() };
    }

    private Partner ReadNew(CreatePartnerRequest request)
    {
        var problems = new Problems();
        var id = PartnerMapping.ReadId(request.PartnerId, "partner_id", problems);
        if (request.Partner is not { } sent)
        {
            problems.Add("partner", ErrorReason.FieldRequired);
            throw problems.ToRefused();
        }

        if (sent.Name.Length > 0 && sent.Name != PartnerMapping.NamePrefix + request.PartnerId) problems.Add("partner.name", ErrorReason.NameForm);
        var kind = PartnerMapping.ReadKind(sent.Kind, "partner.kind", problems);
        var partner = PartnerMapping.Apply(sent, PartnerMapping.Changeable, Nobody(id) with { Kind = kind }, courts.Table, problems);
        problems.ThrowIfAny();
        return partner;
    }

    private Partner Nobody(PartnerId id)
    {
        var now = clock.GetUtcNow();
        return new Partner
        {
            Id = id,
            DisplayName = "",
            Kind = Core.Access.PartnerKind.None,
            CreatedAt = now,
            UpdatedAt = now,
        };
    }

    private PartnerChange WithKey(Partner partner, string fingerprint)
    {
        if (partner.Keys.Any(key => key.SpkiSha256 == fingerprint)) return new PartnerChange.Refused(ErrorReason.KeyExists);
        if (partner.Keys.Length >= Partner.MaxKeys) return new PartnerChange.Refused(ErrorReason.TooManyKeys);
        return new PartnerChange.To(partner with { Keys = partner.Keys.Add(new PartnerKey(fingerprint, clock.GetUtcNow())) });
    }

    private static PartnerChange WithoutKey(Partner partner, string fingerprint, PartnerId caller)
    {
        var left = partner.Keys.RemoveAll(key => key.SpkiSha256 == fingerprint);
        if (left.Length == partner.Keys.Length) return new PartnerChange.Refused(ErrorReason.KeyNotFound);
        if (left.IsEmpty && partner.Id == caller) return new PartnerChange.Refused(ErrorReason.WouldLockOut);
        return new PartnerChange.To(partner with { Keys = left });
    }

    private static bool KeepsAdministering(Caller caller, Partner after) =>
        after.Id != caller.Id || (!after.Suspended && RpcRights.PathsOf(after).Contains(AdministeringPath));

    private static List<string> ReadMask(IEnumerable<string> paths, Problems problems)
    {
        var mask = paths.Distinct(StringComparer.Ordinal).ToList();
        var known = mask.Where(path => PartnerMapping.Changeable.Contains(path)).ToList();
        if (mask.Count == 0 || known.Count < mask.Count)
        {
            problems.Add("update_mask", ErrorReason.MaskInvalid, $"It names some of: {string.Join(", ", PartnerMapping.Changeable)}.");
        }

        return known;
    }

    private static string ReadKey(ReadOnlySpan<byte> certificate, Problems problems)
    {
        if (certificate.IsEmpty)
        {
            problems.Add("certificate", ErrorReason.FieldRequired);
            return "";
        }

        if (certificate.Length > PartnerCertificate.MaxBytes)
        {
            problems.Add("certificate", ErrorReason.FieldTooLong, $"It has at most {PartnerCertificate.MaxBytes} bytes.");
            return "";
        }

        if (!PartnerCertificate.TryRead(certificate, out var fingerprint, out var fault)) problems.Add("certificate", ErrorReason.FieldInvalid, fault);
        return fingerprint;
    }

    private static string ReadFingerprint(string text, Problems problems)
    {
        if (text.Length == 0) problems.Add("spki_sha256", ErrorReason.FieldRequired);
        else if (text.Length != KeyFingerprint.Length || !text.All(char.IsAsciiHexDigit)) problems.Add("spki_sha256", ErrorReason.FieldInvalid);
        return text.ToLowerInvariant();
    }
}
