using System.Runtime.Versioning;
using System.Security.Cryptography;
using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Grpc.Core;
using Grpc.Reflection.V1Alpha;
using Microsoft.Data.Sqlite;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Access;

[Platform(Exclude = "Win", Reason = "signals and file modes")]
[UnsupportedOSPlatform("windows")]
internal sealed class ProgramTests
{
    [Test, CancelAfter(120_000)]
    public async Task A_first_start_leaves_what_the_command_line_needs_and_says_what_to_type(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.ServeAsync(folder.Path, "Development", [], cancellationToken);
        var keys = Directory.GetFiles(server.DataFolder, "key.pem", SearchOption.AllDirectories);

        // It is said after the address is told, which is what was waited for.
        await Shell.WaitUntilAsync(_ => Task.FromResult(server.Output.Contains("creditshare demo", StringComparison.Ordinal)), "what to type", cancellationToken);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(keys, Has.Length.EqualTo(DevelopmentIdentities.Roles.Length + 2), "the roles, the server, the authority");
            Assert.That(keys.Select(File.GetUnixFileMode), Is.All.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }
    }

    [Test, CancelAfter(120_000)]
    public async Task A_killed_server_starts_again_with_the_same_identities_and_ends_well_on_SIGTERM(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        await using (var killed = await ServerProcess.ServeAsync(folder.Path, "Development", [], cancellationToken))
        {
            await killed.KillAsync(cancellationToken);
        }

        var identity = TestIdentity.Of(Path.Combine(folder.Path, "creditshare-data"), "bank");
        await using var server = await ServerProcess.ServeAsync(folder.Path, "Development", [], cancellationToken);
        using (var channel = identity.Connect(server.Address))
        {
            await new CourtService.CourtServiceClient(channel).ListCourtsAsync(new ListCourtsRequest(), cancellationToken: cancellationToken);
        }

        await server.TerminateAsync(cancellationToken);
        Assert.That(await server.WaitAsync(cancellationToken), Is.Zero, server.Output);
        Assert.That(File.Exists(Path.Combine(server.DataFolder, "address")), Is.False);
    }

