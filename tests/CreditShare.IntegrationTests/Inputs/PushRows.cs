using CreditShare.IntegrationTests.MainJob;
using CreditShare.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Inputs;

/// <summary>Wishes for changes that nobody gets, acknowledgements of what was never there, measures because of nothing.</summary>
internal static class PushRows
{
    private const string Secret = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz";

    public static IEnumerable<TestCaseData> All => [.. Wishes, .. Endpoints, .. Updates, .. Names, .. Acknowledgements, .. Measures, .. Propagation];

    private static IEnumerable<TestCaseData> Wishes =>
    [
        Wish(
            "A webhook with a secret that is too short", s => s.Webhook.Secrets.Add(["whsec_c2hvcnQ=", Secret]),
            "subscription.webhook.secrets[0] SECRET_INVALID"),
        Wish("A subscription to a court that is unknown", s => s.Filter = new ChangeFilter { CourtCodes = { "测0199" } }, "subscription.filter.court_codes[0] COURT_UNKNOWN"),
        Wish("A subscription to a region that is none", s => s.Filter = new ChangeFilter { Regions = { "nowhere" } }, "subscription.filter.regions[0] FIELD_INVALID"),
        Wish(
            "A subscription to an unknown kind of subject", s => s.Filter = new ChangeFilter { SubjectKind = (SubjectKind)99 },
            "subscription.filter.subject_kind FIELD_INVALID"),
        Wish("A subscription without delivery", s => s.ClearDelivery(), "subscription.delivery FIELD_REQUIRED"),
        Wish(
            "A subscription with everything wrong",
            s =>
            {
                s.DisplayName = "\0";
                s.View = (View)259;
                s.Grpc = new GrpcDelivery { Endpoint = "https://grpc.example.test/path", ServerSpkiSha256 = "x" };
            },
            "subscription.display_name FIELD_INVALID", "subscription.view FIELD_INVALID",
            "subscription.grpc.endpoint ENDPOINT_NOT_ALLOWED", "subscription.grpc.server_spki_sha256 FIELD_INVALID"),
        Row(
            "A subscription that begins beyond the head", "department",
            _ => Create(s => s.Webhook.Url = "https://hooks.example.test/", new Cursor { Sequence = 1_000 }), StatusCode.OutOfRange, "CURSOR_AHEAD"),
        Row("An id that has another content", "department", _ => Pull(Desk.Subscription), StatusCode.AlreadyExists, "SUBSCRIPTION_EXISTS"),
    ];

    private static IEnumerable<TestCaseData> Endpoints =>
    [
        Endpoint("A webhook without TLS", "http://hooks.example.test/"),
        Endpoint("A webhook in a private network", "https://10.1.2.3/"),
        Endpoint("A webhook in the carrier's network", "https://100.64.0.9/"),
        Endpoint("A webhook at a link-local address", "https://169.254.169.254/"),
        Endpoint("A webhook at a decimal address", "https://167837953/"),
        Endpoint("A webhook at an octal address", "https://012.1.2.3/"),
        Endpoint("A webhook at a hexadecimal address", "https://0x0a.1.2.3/"),
        Endpoint("A webhook at an IPv4 address in IPv6", "https://[::ffff:10.1.2.3]/"),
        Endpoint("A webhook at an IPv4 address behind NAT64", "https://[64:ff9b::a01:203]/"),
        Endpoint("A webhook at a unique local address", "https://[fd00::9]/"),
        Endpoint("A webhook at the unspecified address", "https://0.0.0.0/"),
        Endpoint("A webhook with a user", "https://a:b@hooks.example.test/"),
        Endpoint("A webhook that is no address", "hooks.example.test"),
        Grpc("A gRPC receiver without TLS", "http://grpc.example.test:8443"),
        Grpc("A gRPC receiver in a private network", "https://192.168.1.9:8443"),
    ];

