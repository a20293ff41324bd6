using System.Reflection;
using CreditShare.Server;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace CreditShare.Tests.Settings;

internal sealed class KnownSectionsTests
{
    [Test]
    public void Every_section_of_the_program_is_known()
    {
        var sections = typeof(KnownSections).Assembly.GetTypes()
            .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal))
            .Select(type => type.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue())
            .Where(section => section is not null)
            .ToList();

        Assert.That(sections, Is.Not.Empty);
        Assert.That(KnownSections.Own, Is.EquivalentTo(sections));
    }

    [TestCase("Postgers:ConnectionString", "Postgres")]
    [TestCase("POSTGRE:ConnectionString", "Postgres")]
    [TestCase("Reddis:PasswordFile", "Redis")]
    [TestCase("Lookups:AnswerValidity", "Lookup")]
    public void A_section_that_nobody_reads_is_refused_with_the_one_that_was_meant(string key, string meant) => Assert.That(
        () => KnownSections.Check(Settings(key)),
        Throws.TypeOf<OptionsValidationException>().With.Message.Contains(key.Split(':')[0]).And.Message.Contains($"{meant} is"));

    [TestCase("Postgres:ConnectionString")]
    [TestCase("postgres:connectionstring")]
    [TestCase("Logging:LogLevel:Default")]
    [TestCase("environment")]
    public void Others_are_let_through(string key) => Assert.That(() => KnownSections.Check(Settings(key)), Throws.Nothing);

    private static IConfiguration Settings(string key) =>
        new ConfigurationBuilder().AddInMemoryCollection([new KeyValuePair<string, string?>(key, "x")]).Build();
}
