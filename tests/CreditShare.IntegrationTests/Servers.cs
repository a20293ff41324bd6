using CreditShare.IntegrationTests.Infrastructure;
using Npgsql;
using NUnit.Framework;
using StackExchange.Redis;

namespace CreditShare.IntegrationTests;

/// <summary>The servers of this run, which tests/run.sh starts or somebody names in the environment.</summary>
/// <remarks>A test that needs one carries <see cref="NeedsAttribute"/>.</remarks>
[SetUpFixture]
internal sealed class Servers
{
    private const int OldestPostgres = 15;

    /// <summary>An Npgsql connection string whose user may create databases; null if there is none.</summary>
    public static string? Postgres { get; } = Named("CREDITSHARE_TEST_POSTGRES");

    /// <summary>A StackExchange.Redis configuration; null if there is none.</summary>
    public static string? Redis { get; } = Named("CREDITSHARE_TEST_REDIS");

    /// <summary>Whether a missing server is a failure.</summary>
    public static bool IsContinuousIntegration { get; } = Environment.GetEnvironmentVariable("CI") == "true";

    [OneTimeSetUp]
    public static async Task MeetThem()
    {
        if (Postgres is not null)
        {
            await using var connection = new NpgsqlConnection(Postgres);
            await connection.OpenAsync();
            Assert.That(connection.PostgreSqlVersion.Major, Is.AtLeast(OldestPostgres), "CREDITSHARE_TEST_POSTGRES is too old");
        }

        if (Redis is not null)
        {
            await using var connection = await ConnectionMultiplexer.ConnectAsync(Redis);
            await connection.GetDatabase().PingAsync();
        }

        foreach (var missing in Enum.GetValues<RealServer>().Where(server => !NeedsAttribute.IsThere(server)))
        {
            await TestContext.Progress.WriteLineAsync($"Tests that need {missing} are left out: {NeedsAttribute.HowToGet(missing)}");
        }
    }

    private static string? Named(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
