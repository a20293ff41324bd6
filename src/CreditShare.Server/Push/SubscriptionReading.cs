using System.Buffers.Text;
using System.Collections.Immutable;
using System.Net;
using CreditShare.Core.Journal;
using CreditShare.Core.Push;
using CreditShare.Server.Access;
using CreditShare.Server.Changes;
using CreditShare.Server.Mapping;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Google.Protobuf.Collections;
using Partner = CreditShare.Core.Access.Partner;
using View = CreditShare.Core.Access.View;

namespace CreditShare.Server.Push;

/// <summary>What a partner wishes, read from the contract and checked.</summary>
/// <param name="DisplayName">For people.</param>
/// <param name="Filter">Which changes.</param>
/// <param name="View">How much of each listing.</param>
/// <param name="Delivery">How they travel; null when a problem stands.</param>
internal sealed record SubscriptionWish(string DisplayName, ListingFilter Filter, View View, Delivery? Delivery);

/// <summary>Reads subscriptions from the contract; everything wrong at once.</summary>
internal sealed class SubscriptionReading(CourtDirectory courts, IEndpointRules rules)
{
    private const int MaxDisplayName = 200;
    private const int MaxEndpoint = 2_000;
    private const int MaxSecrets = 2;
    private const int MinSecretBytes = 24;
    private const int MaxSecretBytes = 64;
    private const string SecretPrefix = "whsec_";
    private const string FollowPath = "creditshare.v1.FeedService/FollowChanges";

    /// <summary>Reads a whole subscription, at <c>subscription</c> in the request.</summary>
    /// <exception cref="RefusedException">VIEW_NOT_GRANTED.</exception>
    public SubscriptionWish ReadWish(V1.Subscription sent, Caller caller, Problems problems)
    {
        var name = ReadDisplayName(sent.DisplayName, problems);
        var filter = FeedQuery.ReadFilter(sent.Filter, courts, problems, "subscription.filter");
        var delivery = ReadDelivery(sent, caller.Partner, problems);
        return new SubscriptionWish(name, filter, FeedQuery.ReadView(sent.View, caller, problems, "subscription.view"), delivery);
    }

    /// <summary>Puts the fields named by the mask into a subscription.</summary>
    /// <param name="sent">What was sent.</param>
    /// <param name="mask">Fields to replace.</param>
    /// <param name="present">The subscription before.</param>
    /// <param name="partner">Whose it is.</param>
    /// <param name="problems">What is wrong; the result is usable only if it is empty.</param>
    public Core.Push.Subscription Apply(
        V1.Subscription sent, IReadOnlyCollection<string> mask, Core.Push.Subscription present, Partner partner, Problems problems)
    {
        var changed = present;
        foreach (var field in mask)
        {
            changed = (field, changed.Delivery) switch
            {
                ("display_name", _) => changed with { DisplayName = ReadDisplayName(sent.DisplayName, problems) },
                ("grpc.endpoint", Delivery.Grpc grpc) => changed with
                {
                    Delivery = grpc with { Endpoint = ReadGrpcEndpoint(sent.Grpc, partner, problems) ?? grpc.Endpoint },
                },
                ("grpc.server_spki_sha256", Delivery.Grpc grpc) => changed with
                {
                    Delivery = grpc with { ServerSpkiSha256 = ReadKey(sent.Grpc?.ServerSpkiSha256 ?? "", problems) },
                },
                ("webhook.url", Delivery.Webhook webhook) => changed with
                {
                    Delivery = webhook with { Endpoint = ReadUrl(sent.Webhook, partner, problems) ?? webhook.Endpoint },
                },
                ("webhook.secrets", Delivery.Webhook webhook) => changed with
                {
                    Delivery = webhook with { Secrets = ReadSecrets(sent.Webhook?.Secrets ?? [], isRequired: true, problems) },
                },
                _ => RefuseMask(changed, problems),
            };
        }

        return changed;
    }

    private static Core.Push.Subscription RefuseMask(Core.Push.Subscription subscription, Problems problems)
    {
        problems.Add(
            "update_mask", ErrorReason.MaskInvalid,
            "It names display_name, and by the kind of delivery grpc.endpoint, grpc.server_spki_sha256, webhook.url, webhook.secrets.");
        return subscription;
    }

    private static string ReadDisplayName(string text, Problems problems) =>
        ValueMapping.ReadText(text, "subscription.display_name", MaxDisplayName, problems);

