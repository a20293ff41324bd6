using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.IntegrationTests.Inputs;
using CreditShare.IntegrationTests.MainJob;
using CreditShare.V1;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Lookup;

/// <summary>A check looks the same to its caller and to the operator whichever way it is answered. The short way takes one of gRPC's two types of content
/// for binary messages; with the other, every check goes the long way.</summary>
[FixtureLifeCycle(LifeCycle.SingleInstance)]
internal sealed class CheckWayTests
{
    private const string EitherWay = "application/grpc";
    private const string LongWay = "application/grpc+proto";

    private TestServer _server = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        // Traces go nowhere, but are made as if they did.
        _server = await TestServer.StartAsync(
            CancellationToken.None, "--Logging:LogLevel:CreditShare=Debug", "--OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9");
        await new ListingService.ListingServiceClient(_server.As("court")).PublishListingAsync(PublicationRows.Publication(request =>
            request.Listing = Cast.ListingOf("测试张三", Cast.Court, Cast.Resident(1))));
    }

    [OneTimeTearDown]
    public async Task Stop() => await _server.DisposeAsync();

    [TestCaseSource(nameof(Checks)), CancelAfter(30_000)]
    public async Task Same(string role, RawCheck check, CancellationToken cancellationToken)
    {
        using var witness = new CheckWitness(
            _server, role == "stranger" ? TestIdentity.Issue(_server.DataFolder) : TestIdentity.Of(_server.DataFolder, role));

        // A connection's first call may find what later ones do not.
        await witness.SendAsync(new RawCheck(), EitherWay, cancellationToken);
        var either = await witness.SendAsync(check, EitherWay, cancellationToken);
        var longWay = await witness.SendAsync(check, LongWay, cancellationToken);

        Assert.That(either, Is.EqualTo(longWay), string.Join('\n', longWay));
    }

    private static IEnumerable<TestCaseData> Checks()
    {
        var nobody = RawCheck.Message(RawCheck.AboutNobody);
        byte[][] inPieces = [nobody[..3], nobody[3..20], nobody[20..]];

        yield return Case("A_check", new RawCheck());
        yield return Case("A_check_about_somebody_listed", new RawCheck { Pieces = [RawCheck.Message(QueryRows.Question(_ => { }))] });
        yield return Case("A_check_that_is_refused", new RawCheck { Pieces = [RawCheck.Message(new CheckSubjectRequest())] });
        yield return Case("A_check_by_a_stranger", new RawCheck(), "stranger");
        yield return Case("A_check_by_somebody_without_the_right", new RawCheck(), "auditor");
        yield return Case("A_check_with_a_query", new RawCheck { Query = "?a=b" });
        yield return Case("A_check_in_pieces", new RawCheck { Pieces = inPieces });
        yield return Case("A_check_whose_end_comes_later", new RawCheck { Pieces = [nobody, []] });
        yield return Case("A_check_with_a_length", new RawCheck { Length = nobody.Length });
        yield return Case("A_check_with_metadata", With(("x-a", new string('x', 4_000)), ("x-b-bin", "AAAA")));
        yield return Case("A_check_that_takes_compressed_answers", With(("grpc-accept-encoding", "gzip, deflate")));
        yield return Case("A_check_that_could_be_compressed", With(("grpc-encoding", "gzip")));
        yield return Case("A_check_that_could_be_compressed_as_nobody_knows", With(("grpc-encoding", "snappy")));
        yield return Case("A_check_with_a_deadline", With(("grpc-timeout", "20S")));
        yield return Case("A_check_with_a_deadline_that_is_none", With(("grpc-timeout", "soon")));

        foreach (var (end, ends) in new[] { ("", true), ("_that_is_still_open", false) })
        {
            yield return Case($"A_compressed_check_without_an_encoding{end}", With([RawCheck.Message([0], flag: 1)], ends));
            yield return Case($"A_check_with_an_unknown_flag{end}", With([RawCheck.Message([0], flag: 7)], ends));
            yield return Case($"A_check_of_no_message{end}", With([RawCheck.Message([0xFF, 0xFF])], ends));
            yield return Case($"A_check_that_is_too_long{end}", With([RawCheck.Message([], length: 5_000_000)], ends));
            yield return Case($"A_check_that_is_far_too_long{end}", With([RawCheck.Message([], length: uint.MaxValue)], ends));
            yield return Case($"A_check_with_a_second_message{end}", With([nobody, nobody], ends));
            yield return Case($"A_check_with_a_second_message_at_once{end}", With([[.. nobody, .. nobody]], ends));
            yield return Case($"A_check_in_pieces_with_a_byte_too_many{end}", With([.. inPieces, [0]], ends));
        }

        yield return Case("An_empty_request", With([], ends: true));
        yield return Case("A_check_that_breaks_off_in_its_head", With([nobody[..3]], ends: true));
        yield return Case("A_check_that_breaks_off", With([nobody[..20]], ends: true));
        yield return Case("A_check_that_never_begins_and_has_a_deadline", Waiting([]));
        yield return Case("A_check_that_stops_within_and_has_a_deadline", Waiting([nobody[..20]]));
        yield return Case("A_check_that_never_ends_and_has_a_deadline", Waiting([nobody]));
        yield return Case("A_check_with_a_length_over_the_servers_limit", new RawCheck { Pieces = [nobody], Length = 40_000_000, Ends = false });
        yield return Case("A_check_whose_caller_goes_away", new RawCheck { Pieces = [nobody[..20]], Ends = false, LeavesAfter = TimeSpan.FromMilliseconds(200) });

        static RawCheck Waiting(byte[][] pieces) => new() { Pieces = pieces, Ends = false, Metadata = [("grpc-timeout", "300m")] };
    }

    private static RawCheck With(params (string Name, string Value)[] metadata) => new() { Metadata = metadata };

    private static RawCheck With(byte[][] pieces, bool ends) => new() { Pieces = pieces, Ends = ends };

    private static TestCaseData Case(string what, RawCheck check, string role = "bank") =>
        new TestCaseData(role, check).SetName($"{what}_looks_the_same_either_way");
}
