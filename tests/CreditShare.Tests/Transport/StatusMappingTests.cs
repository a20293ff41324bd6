using CreditShare.Server.Transport;
using CreditShare.V1;
using Google.Rpc;
using Grpc.Core;
using NUnit.Framework;

namespace CreditShare.Tests.Transport;

internal sealed class StatusMappingTests
{
    private static ErrorReason[] Reasons => Enum.GetValues<ErrorReason>();

    [TestCaseSource(nameof(Reasons))]
    public void Every_reason_has_a_code_a_name_and_a_sentence_in_both_languages(ErrorReason reason)
    {
        var text = ReasonTexts.Of(reason);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(StatusMapping.CodeFor(reason), Is.Not.EqualTo(StatusCode.OK));
            Assert.That(StatusMapping.WireName(reason), Does.Match("^[A-Z0-9_]+$").And.Not.Contains("ERROR_REASON"));
            Assert.That(text.English, Does.Match("^[A-Z][ -~]+\\.$"));
            Assert.That(text.Chinese, Does.Match("[\\u4e00-\\u9fff].*。$"));
        }
    }

    [Test]
    public void No_two_reasons_say_the_same() =>
        Assert.That(Reasons.Select(reason => ReasonTexts.Of(reason).English), Is.Unique.And.Not.Empty);

    [Test]
    public void A_refusal_carries_everything_a_client_needs()
    {
        var status = StatusMapping.ToStatus(new RefusedException(ErrorReason.FeedDiverged)
        {
            Metadata = new Dictionary<string, string> { ["epoch"] = "3" },
            RetryAfter = TimeSpan.FromSeconds(2),
            Violations = [new FieldProblem("from.hash", ErrorReason.FieldInvalid, "It has 32 bytes.")],
            Detail = "More.",
        });

        var info = status.GetDetail<ErrorInfo>();
        var violation = status.GetDetail<BadRequest>().FieldViolations[0];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(status.Code, Is.EqualTo((int)StatusCode.FailedPrecondition));
            Assert.That(status.Message, Does.EndWith("take a new export. More."));
            Assert.That((info.Reason, info.Domain, info.Metadata["epoch"]), Is.EqualTo(("FEED_DIVERGED", "creditshare", "3")));
            Assert.That(status.GetDetail<RetryInfo>().RetryDelay.ToTimeSpan(), Is.EqualTo(TimeSpan.FromSeconds(2)));
            Assert.That(status.GetDetail<LocalizedMessage>().Locale, Is.EqualTo("zh-CN"));
            Assert.That((violation.Field, violation.Reason), Is.EqualTo(("from.hash", "FIELD_INVALID")));
            Assert.That(violation.Description, Does.EndWith("It has 32 bytes."));
            Assert.That(violation.LocalizedMessage.Message, Is.EqualTo(ReasonTexts.Of(ErrorReason.FieldInvalid).Chinese));
        }
    }

    [Test]
    public void A_plain_refusal_says_nothing_about_retries_or_fields()
    {
        var status = StatusMapping.ToStatus(new RefusedException(ErrorReason.ListingNotFound));

        Assert.That(status.GetDetail<RetryInfo>(), Is.Null);
        Assert.That(status.GetDetail<BadRequest>(), Is.Null);
    }
}