    private static IEnumerable<TestCaseData> Updates =>
    [
        Update("An update to a webhook without TLS", w => w.Url = "http://hooks.example.test/", "webhook.url", "ENDPOINT_NOT_ALLOWED"),
        Update("An update to a webhook in a private network", w => w.Url = "https://172.16.0.1/", "webhook.url", "ENDPOINT_NOT_ALLOWED"),
        Update("An update to no secret", _ => { }, "webhook.secrets", "FIELD_REQUIRED"),
        Update("An update to a secret that is too short", w => w.Secrets.Add("whsec_c2hvcnQ="), "webhook.secrets", "SECRET_INVALID", "[0]"),
    ];

    private static IEnumerable<TestCaseData> Names =>
    [
        Row(
            "A subscription for another partner", "department",
            _ => new CreateSubscriptionRequest { Parent = "partners/dev-bank", SubscriptionId = "mine", Subscription = new Subscription { Pull = new PullDelivery() } },
            StatusCode.PermissionDenied, "PARTNER_NOT_YOURS"),
        Row(
            "A look at another partner's subscription", "bank", _ => new GetSubscriptionRequest { Name = Desk.SubscriptionName },
            StatusCode.PermissionDenied, "PARTNER_NOT_YOURS"),
        Row(
            "A pause of a subscription that is not there", "department",
            _ => new PauseSubscriptionRequest { Name = "partners/dev-department/subscriptions/none" }, StatusCode.NotFound, "SUBSCRIPTION_NOT_FOUND"),
        Row(
            "A test of a pull subscription", "department", _ => new TestSubscriptionRequest { Name = Desk.SubscriptionName },
            StatusCode.FailedPrecondition, "SUBSCRIPTION_STATE"),
        Row(
            "A replay from beyond what was accepted", "department",
            _ => new ReplaySubscriptionRequest { Name = Desk.SubscriptionName, AfterSequence = 4 }, StatusCode.OutOfRange, "CURSOR_AHEAD"),
        Row(
            "An update of what never changes", "department",
            _ => new UpdateSubscriptionRequest
            {
                Subscription = new Subscription { Name = Desk.SubscriptionName },
                UpdateMask = new FieldMask { Paths = { "filter" } },
            },
            StatusCode.InvalidArgument, "MASK_INVALID", "update_mask MASK_INVALID"),
    ];

    private static IEnumerable<TestCaseData> Acknowledgements =>
    [
        Acknowledge("An acknowledgement beyond the head", 1_000, 0, StatusCode.OutOfRange, "CURSOR_AHEAD"),
        Acknowledge("An acknowledgement backwards", 2, 0, StatusCode.OutOfRange, "CURSOR_BEHIND"),
        Acknowledge("An application backwards", 3, 1, StatusCode.OutOfRange, "CURSOR_BEHIND"),
        Acknowledge("An application of what is not stored", 3, 4, StatusCode.InvalidArgument, "FIELD_INVALID", "applied_sequence FIELD_INVALID"),
    ];

    private static IEnumerable<TestCaseData> Measures =>
    [
        Measure(
            "A measure for an unknown listing", (m, _) => m.Listing = $"courts/{Cast.Court}/listings/{Guid.NewGuid():D}",
            StatusCode.NotFound, "LISTING_NOT_FOUND"),
        Measure("A measure for a listing in grace", (m, desk) => m.Listing = desk.InGrace.Name, StatusCode.NotFound, "LISTING_NOT_FOUND"),
        Measure(
            "A measure of an unknown code", (m, _) => m.Code = "7.9", StatusCode.InvalidArgument, "MEASURE_CODE_UNKNOWN", "measure.code MEASURE_CODE_UNKNOWN"),
        Measure(
            "A lifting of what was never reported", (m, _) => (m.Outcome, m.LiftTime) = (MeasureOutcome.Lifted, At(2026, 11, 20)),
            StatusCode.NotFound, "MEASURE_NOT_FOUND"),
        Measure(
            "A measure in the future without a ground",
            (m, _) => (m.ApplyTime, m.LegalBasis, m.ListingVersion) = (At(2030, 1, 1), "", 0), StatusCode.InvalidArgument, "SEVERAL_VIOLATIONS",
            "measure.apply_time FIELD_INVALID", "measure.legal_basis FIELD_REQUIRED", "measure.listing_version FIELD_INVALID"),
    ];

