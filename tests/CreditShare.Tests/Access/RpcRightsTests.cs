using CreditShare.Server.Access;
using CreditShare.V1;
using Google.Protobuf.Reflection;
using NUnit.Framework;
using PartnerKind = CreditShare.Core.Access.PartnerKind;

namespace CreditShare.Tests.Access;

internal sealed class RpcRightsTests
{
    [Test]
    public void The_table_holds_every_rpc_of_the_contract_and_no_other()
    {
        var contract = typeof(ErrorReason).Assembly.GetTypes()
            .Select(type => type.GetProperty("Descriptor")?.GetMethod)
            .Where(getter => getter is { IsStatic: true } && getter.ReturnType == typeof(ServiceDescriptor))
            .Select(getter => (ServiceDescriptor)getter!.Invoke(null, null)!)
            .Where(service => service.FullName != "creditshare.v1.ChangeReceiver") // Implemented by partners; we call it.
            .SelectMany(service => service.Methods)
            .Select(method => $"{method.Service.FullName}/{method.Name}")
            .ToList();

        Assert.That(contract, Is.Not.Empty, "nothing was scanned");
        Assert.That(
            RpcRights.All.Select(right => right.Method).Where(method => !method.StartsWith("grpc.", StringComparison.Ordinal)),
            Is.EquivalentTo(contract));
    }

    [Test]
    public void Only_the_court_list_health_and_reflection_need_no_grant() =>
        Assert.That(
            RpcRights.All.Where(right => right.Openness != RpcOpenness.Granted).Select(right => right.Method),
            Is.All.Matches("^(grpc\\.(health|reflection)\\.|creditshare\\.v1\\.CourtService/ListCourts$)"));

    [Test]
    public void Every_rpc_that_needs_a_grant_can_be_granted_to_somebody() =>
        Assert.That(RpcRights.All.Where(right => right.Openness == RpcOpenness.Granted && right.Kinds.IsEmpty), Is.Empty);

    [TestCase("creditshare.v1.ListingService/PublishListing", PartnerKind.Court, true)]
    [TestCase("creditshare.v1.ListingService/PublishListing", PartnerKind.Bank, false)]
    [TestCase("creditshare.v1.ListingService/*", PartnerKind.Operator, false)]
    [TestCase("creditshare.v1.LookupService/*", PartnerKind.Department, true)]
    [TestCase("creditshare.v1.LookupService/*", PartnerKind.Operator, false)]
    [TestCase("creditshare.v1.PartnerService/*", PartnerKind.Auditor, true)]
    [TestCase("creditshare.v1.PartnerService/UpdatePartner", PartnerKind.Auditor, false)]
    [TestCase("creditshare.v1.SubscriptionService/CreateSubscription", PartnerKind.Bank, true)]
    [TestCase("creditshare.v1.SubscriptionService/CreateSubscription", PartnerKind.Operator, false)]
    [TestCase("creditshare.v1.SubscriptionService/ListSubscriptions", PartnerKind.Operator, true)]
    [TestCase("creditshare.v1.SubscriptionService/*", PartnerKind.Court, false)]
    [TestCase("creditshare.v1.FeedService/AcknowledgeChanges", PartnerKind.Bank, false)]
    [TestCase("creditshare.v1.PropagationService/*", PartnerKind.Court, true)]
    [TestCase("creditshare.v1.PropagationService/*", PartnerKind.Department, false)]
    [TestCase("creditshare.v1.MeasureService/ReportMeasure", PartnerKind.Court, false)]
    [TestCase("creditshare.v1.MeasureService/ListMeasures", PartnerKind.Court, true)]
    [TestCase("creditshare.v1.ChangeReceiver/ReceiveChanges", PartnerKind.Department, false)]
    [TestCase("creditshare.v1.LookupService/check", PartnerKind.Bank, false)]
    [TestCase("creditshare.v1.*", PartnerKind.Operator, false)]
    [TestCase("/*", PartnerKind.Operator, false)]
    [TestCase("*", PartnerKind.Operator, false)]
    [TestCase("", PartnerKind.Operator, false)]
    [TestCase("grpc.health.v1.Health/Check", PartnerKind.Bank, false)]
    public void Only_what_its_kind_allows_can_be_granted(string granted, PartnerKind kind, bool can) =>
        Assert.That(RpcRights.CanGrant(granted, kind), Is.EqualTo(can));

    [Test]
    public void A_whole_service_grants_only_what_the_kind_allows()
    {
        var paths = RpcRights.PathsOf(Gate.Partner("auditor", PartnerKind.Auditor, "creditshare.v1.PartnerService/*"));

        Assert.That(
            paths.Where(path => path.Contains("PartnerService", StringComparison.Ordinal)),
            Is.EquivalentTo(["/creditshare.v1.PartnerService/GetPartner", "/creditshare.v1.PartnerService/ListPartners"]));
    }
}