    [Test, CancelAfter(120_000)]
    public async Task A_server_whose_index_cannot_be_loaded_ends_with_an_exit_code_that_says_so(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        await using (var server = await ServerProcess.ServeAsync(folder.Path, "Development", [], cancellationToken))
        {
            await server.TerminateAsync(cancellationToken);
            await server.WaitAsync(cancellationToken);
        }

        var file = Directory.GetFiles(Path.Combine(folder.Path, "creditshare-data"), "*.db", SearchOption.AllDirectories).Single();
        await using (var database = new SqliteConnection($"Data Source={file};Pooling=False"))
        {
            await database.OpenAsync(cancellationToken);
            await using var command = new SqliteCommand("DROP TABLE document", database);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        var (code, output) = await ServerProcess.RunAsync(
            folder.Path, "Development", ["--Listen:Port=0", "--Listen:ManagementPort=0"], cancellationToken);

        Assert.That(code, Is.EqualTo(1), output);
    }

    [Test, CancelAfter(120_000)]
    public async Task In_production_the_first_operator_is_registered_on_the_machine_itself(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        var settings = await ProductionAsync(folder.Path, cancellationToken);
        var made = DevelopmentIdentities.Ensure(Path.Combine(folder.Path, "pki"), TimeProvider.System);

        var added = await ServerProcess.RunAsync(
            folder.Path, "Production", ["operator", "add", "--id", "ops", "--certificate", "pki/identities/operator/cert.pem", .. settings], cancellationToken);
        var twice = await ServerProcess.RunAsync(
            folder.Path, "Production", ["operator", "add", "--id", "ops", "--certificate", "pki/identities/operator/cert.pem", .. settings], cancellationToken);
        await using var server = await ServerProcess.ServeAsync(folder.Path, "Production", settings, cancellationToken);
        using var channel = TestIdentity.Of(Path.Combine(folder.Path, "pki"), "operator").Connect(server.Address);
        var partners = await new PartnerService.PartnerServiceClient(channel).ListPartnersAsync(
            new ListPartnersRequest(), cancellationToken: cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(added.Code, Is.Zero, added.Output);
            Assert.That(added.Output, Does.Contain(made.Fingerprints["operator"]));
            Assert.That(twice.Code, Is.EqualTo(1), twice.Output);
            Assert.That(partners.Partners.Select(partner => partner.Name), Is.EqualTo(["partners/ops"]));
            Assert.That(server.Output, Does.StartWith("{"), "JSON, a line an event");
        }
    }

    [Test, CancelAfter(120_000)]
    public async Task The_contract_is_reflected_in_development_and_not_in_production(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        var settings = await ProductionAsync(folder.Path, cancellationToken);
        await ServerProcess.RunAsync(
            folder.Path, "Production", ["operator", "add", "--id", "ops", "--certificate", "pki/identities/operator/cert.pem", .. settings], cancellationToken);
        await using var development = await TestServer.StartAsync(cancellationToken);
        await using var production = await ServerProcess.ServeAsync(folder.Path, "Production", settings, cancellationToken);
        using var channel = TestIdentity.Of(Path.Combine(folder.Path, "pki"), "operator").Connect(production.Address);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await ReflectedAsync(development.As("operator"), cancellationToken), Does.Contain("creditshare.v1.ListingService"));
            Assert.That(
                async () => await ReflectedAsync(channel, cancellationToken),
                Throws.TypeOf<RpcException>().With.Property(nameof(RpcException.StatusCode)).EqualTo(StatusCode.Unimplemented));
        }
    }

    [Test, CancelAfter(120_000)]
    public async Task Verify_proves_an_untouched_journal(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();

        var (code, output) = await ServerProcess.RunAsync(folder.Path, "Development", ["verify"], cancellationToken);

        Assert.That((code, output), Is.EqualTo((0, $"The chain holds: 0 changes, epoch 1, hash {new string('0', 64)}.\n")));
    }

    [TestCase("Production", "serve", 1, "Tls:ClientAuthorityFile")]
    [TestCase("Production", "verify", 1, "Keys:MasterKeyFile")]
    [TestCase("Development", "--Listen:Prot=1", 1, "Prot")]
    [TestCase("Development", "--Postgers:ConnectionString=Host=db", 1, "under Postgers; Postgres is")]
    [TestCase("Development", "--Listen:Port=70000", 1, "Port")]
    [TestCase("Development", "--Tls:KeyFile=absent.pem", 1, "Tls:CertificateFile")]
    [TestCase("Development", "--Postgres:ConnectionString=Host=x;Password=y", 1, "Postgres:PasswordFile")]
    [TestCase("Development", "--Postgres:ConnectionString=Host=127.0.0.1;Port=1;Timeout=1", 1, "does not start")]
    [TestCase("Development", "sevre", 2, "Usage")]
    [CancelAfter(120_000)]
    public async Task A_wrong_setting_is_named_and_nothing_starts(
        string environment, string argument, int code, string named, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();

        var result = await ServerProcess.RunAsync(folder.Path, environment, [argument], cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Code, Is.EqualTo(code), result.Output);
            Assert.That(result.Output, Does.Contain(named).And.Not.Contains("   at "), "a sentence, no trace");
        }
    }

    private static async Task<string[]> ProductionAsync(string folder, CancellationToken cancellationToken)
    {
        DevelopmentIdentities.Ensure(Path.Combine(folder, "pki"), TimeProvider.System);
        var master = Path.Combine(folder, "master.key");
        await File.WriteAllBytesAsync(master, RandomNumberGenerator.GetBytes(32), cancellationToken);
        File.SetUnixFileMode(master, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return [$"--Keys:MasterKeyFile={master}", .. Tls(folder)];
    }

    private static async Task<string> ReflectedAsync(ChannelBase channel, CancellationToken cancellationToken)
    {
        using var call = new ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo(cancellationToken: cancellationToken);
        var answer = call.ResponseStream.MoveNext(cancellationToken);
        try
        {
            await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "*" }, cancellationToken);
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException)
        {
            // The call was over before; its answer says why.
        }

        await answer;
        return string.Join(' ', call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name));
    }

    private static string[] Tls(string folder) =>
    [
        $"--Tls:CertificateFile={folder}/pki/server/cert.pem",
        $"--Tls:KeyFile={folder}/pki/server/key.pem",
        $"--Tls:ClientAuthorityFile={folder}/pki/authority/cert.pem",
    ];
}
