using System.Net.Sockets;
using CreditShare.Storage.Postgres;
using Npgsql;
using NUnit.Framework;

namespace CreditShare.Tests.Storage;

/// <summary>Which of PostgreSQL's errors say that the server does not serve now, and which that it refused the rows.</summary>
internal sealed class PostgresErrorsTests
{
    [TestCase("08006", Description = "connection failure")]
    [TestCase("0A000", Description = "cached plan must not change result type")]
    [TestCase("25006", Description = "read-only transaction")]
    [TestCase("25P03", Description = "idle in transaction for too long")]
    [TestCase("26000", Description = "prepared statement does not exist")]
    [TestCase("28000", Description = "role may not log in")]
    [TestCase("28P01", Description = "wrong password")]
    [TestCase("3D000", Description = "database does not exist")]
    [TestCase("40001", Description = "serialization failure")]
    [TestCase("40P01", Description = "deadlock")]
    [TestCase("42501", Description = "permission denied")]
    [TestCase("53100", Description = "disk full")]
    [TestCase("55P03", Description = "lock not available")]
    [TestCase("57P01", Description = "terminated by an administrator")]
    [TestCase("58030", Description = "input or output error")]
    [TestCase("XX000", Description = "internal error")]
    public void A_server_that_does_not_serve_is_unavailable(string state) =>
        Assert.That(PostgresErrors.IsUnavailable(Refused(state)), Is.True);

    [TestCase("22001", Description = "text too long")]
    [TestCase("22P05", Description = "character that cannot be stored")]
    [TestCase("23505", Description = "key twice")]
    [TestCase("42601", Description = "syntax error")]
    [TestCase("42P01", Description = "no such table")]
    public void A_server_that_refuses_the_rows_is_not(string state) =>
        Assert.That(PostgresErrors.IsUnavailable(Refused(state)), Is.False);

    [Test]
    public void A_server_that_cannot_be_reached_is_unavailable()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(PostgresErrors.IsUnavailable(new NpgsqlException("lost")), Is.True);
            Assert.That(PostgresErrors.IsUnavailable(new SocketException()), Is.True);
            Assert.That(PostgresErrors.IsUnavailable(new TimeoutException()), Is.True);
            Assert.That(PostgresErrors.IsUnavailable(new InvalidCastException()), Is.False);
        }
    }

    private static PostgresException Refused(string state) => new("text", "ERROR", "ERROR", state);
}
