using CreditShare.Server.Lookup;
using CreditShare.Server.Store;
using NUnit.Framework;

namespace CreditShare.Tests.Settings;

/// <summary>Secrets are files: a setting shows up in process lists and in support requests.</summary>
internal sealed class SecretTests
{
    [TestCase("Host=db;Password=x")]
    [TestCase("Host=db;PSW=x")]
    [TestCase("Host=db;PWD=x")]
    [TestCase("Host=db;Ssl Password=x")]
    public void A_password_of_PostgreSQL_is_refused_in_whatever_form(string text) =>
        Assert.That(Refusal(text), Does.Contain("Postgres:PasswordFile"));

    [TestCase("Host=db;Hots=other")]
    [TestCase("Host=db;Port=many")]
    [TestCase("=")]
    public void A_connection_string_that_cannot_be_read_is_refused_in_words(string text) =>
        Assert.That(Refusal(text), Does.Contain("Postgres:ConnectionString is no connection string"));

    [TestCase(null)]
    [TestCase("")]
    [TestCase("Host=db,other;Username=password;Database=pwd")]
    public void Other_connection_strings_are_let_through(string? text) =>
        Assert.That(new PostgresOptionsValidator().Validate(null, new PostgresOptions { ConnectionString = text }).Succeeded);

    [TestCase("cache:6379,password=x", "Redis:PasswordFile")]
    [TestCase("cache:6379,connectTimeout=soon", "Redis:ConnectionString is no configuration")]
    public void A_configuration_of_Redis_with_a_password_or_a_fault_is_refused(string text, string named) => Assert.That(
        new RedisOptionsValidator().Validate(null, new RedisOptions { ConnectionString = text }).FailureMessage, Does.Contain(named));

    [TestCase("")]
    [TestCase("cache:6379,other:6379,ssl=true")]
    public void Other_configurations_of_Redis_are_let_through(string text) =>
        Assert.That(new RedisOptionsValidator().Validate(null, new RedisOptions { ConnectionString = text }).Succeeded);

    private static string? Refusal(string text) =>
        new PostgresOptionsValidator().Validate(null, new PostgresOptions { ConnectionString = text }).FailureMessage;
}
