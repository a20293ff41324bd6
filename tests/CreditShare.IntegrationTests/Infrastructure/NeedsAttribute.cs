using NUnit.Framework;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace CreditShare.IntegrationTests.Infrastructure;

/// <summary>What a test can need of the machine.</summary>
internal enum RealServer
{
    /// <summary>The run's own PostgreSQL; each test makes a <see cref="PostgresDatabase"/> in it.</summary>
    Postgres,

    /// <summary>The run's own Redis; each test takes a <see cref="RedisSpace"/> of it.</summary>
    Redis,

    /// <summary>The programs of PostgreSQL, for a server that the test may kill: <see cref="PostgresProcess"/>.</summary>
    PostgresProgram,

    /// <summary>The program of Redis, for a server that the test may kill, flush or stop: <see cref="RedisProcess"/>.</summary>
    RedisProgram,

    /// <summary>Node, and the packages of tests/tools: clients of another make.</summary>
    ForeignTools,
}

/// <summary>Marks a fixture or test that needs real servers. Where one is missing it is left out and says why; with CI=true it fails.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class NeedsAttribute(params RealServer[] servers) : NUnitAttribute, IApplyToTest
{
    /// <summary>What must be there.</summary>
    public IReadOnlyList<RealServer> Servers => servers;

    /// <summary>Whether this run has it.</summary>
    public static bool IsThere(RealServer server) => server switch
    {
        RealServer.Postgres => IntegrationTests.Servers.Postgres is not null,
        RealServer.Redis => IntegrationTests.Servers.Redis is not null,
        RealServer.PostgresProgram => PostgresProcess.Programs is not null,
        RealServer.RedisProgram => RedisProcess.Program is not null,
        RealServer.ForeignTools => ForeignClient.ForeignTools.AreThere,
        _ => throw new ArgumentOutOfRangeException(nameof(server)),
    };

    /// <summary>What to do about a missing one.</summary>
    public static string HowToGet(RealServer server) => server switch
    {
        RealServer.Postgres => "run tests/run.sh, or name a server in CREDITSHARE_TEST_POSTGRES.",
        RealServer.Redis => "run tests/run.sh, or name a server in CREDITSHARE_TEST_REDIS.",
        RealServer.PostgresProgram => "install PostgreSQL 15 or later.",
        RealServer.RedisProgram => "install Redis or Valkey.",
        RealServer.ForeignTools => "run tests/run.sh, or name a node_modules folder in CREDITSHARE_TEST_TOOLS.",
        _ => throw new ArgumentOutOfRangeException(nameof(server)),
    };

    public void ApplyToTest(Test test)
    {
        if (test.RunState == RunState.NotRunnable || servers.Where(server => !IsThere(server)).ToList() is not { Count: > 0 } missing) return;

        var reason = string.Join(" ", missing.Select(server => $"{server} is missing: {HowToGet(server)}"));
        if (IntegrationTests.Servers.IsContinuousIntegration)
        {
            test.MakeInvalid(reason);
            return;
        }

        test.RunState = RunState.Skipped;
        test.Properties.Set(PropertyNames.SkipReason, reason);
    }
}
