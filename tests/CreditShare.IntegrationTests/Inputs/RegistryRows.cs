using CreditShare.IntegrationTests.MainJob;
using CreditShare.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Inputs;

/// <summary>Registrations of partners and of courts that no operator gets through with.</summary>
internal static class RegistryRows
{
    private const string SmallBank = "partners/small-bank";
    private const string Itself = "partners/dev-operator";

    public static IEnumerable<TestCaseData> All => [.. NewPartners, .. ChangedPartners, .. Keys, .. Courts, .. Pages];

    private static IEnumerable<TestCaseData> NewPartners =>
    [
        Row("A new partner that is nothing at all", new CreatePartnerRequest(), "partner_id FIELD_REQUIRED", "partner FIELD_REQUIRED"),
        Create("A new partner under an id of capitals", r => r.PartnerId = "BANK", "partner_id NAME_FORM"),
        Create("A new partner under an id of 41 characters", r => r.PartnerId = new string('a', 41), "partner_id NAME_FORM"),
        Create("A new partner under two names", r => r.Partner.Name = "partners/another", "partner.name NAME_FORM"),
        Create("A new partner of no kind", r => r.Partner.Kind = PartnerKind.Unspecified, "partner.kind FIELD_REQUIRED"),
        Create("A new partner of the kind 258", r => r.Partner.Kind = (PartnerKind)258, "partner.kind FIELD_INVALID"),
        Create("A new partner without a name for people", r => r.Partner.DisplayName = " ", "partner.display_name FIELD_REQUIRED"),
        Create("A new partner whose name has 201 characters", r => r.Partner.DisplayName = new string('行', 201), "partner.display_name FIELD_TOO_LONG"),
        Create("A new partner with a NUL in its name", r => r.Partner.DisplayName = "银\0行", "partner.display_name NAME_CHARACTER"),
        Create(
            "A new bank that may publish",
            r => r.Partner.Rpcs.Add("creditshare.v1.ListingService/PublishListing"), "partner.rpcs[0] RPC_NOT_GRANTABLE"),
        Create("A new bank that may do everything", r => r.Partner.Rpcs.Add("*"), "partner.rpcs[0] RPC_NOT_GRANTABLE"),
        Create("A new bank in the view 259", r => r.Partner.Views.Add((View)259), "partner.views[0] FIELD_INVALID"),
        Create("A new bank for the purpose 261", r => r.Partner.Purposes.Add([Purpose.Credit, (Purpose)261]), "partner.purposes[1] FIELD_INVALID"),
        Create("A new bank that speaks for a court", r => r.Partner.CourtCodes.Add(Cast.Court), "partner.court_codes FIELD_INVALID"),
        Create(
            "A new court for courts that are none",
            r => { r.Partner.Kind = PartnerKind.Court; r.Partner.CourtCodes.Add(["测0199", "x"]); },
            "partner.court_codes[0] COURT_UNKNOWN", "partner.court_codes[1] FIELD_INVALID"),
        Create(
            "A new bank with a quota below nothing",
            r => r.Partner.Quota = new PartnerQuota { CallsPerSecond = -1 }, "partner.quota.calls_per_second FIELD_INVALID"),
        Refused("A partner that is there already", StatusCode.AlreadyExists, "PARTNER_EXISTS", NewPartner(r => r.PartnerId = "small-bank")),
    ];

    private static IEnumerable<TestCaseData> ChangedPartners =>
    [
        Row("A change of nothing", new UpdatePartnerRequest(), "partner.name FIELD_REQUIRED", "update_mask MASK_INVALID"),
        Row("A change of an unknown field", Change(SmallBank, _ => { }, "nonsense"), "update_mask MASK_INVALID"),
        Row("A change of a partner's kind", Change(SmallBank, p => p.Kind = PartnerKind.Operator, "kind"), "update_mask MASK_INVALID"),
        Row("A change of a partner's keys", Change(SmallBank, p => p.Keys.Clear(), "keys"), "update_mask MASK_INVALID"),
        Row("A change to no name", Change(SmallBank, p => p.DisplayName = "", "display_name"), "partner.display_name FIELD_REQUIRED"),
        Row(
            "A bank that is granted the operator's work",
            Change(SmallBank, p => p.Rpcs.Add("creditshare.v1.PartnerService/*"), "rpcs"), "partner.rpcs[0] RPC_NOT_GRANTABLE"),
        Refused(
            "A change of a partner that is not there",
            StatusCode.NotFound, "PARTNER_NOT_FOUND", Change("partners/nobody", p => p.Suspended = true, "suspended")),
        Refused(
            "A question about a partner that is not there",
            StatusCode.NotFound, "PARTNER_NOT_FOUND", new GetPartnerRequest { Name = "partners/nobody" }),
        Row("A question about a partner of no form", new GetPartnerRequest { Name = "nobody" }, "name NAME_FORM"),
        Refused("An operator that suspends itself", StatusCode.FailedPrecondition, "WOULD_LOCK_OUT", Change(Itself, p => p.Suspended = true, "suspended")),
        Refused("An operator that takes its own rights away", StatusCode.FailedPrecondition, "WOULD_LOCK_OUT", Change(Itself, _ => { }, "rpcs")),
    ];

