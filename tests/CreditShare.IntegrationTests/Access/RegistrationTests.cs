using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Access;

internal sealed class RegistrationTests
{
    [Test, CancelAfter(60_000)]
    public async Task A_partner_may_what_it_was_granted_from_the_moment_it_has_a_key(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.StartAsync(cancellationToken);
        var identity = TestIdentity.Issue(server.DataFolder);
        using var channel = server.As(identity);
        var operators = new PartnerService.PartnerServiceClient(server.As("operator"));

        var created = await operators.CreatePartnerAsync(
            new CreatePartnerRequest
            {
                PartnerId = "bank-of-test",
                Partner = new Partner { DisplayName = "测试银行（虚构）", Kind = PartnerKind.Bank, Rpcs = { "creditshare.v1.FeedService/GetHead" } },
            },
            cancellationToken: cancellationToken);
        var before = await Refusal.OfAsync(new FeedService.FeedServiceClient(channel).GetHeadAsync(new GetHeadRequest(), cancellationToken: cancellationToken));
        await operators.AddPartnerKeyAsync(
            new AddPartnerKeyRequest { Name = created.Partner.Name, Certificate = ByteString.CopyFrom(identity.Certificate!.RawData) },
            cancellationToken: cancellationToken);
        var head = await new FeedService.FeedServiceClient(channel).GetHeadAsync(new GetHeadRequest(), cancellationToken: cancellationToken);
        var denied = await Refusal.OfAsync(new PartnerService.PartnerServiceClient(channel).ListPartnersAsync(new ListPartnersRequest(), cancellationToken: cancellationToken));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(before.Reason, Is.EqualTo("CALLER_UNKNOWN"));
            Assert.That(head.Head.Epoch, Is.EqualTo(1));
            Assert.That((denied.Code, denied.Reason), Is.EqualTo((StatusCode.PermissionDenied, "RPC_NOT_GRANTED")));
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task A_quota_that_is_used_up_says_when_to_try_again(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.StartAsync(cancellationToken);
        await new PartnerService.PartnerServiceClient(server.As("operator")).UpdatePartnerAsync(
            new UpdatePartnerRequest
            {
                Partner = new Partner { Name = "partners/dev-bank", Quota = new PartnerQuota { CallsPerSecond = 1 } },
                UpdateMask = FieldMask.FromStringEnumerable<Partner>(["quota"]),
            },
            cancellationToken: cancellationToken);
        var bank = new CourtService.CourtServiceClient(server.As("bank"));

        await bank.ListCourtsAsync(new ListCourtsRequest(), cancellationToken: cancellationToken);
        var refusal = await Refusal.OfAsync(bank.ListCourtsAsync(new ListCourtsRequest(), cancellationToken: cancellationToken));

        Assert.That((refusal.Code, refusal.Reason), Is.EqualTo((StatusCode.ResourceExhausted, "QUOTA_EXCEEDED")));
        Assert.That(refusal.RetryAfter, Is.InRange(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1)));
    }

    [Test, CancelAfter(60_000)]
    public async Task Registrations_and_courts_outlive_the_server(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        await using (var server = await TestServer.StartAsync(new TestServerSetup { DataFolder = folder.Path }, cancellationToken))
        {
            await new PartnerService.PartnerServiceClient(server.As("operator")).UpdatePartnerAsync(
                new UpdatePartnerRequest
                {
                    Partner = new Partner { Name = "partners/dev-bank", Suspended = true },
                    UpdateMask = FieldMask.FromStringEnumerable<Partner>(["suspended"]),
                },
                cancellationToken: cancellationToken);
            await new CourtService.CourtServiceClient(server.As("operator")).ImportCourtsAsync(
                new ImportCourtsRequest
                {
                    Courts = { new Court { Code = "测98", DisplayName = "测试第九十八中级法院（虚构）", Level = CourtLevel.Intermediate, ParentCode = "测" } },
                },
                cancellationToken: cancellationToken);
        }

        await using var again = await TestServer.StartAsync(new TestServerSetup { DataFolder = folder.Path }, cancellationToken);
        var courts = await new CourtService.CourtServiceClient(again.As("court")).ListCourtsAsync(
            new ListCourtsRequest { PageSize = 1_000 }, cancellationToken: cancellationToken);
        var refusal = await Refusal.OfAsync(new CourtService.CourtServiceClient(again.As("bank")).ListCourtsAsync(new ListCourtsRequest(), cancellationToken: cancellationToken));

        Assert.That(courts.Courts.Select(court => court.Code), Has.One.EqualTo("测98"));
        Assert.That(refusal.Reason, Is.EqualTo("PARTNER_SUSPENDED"));
    }
}
