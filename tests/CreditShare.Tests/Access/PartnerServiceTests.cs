using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CreditShare.Server.Partners;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using PartnerService = CreditShare.Server.Partners.PartnerService;

namespace CreditShare.Tests.Access;

internal sealed class PartnerServiceTests
{
    private const string Administer = "creditshare.v1.PartnerService/*";

    [Test]
    public async Task A_partner_is_registered_as_it_was_sent()
    {
        using var gate = new Gate();
        var sent = new Partner
        {
            DisplayName = "测试银行（虚构）",
            Kind = PartnerKind.Bank,
            Rpcs = { "creditshare.v1.LookupService/*" },
            Views = { View.Public, View.Status },
            Purposes = { Purpose.Credit },
            Quota = new PartnerQuota { CallsPerSecond = 10, SubjectsPerSecond = 20 },
        };

        var created = await CallAsync(gate, (service, call) => service.CreatePartner(new CreatePartnerRequest { PartnerId = "bank-1", Partner = sent }, call));
        var read = await CallAsync(gate, (service, call) => service.GetPartner(new GetPartnerRequest { Name = "partners/bank-1" }, call));

        Assert.That(read.Partner, Is.EqualTo(created.Partner));
        var expected = sent.Clone();
        expected.Name = "partners/bank-1";
        expected.CreateTime = expected.UpdateTime = Timestamp.FromDateTimeOffset(gate.Clock.GetUtcNow());
        Assert.That(created.Partner, Is.EqualTo(expected));
    }

    [Test]
    public async Task Everything_that_is_wrong_is_told_at_once()
    {
        var refused = await RefusedAsync((service, call) => service.CreatePartner(
            new CreatePartnerRequest
            {
                PartnerId = "Bank",
                Partner = new Partner
                {
                    Name = "partners/other",
                    Kind = PartnerKind.Bank,
                    Rpcs = { "creditshare.v1.LookupService/CheckSubject", "creditshare.v1.ListingService/PublishListing", "nonsense" },
                    Views = { View.Unspecified },
                    Purposes = { Purpose.Credit, (Purpose)77 },
                    CourtCodes = { "京0105" },
                    Quota = new PartnerQuota { CallsPerSecond = -1 },
                },
            },
            call));

        Assert.That(refused.Reason, Is.EqualTo(ErrorReason.SeveralViolations));
        Assert.That(
            refused.Violations.Select(violation => (violation.Field, violation.Reason)),
            Is.EquivalentTo([
                ("partner_id", ErrorReason.NameForm),
                ("partner.name", ErrorReason.NameForm),
                ("partner.display_name", ErrorReason.FieldRequired),
                ("partner.rpcs[1]", ErrorReason.RpcNotGrantable),
                ("partner.rpcs[2]", ErrorReason.RpcNotGrantable),
                ("partner.views[0]", ErrorReason.FieldInvalid),
                ("partner.purposes[1]", ErrorReason.FieldInvalid),
                ("partner.court_codes", ErrorReason.FieldInvalid),
                ("partner.quota.calls_per_second", ErrorReason.FieldInvalid),
            ]));
    }

    [Test]
    public async Task A_court_is_granted_only_courts_that_exist()
    {
        var refused = await RefusedAsync((service, call) => service.CreatePartner(
            new CreatePartnerRequest
            {
                PartnerId = "court",
                Partner = new Partner { DisplayName = "x", Kind = PartnerKind.Court, CourtCodes = { "京0105", "京0199" }, PlatformCodes = { "？" } },
            },
            call));

        Assert.That(
            refused.Violations.Select(violation => (violation.Field, violation.Reason)),
            Is.EqualTo([("partner.court_codes[1]", ErrorReason.CourtUnknown), ("partner.platform_codes[0]", ErrorReason.FieldInvalid)]));
    }

    [Test]
    public async Task An_id_that_is_taken_is_refused()
    {
        var refused = await RefusedAsync((service, call) => service.CreatePartner(
            new CreatePartnerRequest { PartnerId = "bank", Partner = new Partner { DisplayName = "x", Kind = PartnerKind.Bank } }, call));

        Assert.That(refused.Reason, Is.EqualTo(ErrorReason.PartnerExists));
    }

