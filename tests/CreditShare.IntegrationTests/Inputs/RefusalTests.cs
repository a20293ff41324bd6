using NUnit.Framework;

namespace CreditShare.IntegrationTests.Inputs;

/// <summary>Bad input of every kind: the caller is told all that is wrong, by code, reason and field, nothing of anybody, and nothing is written.</summary>
internal sealed class RefusalTests
{
    private static Desk s_desk = null!;

    [OneTimeSetUp]
    public static async Task OpenDesk() => s_desk = await Desk.OpenAsync(CancellationToken.None);

    [OneTimeTearDown]
    public static async Task CloseDesk() => await s_desk.DisposeAsync();

    [CancelAfter(30_000)]
    [TestCaseSource(typeof(PublicationRows), nameof(PublicationRows.All))]
    [TestCaseSource(typeof(LawRows), nameof(LawRows.All))]
    [TestCaseSource(typeof(CommandRows), nameof(CommandRows.All))]
    [TestCaseSource(typeof(QueryRows), nameof(QueryRows.All))]
    [TestCaseSource(typeof(ScreeningRows), nameof(ScreeningRows.All))]
    [TestCaseSource(typeof(FeedRows), nameof(FeedRows.All))]
    [TestCaseSource(typeof(PushRows), nameof(PushRows.All))]
    [TestCaseSource(typeof(RegistryRows), nameof(RegistryRows.All))]
    [TestCaseSource(typeof(AccessRows), nameof(AccessRows.All))]
    public async Task Refused(BadInput input, CancellationToken cancellationToken)
    {
        var before = await s_desk.LookAsync(cancellationToken);
        var requests = input.Requests(s_desk);

        var refusal = await s_desk.RefusalOfAsync(input, requests, cancellationToken);

        Assert.That(refusal, Is.Not.Null, "it was taken");
        var told = refusal!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((told.Code, told.Reason), Is.EqualTo((input.Code, input.Reason)), told.ToString());
            Assert.That(told.Violations, Is.EquivalentTo(input.Violations));
            Assert.That(input.Metadata, Is.SubsetOf(told.Metadata));
            Assert.That(
                requests.SelectMany(SentTexts.OfSomebody).Concat(Desk.Listed).Where(text => told.Text.Contains(text, StringComparison.Ordinal)),
                Is.Empty, "the refusal repeats what names somebody");
            Assert.That(await s_desk.LookAsync(cancellationToken), Is.EqualTo(before), "something was written");
        }
    }
}