    private Delivery? ReadDelivery(V1.Subscription sent, Partner partner, Problems problems)
    {
        switch (sent.DeliveryCase)
        {
            case V1.Subscription.DeliveryOneofCase.Pull:
                if (!RpcRights.CanGrant(FollowPath, partner.Kind)) problems.Add("subscription.pull", ErrorReason.FieldInvalid, "Only a department can fetch.");
                return new Delivery.Pull();

            case V1.Subscription.DeliveryOneofCase.Grpc:
                var endpoint = ReadGrpcEndpoint(sent.Grpc, partner, problems);
                var key = ReadKey(sent.Grpc.ServerSpkiSha256, problems);
                return endpoint is null ? null : new Delivery.Grpc(endpoint, key);

            case V1.Subscription.DeliveryOneofCase.Webhook:
                var url = ReadUrl(sent.Webhook, partner, problems);
                var secrets = ReadSecrets(sent.Webhook.Secrets, isRequired: false, problems);
                return url is null ? null : new Delivery.Webhook(url, secrets);

            default:
                problems.Add("subscription.delivery", ErrorReason.FieldRequired, "One of pull, grpc and webhook.");
                return null;
        }
    }

    private Uri? ReadGrpcEndpoint(GrpcDelivery? grpc, Partner partner, Problems problems)
    {
        const string Path = "subscription.grpc.endpoint";
        var endpoint = ReadEndpoint(grpc?.Endpoint ?? "", Path, partner, problems);
        if (endpoint is null || endpoint.PathAndQuery is "/" or "") return endpoint;

        problems.Add(Path, ErrorReason.EndpointNotAllowed, "The form is https://host:port.");
        return null;
    }

    private Uri? ReadUrl(WebhookDelivery? webhook, Partner partner, Problems problems) =>
        ReadEndpoint(webhook?.Url ?? "", "subscription.webhook.url", partner, problems);

    private Uri? ReadEndpoint(string text, string path, Partner partner, Problems problems)
    {
        if (text.Length is 0 or > MaxEndpoint)
        {
            problems.Add(path, text.Length == 0 ? ErrorReason.FieldRequired : ErrorReason.FieldTooLong, null);
            return null;
        }

        if (text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c == '\\')
            || !Uri.TryCreate(text, UriKind.Absolute, out var endpoint)
            || endpoint.Scheme != Uri.UriSchemeHttps || endpoint.Host.Length == 0
            || endpoint.UserInfo.Length > 0 || text.Contains('#', StringComparison.Ordinal) || endpoint.Port == 0)
        {
            problems.Add(path, ErrorReason.EndpointNotAllowed, "It is an https address without user and fragment.");
            return null;
        }

        // What a name resolves to is checked at each connection; a literal, however it is written, can be refused here.
        if (LiteralOf(endpoint) is not { } address || rules.Allows(address, partner.AddressRanges)) return endpoint;

        problems.Add(path, ErrorReason.EndpointNotAllowed, "Deliveries may not go to that address.");
        return null;
    }

    /// <summary>The address that a host stands for without asking anybody; null for a name.</summary>
    private static IPAddress? LiteralOf(Uri endpoint)
    {
        var host = endpoint.IdnHost.TrimEnd('.');
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase))
        {
            return IPAddress.Loopback;
        }

        return IPAddress.TryParse(host, out var address) ? address : null;
    }

    private static string ReadKey(string text, Problems problems)
    {
        const string Path = "subscription.grpc.server_spki_sha256";
        if (text.Length == 0) problems.Add(Path, ErrorReason.FieldRequired, null);
        else if (text.Length != KeyFingerprint.Length || !text.All(char.IsAsciiHexDigit)) problems.Add(Path, ErrorReason.FieldInvalid, "64 hexadecimal digits.");
        return text.ToLowerInvariant();
    }

    private static ImmutableArray<string> ReadSecrets(RepeatedField<string> secrets, bool isRequired, Problems problems)
    {
        const string Path = "subscription.webhook.secrets";
        if (isRequired && secrets.Count == 0) problems.Add(Path, ErrorReason.FieldRequired, null);
        if (secrets.Count > MaxSecrets) problems.Add(Path, ErrorReason.FieldTooLong, $"At most {MaxSecrets}.");
        foreach (var (i, secret) in secrets.Take(MaxSecrets).Index())
        {
            if (!IsSecret(secret)) problems.Add($"{Path}[{i}]", ErrorReason.SecretInvalid, null);
        }

        return [.. secrets.Distinct(StringComparer.Ordinal)];
    }

    private static bool IsSecret(string text) =>
        text.StartsWith(SecretPrefix, StringComparison.Ordinal)
        && text.Length <= SecretPrefix.Length + Base64.GetMaxEncodedToUtf8Length(MaxSecretBytes)
        && Base64.IsValid(text.AsSpan(SecretPrefix.Length), out var bytes)
        && bytes is >= MinSecretBytes and <= MaxSecretBytes
        && !text.Any(char.IsWhiteSpace);
}