    [Test]
    public async Task An_update_replaces_what_the_mask_names_and_nothing_else()
    {
        using var gate = await WithPartnersAsync();

        var updated = await CallAsync(gate, (service, call) => service.UpdatePartner(
            Update(new Partner { Name = "partners/bank", DisplayName = "New", Kind = PartnerKind.Court, Suspended = true, Views = { View.Full } }, "display_name", "views"),
            call));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(updated.Partner.DisplayName, Is.EqualTo("New"));
            Assert.That(updated.Partner.Views, Is.EqualTo([View.Full]));
            Assert.That((updated.Partner.Suspended, updated.Partner.Kind), Is.EqualTo((false, PartnerKind.Bank)));
            Assert.That(updated.Partner.Rpcs, Is.EqualTo(["creditshare.v1.LookupService/*"]));
        }
    }

    [Test]
    public async Task Private_ranges_are_kept_as_ranges_and_what_is_none_is_refused()
    {
        using var gate = await WithPartnersAsync();
        var sent = new Partner { Name = "partners/bank", AddressRanges = { "10.20.0.0/16", "fd00:1::/32", "10.20.0.0/16" } };
        var updated = await CallAsync(gate, (service, call) => service.UpdatePartner(Update(sent, "address_ranges"), call));
        sent.AddressRanges.Clear();
        sent.AddressRanges.Add(["10.20.1.0/16", "10.20.0.0", "0.0.0.0/0", "nonsense", "10.0.0.0/33"]);
        var refused = await Assert.ThrowsAsync<RefusedException>(
            () => CallAsync(gate, (service, call) => service.UpdatePartner(Update(sent, "address_ranges"), call)));

        Assert.That(updated.Partner.AddressRanges, Is.EqualTo(["10.20.0.0/16", "fd00:1::/32"]));
        Assert.That(
            refused!.Violations.Select(violation => (violation.Field, violation.Reason)),
            Is.EqualTo(Enumerable.Range(0, 5).Select(i => ($"partner.address_ranges[{i}]", ErrorReason.FieldInvalid))));
    }

    [TestCase]
    [TestCase("kind")]
    [TestCase("display_name", "keys")]
    public async Task A_mask_that_is_empty_or_names_what_cannot_change_is_refused(params string[] mask)
    {
        var refused = await RefusedAsync((service, call) => service.UpdatePartner(
            new UpdatePartnerRequest { Partner = new Partner { Name = "partners/bank", DisplayName = "x" }, UpdateMask = new FieldMask { Paths = { mask } } }, call));

        Assert.That(refused.Reason, Is.EqualTo(ErrorReason.MaskInvalid));
    }

    [Test]
    public async Task An_update_of_nobody_names_every_fault_it_can_see()
    {
        var refused = await RefusedAsync((service, call) => service.UpdatePartner(
            Update(new Partner { Name = "bank", Views = { (View)9 } }, "display_name", "views"), call));

        Assert.That(
            refused.Violations.Select(violation => violation.Field),
            Is.EquivalentTo(["partner.name", "partner.display_name", "partner.views[0]"]));
    }

    [TestCase("suspended")]
    [TestCase("rpcs")]
    public async Task An_operator_cannot_take_away_its_own_right_to_administer(string field)
    {
        var refused = await RefusedAsync((service, call) => service.UpdatePartner(
            Update(new Partner { Name = "partners/ops", Suspended = true, Rpcs = { "creditshare.v1.PartnerService/GetPartner" } }, field), call));

        Assert.That(refused.Reason, Is.EqualTo(ErrorReason.WouldLockOut));
    }

    [Test]
    public async Task An_operator_can_take_it_away_from_another()
    {
        using var gate = await WithPartnersAsync();

        var updated = await CallAsync(gate, (service, call) => service.UpdatePartner(
            Update(new Partner { Name = "partners/ops-2", Suspended = true }, "suspended"), call));

        Assert.That(updated.Partner.Suspended, Is.True);
    }

    [Test]
    public async Task What_another_operator_changed_meanwhile_is_not_lost()
    {
        using var gate = await WithPartnersAsync();
        gate.Store.Meanwhile = () => gate.Store.With(gate.Store["bank"] with { DisplayName = "Meanwhile" });

        var updated = await CallAsync(gate, (service, call) => service.UpdatePartner(
            Update(new Partner { Name = "partners/bank", Suspended = true }, "suspended"), call));

        Assert.That((updated.Partner.DisplayName, updated.Partner.Suspended), Is.EqualTo(("Meanwhile", true)));
    }

    [Test]
    public async Task Keys_rotate_two_at_a_time()
    {
        using var gate = await WithPartnersAsync();
        var added = await CallAsync(gate, (service, call) => service.AddPartnerKey(Add("partners/bank", Certificate(Strong)), call));

        var third = await Assert.ThrowsAsync<RefusedException>(
            () => CallAsync(gate, (service, call) => service.AddPartnerKey(Add("partners/bank", Certificate(Strong)), call)));
        var revoked = await CallAsync(gate, (service, call) => service.RevokePartnerKey(
            new RevokePartnerKeyRequest { Name = "partners/bank", SpkiSha256 = Gate.KeyOf("bank").ToUpperInvariant() }, call));
        var again = await Assert.ThrowsAsync<RefusedException>(() => CallAsync(gate, (service, call) => service.RevokePartnerKey(
            new RevokePartnerKeyRequest { Name = "partners/bank", SpkiSha256 = Gate.KeyOf("bank") }, call)));

        Assert.That(added.Partner.Keys, Has.Count.EqualTo(2));
        Assert.That(third!.Reason, Is.EqualTo(ErrorReason.TooManyKeys));
        Assert.That(revoked.Partner.Keys, Is.EqualTo([added.Partner.Keys[1]]));
        Assert.That(again!.Reason, Is.EqualTo(ErrorReason.KeyNotFound));
    }

    [Test]
    public async Task A_key_stands_for_one_partner_only()
    {
        using var gate = await WithPartnersAsync();
        var certificate = Certificate(Strong);
        await CallAsync(gate, (service, call) => service.AddPartnerKey(Add("partners/bank", certificate), call));

        var own = await Assert.ThrowsAsync<RefusedException>(() => CallAsync(gate, (service, call) => service.AddPartnerKey(Add("partners/bank", certificate), call)));
        var others = await Assert.ThrowsAsync<RefusedException>(() => CallAsync(gate, (service, call) => service.AddPartnerKey(Add("partners/ops", certificate), call)));

        Assert.That((own!.Reason, others!.Reason), Is.EqualTo((ErrorReason.KeyExists, ErrorReason.KeyExists)));
    }

    [Test]
    public async Task An_operator_cannot_revoke_its_own_last_key()
    {
        var refused = await RefusedAsync((service, call) => service.RevokePartnerKey(
            new RevokePartnerKeyRequest { Name = "partners/ops", SpkiSha256 = Gate.KeyOf("ops") }, call));

        Assert.That(refused.Reason, Is.EqualTo(ErrorReason.WouldLockOut));
    }

    private static IEnumerable<TestCaseData> BadCertificates()
    {
        yield return new TestCaseData(ByteString.Empty, ErrorReason.FieldRequired).SetName("A_missing_certificate_is_refused");
        yield return new TestCaseData(ByteString.CopyFromUtf8("nonsense"), ErrorReason.FieldInvalid).SetName("Bytes_that_are_no_certificate_are_refused");
        yield return new TestCaseData(ByteString.CopyFrom(new byte[8_193]), ErrorReason.FieldTooLong).SetName("A_certificate_over_8_KiB_is_refused");
        yield return new TestCaseData(Certificate(Weak), ErrorReason.FieldInvalid).SetName("A_weak_key_is_refused");
        yield return new TestCaseData(WithPrivateKey(), ErrorReason.FieldInvalid).SetName("A_private_key_is_refused");
    }

    [TestCaseSource(nameof(BadCertificates))]
    public async Task Bad(ByteString certificate, ErrorReason reason)
    {
        var refused = await RefusedAsync((service, call) => service.AddPartnerKey(Add("partners/bank", certificate), call));

        Assert.That((refused.Violations[0].Field, refused.Reason), Is.EqualTo(("certificate", reason)));
    }

    [Test]
    public async Task A_list_is_read_page_by_page_without_gap_or_repetition()
    {
        using var gate = await WithPartnersAsync();
        var names = new List<string>();
        var token = "";
        do
        {
            var page = await CallAsync(gate, (service, call) => service.ListPartners(new ListPartnersRequest { PageSize = 2, PageToken = token }, call));
            names.AddRange(page.Partners.Select(partner => partner.Name));
            token = page.NextPageToken;
        }
        while (token.Length > 0);

        Assert.That(names, Is.EqualTo(["partners/bank", "partners/ops", "partners/ops-2"]));
    }

    [Test]
    public async Task A_page_of_partners_with_much_to_tell_is_shorter_than_was_asked_for()
    {
        using var gate = await WithPartnersAsync();
        foreach (var id in new[] { "bank", "ops", "ops-2" }) gate.Store.With(gate.Store[id] with { DisplayName = new string('x', 600_000) });

        var page = await CallAsync(gate, (service, call) => service.ListPartners(new ListPartnersRequest(), call));

        Assert.That(page.Partners.Select(partner => partner.Name), Is.EqualTo(["partners/bank"]));
        Assert.That(page.NextPageToken, Is.Not.Empty);
    }

    [TestCase("partners/nobody", ErrorReason.PartnerNotFound)]
    [TestCase("nobody", ErrorReason.NameForm)]
    [TestCase("", ErrorReason.FieldRequired)]
    public async Task A_partner_that_is_not_there_is_told(string name, ErrorReason reason)
    {
        var refused = await RefusedAsync((service, call) => service.GetPartner(new GetPartnerRequest { Name = name }, call));

        Assert.That(refused.Reason, Is.EqualTo(reason));
    }

    private static async Task<Gate> WithPartnersAsync()
    {
        var gate = new Gate();
        await gate.RegisterAsync(
            Gate.Partner("ops", Core.Access.PartnerKind.Operator, Administer),
            Gate.Partner("ops-2", Core.Access.PartnerKind.Operator, Administer),
            Gate.Partner("bank", Core.Access.PartnerKind.Bank, "creditshare.v1.LookupService/*"));
        return gate;
    }

    private static async Task<T> CallAsync<T>(Gate gate, Func<PartnerService, ServerCallContext, Task<T>> method)
    {
        if (gate.Registry.Find(Gate.KeyOf("ops")) is null) await gate.RegisterAsync(Gate.Partner("ops", Core.Access.PartnerKind.Operator, Administer));
        var service = new PartnerService(
            new PartnerBook(gate.Store, gate.Registry, gate.Clock), gate.Courts, gate.Clock, NullLogger<PartnerService>.Instance);
        return await gate.Interceptor.UnaryServerHandler<string, WrapperOf<T>>(
            "", new FakeCall("/creditshare.v1.PartnerService/UpdatePartner", Gate.KeyOf("ops")),
            async (_, call) => new WrapperOf<T>(await method(service, call))) is { Value: var value } ? value : throw new AssertionException("No answer.");
    }

    private static async Task<RefusedException> RefusedAsync<T>(Func<PartnerService, ServerCallContext, Task<T>> method)
    {
        using var gate = await WithPartnersAsync();
        return (await Assert.ThrowsAsync<RefusedException>(() => CallAsync(gate, method)))!;
    }

    private static UpdatePartnerRequest Update(Partner partner, params string[] mask) =>
        new() { Partner = partner, UpdateMask = new FieldMask { Paths = { mask } } };

    private static AddPartnerKeyRequest Add(string name, ByteString certificate) => new() { Name = name, Certificate = certificate };

    private static CertificateRequest Strong() => new("CN=x", ECDsa.Create(ECCurve.NamedCurves.nistP256), HashAlgorithmName.SHA256);

    private static CertificateRequest Weak() => new("CN=x", RSA.Create(1_024), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    private static ByteString Certificate(Func<CertificateRequest> request)
    {
        using var certificate = request().CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return ByteString.CopyFrom(certificate.RawData);
    }

    private static ByteString WithPrivateKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return ByteString.CopyFromUtf8(certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
    }

    private sealed record WrapperOf<T>(T Value);
}
