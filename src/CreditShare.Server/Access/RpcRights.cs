using System.Collections.Frozen;
using System.Collections.Immutable;
using CreditShare.Core.Access;

namespace CreditShare.Server.Access;

/// <summary>Who may call an RPC at all.</summary>
internal enum RpcOpenness
{
    /// <summary>Only partners to whom it was granted.</summary>
    Granted,

    /// <summary>Every registered partner that is not suspended.</summary>
    EveryCaller,

    /// <summary>Whoever has a certificate of our authority.</summary>
    Anyone,
}

/// <summary>What must be true of a caller of an RPC.</summary>
/// <param name="Method">The RPC: <c>package.Service/Method</c>.</param>
/// <param name="Openness">Who may call it.</param>
/// <param name="Kinds">Partners of these kinds may be granted it.</param>
internal sealed record RpcRight(string Method, RpcOpenness Openness, ImmutableArray<PartnerKind> Kinds);

/// <summary>The one table of rights: what is not in it is denied. A test compares it with every RPC of the contract.</summary>
internal static class RpcRights
{
    private const string Package = "creditshare.v1.";

    private static readonly PartnerKind[] Everyone =
        [PartnerKind.Court, PartnerKind.Bank, PartnerKind.Department, PartnerKind.Operator, PartnerKind.Auditor];

    private static readonly PartnerKind[] Acting = [PartnerKind.Bank, PartnerKind.Department];

    private static readonly PartnerKind[] Asking = [PartnerKind.Court, PartnerKind.Bank, PartnerKind.Department];

    private static readonly (string Service, string[] Methods, PartnerKind[] Kinds)[] Grantable =
    [
        ("ListingService",
            [
                "PublishListing", "ConfirmListing", "CancelListing", "CorrectListing", "ExtendListing", "WithdrawListing",
                "RevokeListing", "GetListing", "ListListings", "ListListingVersions", "ImportListings",
            ],
            [PartnerKind.Court]),
        ("LookupService", ["CheckSubject", "BatchCheckSubjects", "GetAnswer", "ScreenSubjects", "FindCandidates"], Asking),
        ("FeedService", ["FollowChanges", "ListChanges", "ExportListings", "AcknowledgeChanges"], [PartnerKind.Department]),
        ("FeedService", ["GetHead"], Everyone),
        ("SubscriptionService",
            [
                "CreateSubscription", "UpdateSubscription", "PauseSubscription", "ResumeSubscription", "ReplaySubscription",
                "DeleteSubscription", "TestSubscription",
            ],
            Acting),
        ("SubscriptionService", ["GetSubscription", "ListSubscriptions", "ListDeliveryAttempts"], [.. Acting, PartnerKind.Operator]),
        ("PropagationService", ["GetPropagation", "ListOutstanding"], [PartnerKind.Court, PartnerKind.Operator]),
        ("MeasureService", ["ReportMeasure"], Acting),
        ("MeasureService", ["ListMeasures"], Everyone),
        ("PartnerService", ["CreatePartner", "UpdatePartner", "AddPartnerKey", "RevokePartnerKey"], [PartnerKind.Operator]),
        ("PartnerService", ["GetPartner", "ListPartners"], [PartnerKind.Operator, PartnerKind.Auditor]),
        ("CourtService", ["ImportCourts"], [PartnerKind.Operator]),
    ];

    private static readonly RpcRight[] Open =
    [
        new(Package + "CourtService/ListCourts", RpcOpenness.EveryCaller, [.. Everyone]),
        new("grpc.health.v1.Health/Check", RpcOpenness.Anyone, []),
        new("grpc.health.v1.Health/List", RpcOpenness.Anyone, []),
        new("grpc.health.v1.Health/Watch", RpcOpenness.Anyone, []),

        // Mapped in development only.
        new("grpc.reflection.v1.ServerReflection/ServerReflectionInfo", RpcOpenness.Anyone, []),
        new("grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", RpcOpenness.Anyone, []),
    ];

    /// <summary>Every RPC that can be called.</summary>
    public static ImmutableArray<RpcRight> All { get; } =
    [
        .. Grantable.SelectMany(row => row.Methods.Select(
            method => new RpcRight($"{Package}{row.Service}/{method}", RpcOpenness.Granted, [.. row.Kinds]))),
        .. Open,
    ];

    // Keyed as gRPC names a method, with the slash in front, so that a call costs no new string.
    private static readonly FrozenDictionary<string, RpcRight> ByPath = All.ToFrozenDictionary(right => "/" + right.Method, StringComparer.Ordinal);

    /// <summary>The right for a method as <c>ServerCallContext.Method</c> names it; null if there is none, which denies it.</summary>
    public static RpcRight? Find(string path) => ByPath.GetValueOrDefault(path);

    /// <summary>Whether a partner of that kind can be granted this: an RPC, or <c>package.Service/*</c> for all of a service that its kind allows.</summary>
    public static bool CanGrant(string granted, PartnerKind kind) => All.Any(right => Covers(granted, right) && right.Kinds.Contains(kind));

    /// <summary>The paths of all RPCs that a partner may call: granted to it and allowed to its kind, or open to every caller.</summary>
    public static FrozenSet<string> PathsOf(Partner partner) => All
        .Where(right => right.Openness switch
        {
            RpcOpenness.Granted => right.Kinds.Contains(partner.Kind) && partner.Rpcs.Any(granted => Covers(granted, right)),
            RpcOpenness.EveryCaller => true,
            RpcOpenness.Anyone => true,
        })
        .Select(right => "/" + right.Method)
        .ToFrozenSet(StringComparer.Ordinal);

    private static bool Covers(string granted, RpcRight right) => granted.EndsWith("/*", StringComparison.Ordinal)
        ? right.Method.StartsWith(granted[..^1], StringComparison.Ordinal)
        : right.Method == granted;
}
