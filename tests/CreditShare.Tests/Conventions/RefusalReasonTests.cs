using CreditShare.Core.Listings;
using CreditShare.Server.Transport;
using CreditShare.V1;
using NUnit.Framework;

namespace CreditShare.Tests.Conventions;

internal sealed class RefusalReasonTests
{
    [TestCaseSource(nameof(Reasons))]
    public void Every_reason_of_the_rules_has_the_same_name_in_the_contract(RefusalReason reason) =>
        Assert.That($"{RefusalMapping.ToReason(reason)}", Is.EqualTo($"{reason}").And.AnyOf([.. Enum.GetNames<ErrorReason>()]));

    private static RefusalReason[] Reasons() => Enum.GetValues<RefusalReason>();
}