    private static IEnumerable<TestCaseData> Propagation =>
    [
        Row("A look at the propagation of a listing in grace", "operator", desk => new GetPropagationRequest { Name = desk.InGrace.Name }, StatusCode.NotFound, "LISTING_NOT_FOUND"),
        Row(
            "A list of what will be outstanding", "operator", _ => new ListOutstandingRequest { OlderThan = new Duration { Seconds = -1 }, Partner = "x" },
            StatusCode.InvalidArgument, "SEVERAL_VIOLATIONS", "older_than FIELD_INVALID", "partner NAME_FORM"),
    ];

    private static Timestamp At(int year, int month, int day) => Timestamp.FromDateTimeOffset(new DateTimeOffset(year, month, day, 0, 0, 0, TimeSpan.Zero));

    private static CreateSubscriptionRequest Pull(string id) => new()
    {
        Parent = "partners/dev-department",
        SubscriptionId = id,
        Subscription = new Subscription { DisplayName = "another", Pull = new PullDelivery() },
    };

    private static CreateSubscriptionRequest Create(Action<Subscription> set, Cursor? start = null)
    {
        var subscription = new Subscription { Webhook = new WebhookDelivery { Url = "https://hooks.example.test/" } };
        set(subscription);
        return new CreateSubscriptionRequest { Parent = "partners/dev-department", SubscriptionId = "bad", Subscription = subscription, Start = start };
    }

    private static TestCaseData Wish(string sentence, Action<Subscription> set, params string[] violations) =>
        Row(sentence, "department", _ => Create(set), StatusCode.InvalidArgument, BadInput.Violating(violations).Reason, violations);

    private static TestCaseData Endpoint(string sentence, string url) =>
        Wish(sentence, s => s.Webhook.Url = url, "subscription.webhook.url ENDPOINT_NOT_ALLOWED");

    private static TestCaseData Grpc(string sentence, string endpoint) => Wish(
        sentence, s => s.Grpc = new GrpcDelivery { Endpoint = endpoint, ServerSpkiSha256 = new string('a', 64) },
        "subscription.grpc.endpoint ENDPOINT_NOT_ALLOWED");

    private static TestCaseData Update(string sentence, Action<WebhookDelivery> set, string field, string reason, string item = "")
    {
        var webhook = new WebhookDelivery();
        set(webhook);
        return Row(
            sentence, "department",
            _ => new UpdateSubscriptionRequest
            {
                Subscription = new Subscription { Name = Desk.PausedName, Webhook = webhook },
                UpdateMask = new FieldMask { Paths = { field } },
            },
            StatusCode.InvalidArgument, reason, $"subscription.{field}{item} {reason}");
    }

    private static TestCaseData Acknowledge(
        string sentence, long accepted, long applied, StatusCode code, string reason, params string[] violations) => Row(
        sentence, "department",
        _ => new AcknowledgeChangesRequest { Subscription = Desk.SubscriptionName, Accepted = new Cursor { Sequence = accepted }, AppliedSequence = applied },
        code, reason, violations);

    private static TestCaseData Measure(string sentence, Action<Measure, Desk> set, StatusCode code, string reason, params string[] violations) => Row(
        sentence, "department",
        desk =>
        {
            var measure = new Measure
            {
                Reference = "bad-1",
                Listing = desk.Published.Name,
                ListingVersion = 1,
                Code = "7.1",
                Outcome = MeasureOutcome.Blocked,
                LegalBasis = "法释〔2017〕7号",
                ApplyTime = At(2026, 11, 20),
                Operator = "clerk-1",
            };
            set(measure, desk);
            return new ReportMeasureRequest { Measure = measure };
        },
        code, reason, violations);

    private static TestCaseData Row(
        string sentence, string sender, Func<Desk, IMessage> request, StatusCode code, string reason, params string[] violations) => new BadInput
        {
            Sender = sender,
            Code = code,
            Reason = reason,
            Violations = violations,
            Requests = desk => [request(desk)],
        }.Named(sentence);
}
