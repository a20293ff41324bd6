using CreditShare.Server.Changes;
using CreditShare.Server.Transport;
using CreditShare.Tests.Infrastructure;
using CreditShare.V1;
using Google.Protobuf;
using NUnit.Framework;
using SubjectKind = CreditShare.V1.SubjectKind;
using View = CreditShare.V1.View;

namespace CreditShare.Tests.Feed;

internal sealed class FeedQueryTests
{
    private static readonly TestCaseData[] s_faults =
    [
        Fault("a number below 0", new Cursor { Sequence = -1 }, null, "from.sequence FieldInvalid"),
        Fault("a short hash", new Cursor { Hash = ByteString.CopyFrom(1, 2) }, null, "from.hash FieldInvalid"),
        Fault("an unknown court", null, new ChangeFilter { CourtCodes = { "测01", "测99" } }, "filter.court_codes[1] CourtUnknown"),
        Fault("no court", null, new ChangeFilter { CourtCodes = { "" } }, "filter.court_codes[0] CourtUnknown"),
        Fault("a court for a region", null, new ChangeFilter { Regions = { "测01" } }, "filter.regions[0] FieldInvalid"),
        Fault("an unknown region", null, new ChangeFilter { Regions = { "京", "国" } }, "filter.regions[1] FieldInvalid"),
        Fault("an unknown kind", null, new ChangeFilter { SubjectKind = (SubjectKind)258 }, "filter.subject_kind FieldInvalid"),
        Fault("too many courts", null, new ChangeFilter { CourtCodes = { Enumerable.Repeat("测01", 501) } }, "filter.court_codes FieldTooLong"),
        Fault("too many regions", null, new ChangeFilter { Regions = { Enumerable.Repeat("京", 101) } }, "filter.regions FieldTooLong"),
    ];

    [TestCaseSource(nameof(s_faults))]
    public void A_fault_is_told_by_its_path(Cursor? from, ChangeFilter? filter, string expected)
    {
        using var callers = new Callers();
        var problems = new Problems();

        FeedQuery.Read(from, filter, View.Public, callers.Department(Core.Access.View.Public), callers.Courts, problems);

        Assert.That(problems.Found.Select(problem => $"{problem.Field} {problem.Reason}"), Is.EqualTo(new[] { expected }));
    }

    [Test]
    public void A_view_that_is_left_out_is_the_public_one()
    {
        using var callers = new Callers();

        Assert.That(
            FeedQuery.ReadView(View.Unspecified, callers.Department(Core.Access.View.Public), new Problems()), Is.EqualTo(Core.Access.View.Public));
    }

    [TestCase(View.Full)]
    [TestCase(View.Unspecified)]
    public void A_view_must_be_granted(View view)
    {
        using var callers = new Callers();

        Assert.That(
            () => FeedQuery.ReadView(view, callers.Department(Core.Access.View.Status), new Problems()),
            Throws.TypeOf<RefusedException>().With.Property(nameof(RefusedException.Reason)).EqualTo(ErrorReason.ViewNotGranted));
    }

    private static TestCaseData Fault(string what, Cursor? from, ChangeFilter? filter, string expected) =>
        new TestCaseData(from, filter, expected).SetArgDisplayNames(what);
}
