using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.IntegrationTests.MainJob;
using CreditShare.V1;
using Grpc.Core;
using Npgsql;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Faults;

/// <summary>A server that is told to stop.</summary>
[Needs(RealServer.Postgres)]
internal sealed class ShutdownTests
{
    [Test, CancelAfter(120_000)]
    public async Task SIGTERM_lets_a_command_finish_ends_followers_with_a_reason_and_leaves_no_address(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        await using var database = await PostgresDatabase.CreateAsync(cancellationToken);
        await using var server = await ServerProcess.ServeAsync(
            folder.Path,
            "Development",
            ["--Postgres:Migrate=true", .. ServerSettings.WithoutSecrets([$"--Postgres:ConnectionString={database.ConnectionString}"], folder.Path)],
            cancellationToken);
        using var court = TestIdentity.Of(server.DataFolder, "court").Connect(server.Address);
        using var department = TestIdentity.Of(server.DataFolder, "department").Connect(server.Address);
        using var follower = new FeedService.FeedServiceClient(department).FollowChanges(
            new FollowChangesRequest { From = new Cursor() }, cancellationToken: cancellationToken);
        await follower.ResponseHeadersAsync;
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(cancellationToken);

        // Step 1: a command that has reached the store and waits there.
        await using var hold = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, "SELECT sequence FROM journal_head FOR UPDATE", cancellationToken);
        var publishing = new ListingService.ListingServiceClient(court).PublishListingAsync(
            new PublishListingRequest
            {
                Parent = $"courts/{Cast.Court}",
                Listing = Cast.ListingOf("测试亥", Cast.Court, Cast.Resident(110_000)),
                RequestId = Cast.NewId(),
                Operator = "书记员",
            },
            cancellationToken: cancellationToken).ResponseAsync;
        await Shell.WaitUntilAsync(
            async token => await ExecuteAsync(connection, "SELECT count(*) FROM pg_locks WHERE NOT granted", token) is > 0L, "the command to wait", cancellationToken);

        // Step 2: the signal. The follower is told at once, and nobody finds the server any more.
        await server.TerminateAsync(cancellationToken);
        var told = await Refusal.OfAsync(follower.ResponseStream, cancellationToken);
        await Shell.WaitUntilAsync(_ => Task.FromResult(!File.Exists(Path.Combine(server.DataFolder, "address"))), "the address to go", cancellationToken);
        var wasWaiting = !publishing.IsCompleted;

        // Step 3: the store lets the command pass.
        await hold.RollbackAsync(cancellationToken);
        var receipt = (await publishing).Receipt;
        var code = await server.WaitAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((told.Code, told.Reason), Is.EqualTo((StatusCode.Unavailable, "SHUTTING_DOWN")));
            Assert.That(wasWaiting, Is.True, "the command was not under way when the server stopped");
            Assert.That(receipt.Position.Sequence, Is.EqualTo(1));
            Assert.That(await ExecuteAsync(connection, "SELECT sequence FROM journal_head", cancellationToken), Is.EqualTo(1L));
            Assert.That(code, Is.Zero, server.Output);
            Assert.That(Directory.GetFiles(server.DataFolder, "*address*"), Is.Empty);
        }
    }

    [Test, Needs(RealServer.PostgresProgram), CancelAfter(120_000)]
    public async Task SIGTERM_ends_a_server_whose_command_no_standby_confirms(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        await using var postgres = await PostgresProcess.StartAsync([], cancellationToken);
        await using var server = await ServerProcess.ServeAsync(
            folder.Path,
            "Development",
            ["--Postgres:Migrate=true", "--Listen:StopWithin=00:00:01", $"--Postgres:ConnectionString={postgres.ConnectionString}"],
            cancellationToken);
        using var court = TestIdentity.Of(server.DataFolder, "court").Connect(server.Address);
        await postgres.MissStandbyAsync(cancellationToken);
        var publishing = new ListingService.ListingServiceClient(court).PublishListingAsync(
            new PublishListingRequest
            {
                Parent = $"courts/{Cast.Court}",
                Listing = Cast.ListingOf("测试亥", Cast.Court, Cast.Resident(110_002)),
                RequestId = Cast.NewId(),
                Operator = "书记员",
            },
            cancellationToken: cancellationToken).ResponseAsync;
        await using var connection = new NpgsqlConnection(postgres.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await Shell.WaitUntilAsync(
            async token => await ExecuteAsync(
                connection, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND query = 'COMMIT'", token) is > 0L,
            "the command to wait",
            cancellationToken);

        await server.TerminateAsync(cancellationToken);
        var code = await server.WaitAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(code, Is.Zero, server.Output);
            Assert.That(async () => await publishing, Throws.InstanceOf<RpcException>());
            Assert.That(server.Output, Does.Contain("A commit still waits for a standby"));
        }
    }

    private static async Task<object?> ExecuteAsync(NpgsqlConnection connection, string statement, CancellationToken cancellationToken)
    {
        // The statements are those above.
#pragma warning disable CA2100
        await using var command = new NpgsqlCommand(statement, connection);
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
