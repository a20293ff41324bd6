using CreditShare.Server.Transport;
using CreditShare.V1;
using NUnit.Framework;

namespace CreditShare.Tests.Transport;

internal sealed class PageTokenTests
{
    [TestCase("courts", "京0105")]
    [TestCase("listings\n测01\nactive", "0197b0c0-0000-7000-8000-000000000000")]
    public void A_token_leads_back_to_its_place_in_its_list(string list, string last)
    {
        var problems = new Problems();

        Assert.That(PageToken.TryRead(PageToken.Of(list, last), list, problems, out var read), Is.True);
        Assert.That((read, problems.IsEmpty), Is.EqualTo((last, true)));
    }

    [TestCase("!")]
    [TestCase("bm90IGEgdG9rZW4")]
    [TestCase("Y291cnRz")]
    public void Anything_else_is_refused(string token)
    {
        var problems = new Problems();

        Assert.That(PageToken.TryRead(token, "courts", problems, out _), Is.False);
        Assert.That(problems.Found[0].Reason, Is.EqualTo(ErrorReason.PageTokenInvalid));
    }

    [Test]
    public void A_token_of_another_list_is_refused()
    {
        var problems = new Problems();

        Assert.That(PageToken.TryRead(PageToken.Of("partners", "x"), "courts", problems, out _), Is.False);
        Assert.That(problems.Has("page_token"), Is.True);
    }

    [TestCase(0, 100, true)]
    [TestCase(1, 1, true)]
    [TestCase(1_000, 1_000, true)]
    [TestCase(1_001, 100, false)]
    [TestCase(-1, 100, false)]
    public void A_page_has_1_to_1000_elements(int asked, int given, bool allowed)
    {
        var problems = new Problems();

        Assert.That((PageToken.ReadSize(asked, problems), problems.IsEmpty), Is.EqualTo((given, allowed)));
    }
}
