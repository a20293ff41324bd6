using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.V1;
using Grpc.Core;
using Grpc.Health.V1;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Access;

internal sealed class TlsTests
{
    private const string ServerPurpose = "1.3.6.1.5.5.7.3.1";

    [Test, CancelAfter(60_000)]
    public async Task Every_development_identity_is_let_in(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.StartAsync(cancellationToken);

        foreach (var role in new[] { "court", "bank", "department", "operator", "auditor" })
        {
            var answer = await new CourtService.CourtServiceClient(server.As(role)).ListCourtsAsync(
                new ListCourtsRequest { PageSize = 1 }, cancellationToken: cancellationToken);

            Assert.That(answer.Courts, Has.Count.EqualTo(1), role);
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task Only_a_living_client_certificate_of_our_authority_passes_the_handshake(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.StartAsync(cancellationToken);
        var folder = server.DataFolder;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await CodeAsync(server, TestIdentity.OfAnotherAuthority(folder), cancellationToken), Is.EqualTo(StatusCode.Unavailable), "another authority");
            Assert.That(
                await CodeAsync(server, TestIdentity.Issue(folder, new CertificateWish { EndsIn = TimeSpan.FromHours(-1) }), cancellationToken),
                Is.EqualTo(StatusCode.Unavailable), "expired");
            Assert.That(
                await CodeAsync(server, TestIdentity.Issue(folder, new CertificateWish { Purpose = ServerPurpose }), cancellationToken),
                Is.EqualTo(StatusCode.Unavailable), "a server's certificate");
            Assert.That(
                await CodeAsync(server, TestIdentity.Of(folder, "bank") with { Certificate = null }, cancellationToken),
                Is.EqualTo(StatusCode.Unavailable), "no certificate");
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task A_good_certificate_whose_key_is_not_registered_is_unauthenticated(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.StartAsync(cancellationToken);
        using var channel = server.As(TestIdentity.Issue(server.DataFolder));

        var refusal = await Refusal.OfAsync(new CourtService.CourtServiceClient(channel).ListCourtsAsync(new ListCourtsRequest(), cancellationToken: cancellationToken));

        Assert.That(refusal, Is.EqualTo(new Refusal(StatusCode.Unauthenticated, "CALLER_UNKNOWN") { Violations = refusal.Violations }));
    }

    [Test, CancelAfter(60_000)]
    public async Task Health_is_told_to_whoever_has_a_certificate_and_on_the_management_port(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.StartAsync(cancellationToken);
        using var channel = server.As(TestIdentity.Issue(server.DataFolder));
        using var http = new HttpClient { BaseAddress = server.Management };

        var health = await new Health.HealthClient(channel).CheckAsync(new HealthCheckRequest(), cancellationToken: cancellationToken);
        var metrics = await http.GetStringAsync("/metrics", cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(health.Status, Is.EqualTo(HealthCheckResponse.Types.ServingStatus.Serving));
            Assert.That(await http.GetStringAsync("/health/ready", cancellationToken), Is.EqualTo("Healthy"));
            Assert.That(await http.GetStringAsync("/health/live", cancellationToken), Is.EqualTo("Healthy"));
            Assert.That(metrics, Does.Contain("creditshare_transport_call_duration_seconds_count"));
            Assert.That(
                (int)(await http.GetAsync("/creditshare.v1.CourtService/ListCourts", cancellationToken)).StatusCode, Is.EqualTo(404), "no RPC there");
        }
    }

    [Test, CancelAfter(60_000)]
    public async Task A_message_over_the_limit_is_refused_with_its_reason(CancellationToken cancellationToken)
    {
        await using var server = await TestServer.StartAsync(cancellationToken);
        var request = new ListCourtsRequest { PageToken = new string('x', 5 * 1024 * 1024) };

        var refusal = await Refusal.OfAsync(new CourtService.CourtServiceClient(server.As("bank")).ListCourtsAsync(request, cancellationToken: cancellationToken));

        Assert.That((refusal.Code, refusal.Reason), Is.EqualTo((StatusCode.ResourceExhausted, "MESSAGE_TOO_LARGE")));
    }

    private static async Task<StatusCode> CodeAsync(TestServer server, TestIdentity identity, CancellationToken cancellationToken)
    {
        using var channel = server.As(identity);
        try
        {
            await new CourtService.CourtServiceClient(channel).ListCourtsAsync(
                new ListCourtsRequest(), deadline: DateTime.UtcNow.AddSeconds(10), cancellationToken: cancellationToken);
            return StatusCode.OK;
        }
        catch (RpcException exception)
        {
            return exception.StatusCode;
        }
    }
}
