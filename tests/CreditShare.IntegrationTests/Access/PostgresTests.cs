using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Access;

[Needs(RealServer.Postgres)]
internal sealed class PostgresTests
{
    [Test, CancelAfter(120_000)]
    public async Task An_empty_database_is_refused_until_it_is_migrated(CancellationToken cancellationToken)
    {
        await using var database = await PostgresDatabase.CreateAsync(cancellationToken);
        using var folder = new TemporaryFolder();
        var settings = ServerSettings.WithoutSecrets([Setting(database)], folder.Path);

        var refused = await ServerProcess.RunAsync(folder.Path, "Development", settings, cancellationToken);
        var migrated = await ServerProcess.RunAsync(folder.Path, "Development", ["migrate", .. settings], cancellationToken);
        var verified = await ServerProcess.RunAsync(folder.Path, "Development", ["verify", .. settings], cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused.Code, Is.EqualTo(1), refused.Output);
            Assert.That(refused.Output, Does.Contain("migrate"));
            Assert.That(migrated.Code, Is.Zero, migrated.Output);
            Assert.That(verified.Code, Is.Zero, verified.Output);
        }
    }

    [Test, CancelAfter(120_000)]
    public async Task What_one_node_takes_away_ends_streams_on_the_other_within_5_s(CancellationToken cancellationToken)
    {
        await using var database = await PostgresDatabase.CreateAsync(cancellationToken);
        await using var first = await TestServer.StartAsync(new TestServerSetup { Settings = [Setting(database)] }, cancellationToken);
        await using var second = await TestServer.StartAsync(
            new TestServerSetup { Settings = [Setting(database)], Beside = first }, cancellationToken);
        using var stream = new FeedService.FeedServiceClient(second.As("department")).FollowChanges(
            new FollowChangesRequest { View = View.Public, From = new Cursor() }, cancellationToken: cancellationToken);
        await stream.ResponseHeadersAsync;

        await new PartnerService.PartnerServiceClient(first.As("operator")).UpdatePartnerAsync(
            new UpdatePartnerRequest
            {
                Partner = new Partner { Name = "partners/dev-department", Suspended = true },
                UpdateMask = FieldMask.FromStringEnumerable<Partner>(["suspended"]),
            },
            cancellationToken: cancellationToken);

        var refusal = await Refusal.OfAsync(stream.ResponseStream, cancellationToken).WaitAsync(TimeSpan.FromSeconds(5), cancellationToken);
        Assert.That((refusal.Code, refusal.Reason), Is.EqualTo((StatusCode.PermissionDenied, "PARTNER_SUSPENDED")));
    }

    private static string Setting(PostgresDatabase database) => $"--Postgres:ConnectionString={database.ConnectionString}";
}
