using CreditShare.Core.Listings;
using CreditShare.V1;
using NUnit.Framework;

namespace CreditShare.Tests.Conventions;

internal sealed class RefusalReasonTests
{
    [TestCaseSource(nameof(Reasons))]
    public void Every_reason_of_the_rules_has_its_counterpart_in_the_contract(string reason) =>
        Assert.That(Enum.GetNames<ErrorReason>(), Does.Contain(reason));

    private static string[] Reasons() => Enum.GetNames<RefusalReason>();
}