    private static IEnumerable<TestCaseData> Keys =>
    [
        Row("A key that is missing", new AddPartnerKeyRequest { Name = SmallBank }, "certificate FIELD_REQUIRED"),
        Row(
            "A key that is no certificate",
            new AddPartnerKeyRequest { Name = SmallBank, Certificate = ByteString.CopyFromUtf8("hello") }, "certificate FIELD_INVALID"),
        Row(
            "A key of 8193 bytes",
            new AddPartnerKeyRequest { Name = SmallBank, Certificate = ByteString.CopyFrom(new byte[8_193]) }, "certificate FIELD_TOO_LONG"),
        Row(
            "A private key",
            new AddPartnerKeyRequest { Name = SmallBank, Certificate = ByteString.CopyFromUtf8("-----BEGIN PRIVATE KEY-----") }, "certificate FIELD_INVALID"),
        Row("A revocation of a key of no form", new RevokePartnerKeyRequest { Name = SmallBank, SpkiSha256 = "xyz" }, "spki_sha256 FIELD_INVALID"),
        Refused(
            "A revocation of a key that is not there", StatusCode.NotFound, "KEY_NOT_FOUND",
            new RevokePartnerKeyRequest { Name = SmallBank, SpkiSha256 = new string('a', 64) }),
    ];

    private static IEnumerable<TestCaseData> Courts =>
    [
        Row("An import of no courts", new ImportCourtsRequest(), "courts FIELD_REQUIRED"),
        Row(
            "An import of 5001 courts",
            new ImportCourtsRequest { Courts = { Enumerable.Range(0, 5_001).Select(_ => new Court()) } }, "courts FIELD_TOO_LONG"),
        Row(
            "An import of a court that is nothing at all", new ImportCourtsRequest { Courts = { new Court() } },
            "courts[0].code FIELD_REQUIRED", "courts[0].display_name FIELD_REQUIRED", "courts[0].level FIELD_REQUIRED"),
        Court("A court of an unknown parent", c => c.ParentCode = "测77", "parent_code COURT_TABLE_INVALID"),
        Court("A court of a parent of no form", c => c.ParentCode = "x", "parent_code FIELD_INVALID"),
        Court("A court of another level than its code", c => c.Level = CourtLevel.High, "level COURT_TABLE_INVALID"),
        Court("A court of the level 257", c => c.Level = (CourtLevel)257, "level FIELD_INVALID"),
        Court("A court with a NUL in its name", c => c.DisplayName = "法\0院", "display_name NAME_CHARACTER"),
        Court("A court whose name has 201 characters", c => c.DisplayName = new string('院', 201), "display_name FIELD_TOO_LONG"),
        Court("A court that begins on no day", c => c.ValidFrom = Cast.Day(2026, 2, 30), "valid_from DATE_INVALID"),
        Court("A court that ends before it begins", c => (c.ValidFrom, c.ValidTo) = (Cast.Day(2026, 2, 2), Cast.Day(2026, 2, 1)), "valid_to DATE_INVALID"),
    ];

    private static IEnumerable<TestCaseData> Pages =>
    [
        Row("A list of partners of size -1", new ListPartnersRequest { PageSize = -1 }, "page_size FIELD_INVALID"),
        Row("A list of partners from garbage", new ListPartnersRequest { PageToken = "!" }, "page_token PAGE_TOKEN_INVALID"),
        Row(
            "A list of partners from a token of courts",
            new ListPartnersRequest { PageToken = CommandRows.Forged("courts", "测") }, "page_token PAGE_TOKEN_INVALID"),
        Row(
            "A list of partners from a forged token",
            new ListPartnersRequest { PageToken = CommandRows.Forged("partners", "\0'") }, "page_token PAGE_TOKEN_INVALID"),
        Row("A list of courts of size 1001", new ListCourtsRequest { PageSize = 1_001 }, "page_size FIELD_INVALID"),
        Row("A list of courts from garbage", new ListCourtsRequest { PageToken = "=" }, "page_token PAGE_TOKEN_INVALID"),
        Row(
            "A list of courts from a forged token",
            new ListCourtsRequest { PageToken = CommandRows.Forged("courts", "no court") }, "page_token PAGE_TOKEN_INVALID"),
    ];

    private static CreatePartnerRequest NewPartner(Action<CreatePartnerRequest> spoil)
    {
        var request = new CreatePartnerRequest { PartnerId = "new-bank", Partner = new Partner { DisplayName = "测试新银行（虚构）", Kind = PartnerKind.Bank } };
        spoil(request);
        return request;
    }

    private static UpdatePartnerRequest Change(string name, Action<Partner> set, params string[] paths)
    {
        var partner = new Partner { Name = name };
        set(partner);
        return new UpdatePartnerRequest { Partner = partner, UpdateMask = new FieldMask { Paths = { paths } } };
    }

    private static TestCaseData Create(string sentence, Action<CreatePartnerRequest> spoil, params string[] violations) => Row(sentence, NewPartner(spoil), violations);

    private static TestCaseData Court(string sentence, Action<Court> spoil, string violation)
    {
        var court = new Court { Code = "测97", DisplayName = "测试第九十七中级法院（虚构）", Level = CourtLevel.Intermediate, ParentCode = "测" };
        spoil(court);
        return Row(sentence, new ImportCourtsRequest { Courts = { court } }, $"courts[0].{violation}");
    }

    private static TestCaseData Row(string sentence, IMessage request, params string[] violations)
    {
        var (reason, all) = BadInput.Violating(violations);
        return new BadInput { Sender = "operator", Requests = _ => [request], Reason = reason, Violations = all }.Named(sentence);
    }

    private static TestCaseData Refused(string sentence, StatusCode code, string reason, IMessage request) =>
        new BadInput { Sender = "operator", Code = code, Reason = reason, Requests = _ => [request] }.Named(sentence);
}
