using CreditShare.IntegrationTests.MainJob;
using CreditShare.V1;
using Grpc.Core;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Inputs;

/// <summary>Publications that are written as they must be and that the law forbids.</summary>
internal static class LawRows
{
    public static IEnumerable<TestCaseData> All => [.. Content, .. Terms, .. Dates, .. Neighbours];

    private static IEnumerable<TestCaseData> Content =>
    [
        PublicationRows.Row(
            "The listing of a minor",
            r => r.Listing.Subject.Documents[0].Number = "44000020120229002X",
            "listing.subject.birth_date SUBJECT_IS_MINOR"),
        PublicationRows.Row("A publication without a decision", r => r.Listing.Decision = null, "listing.decision FIELD_REQUIRED"),
        PublicationRows.Row("A publication without a basis", r => r.Listing.Basis = null, "listing.basis FIELD_REQUIRED"),
        PublicationRows.Row("A publication without grounds", r => r.Listing.Grounds.Clear(), "listing.grounds FIELD_REQUIRED"),
        PublicationRows.Row("A publication without an origin", r => r.Listing.Origin = Origin.Unspecified, "listing.origin FIELD_REQUIRED"),
        PublicationRows.Row("A publication without the state of performance", r => r.Listing.Performance = null, "listing.performance FIELD_REQUIRED"),
        PublicationRows.Row(
            "Ground 1 without the declaration of Art 3",
            r => r.Listing.Article3Checked = false, "listing.article3_checked ARTICLE3_NOT_DECLARED"),
        PublicationRows.Row(
            "Grounds 1 and 3 without the declaration of Art 3",
            r => r.Listing.WithTerm().Grounds.Add(Ground.RefusesThoughAble),
            "listing.article3_checked ARTICLE3_NOT_DECLARED"),
        PublicationRows.Row(
            "An obligation that has been performed", r => r.Listing.Performance.State = PerformanceState.Full, "listing.performance.state ALREADY_PERFORMED"),
        PublicationRows.Row(
            "An organisation without its legal representative",
            r => r.Listing.Subject = new Subject
            {
                Kind = SubjectKind.Organisation,
                Name = "测试有限公司",
                Documents = { new IdentityDocument { Type = DocumentType.Uscc, Number = "91350100M000100Y43" } },
            },
            "listing.subject.related_persons FIELD_REQUIRED"),
    ];

    private static IEnumerable<TestCaseData> Terms =>
    [
        PublicationRows.Row("Ground 3 without a term", r => r.Listing.WithTerm().Term = null, "listing.term TERM_REQUIRED"),
        PublicationRows.Row(
            "Ground 1 alone with a term", r => r.Listing.Term = new Term { Start = Cast.Day(2026, 3, 2), End = Cast.Day(2028, 3, 2) }, "listing.term TERM_NOT_ALLOWED"),
        PublicationRows.Row("A term of a year", r => r.Listing.WithTerm().Term.End = Cast.Day(2027, 3, 2), "listing.term.end TERM_LENGTH"),
        PublicationRows.Row("A term of two years and a day", r => r.Listing.WithTerm().Term.End = Cast.Day(2028, 3, 3), "listing.term.end TERM_LENGTH"),
        PublicationRows.Row(
            "A term of four years without an extension",
            r => r.Listing.WithTerm().Term.End = Cast.Day(2030, 3, 2), "listing.term.end TERM_LENGTH"),
        PublicationRows.Row("A term of six years", r => Extend(r, 2032, ExtensionReason.MultipleActs, "隐匿财产", "转移财产"), "listing.term.end TERM_LENGTH"),
        PublicationRows.Row(
            "A term extended for one act",
            r => Extend(r, 2030, ExtensionReason.MultipleActs, "隐匿财产"), "listing.term.extension.acts EXTENSION_REASON"),
        PublicationRows.Row(
            "A term extended for the same act twice",
            r => Extend(r, 2030, ExtensionReason.MultipleActs, "隐匿财产", " 隐匿财产"),
            "listing.term.extension.acts EXTENSION_REASON"),
        PublicationRows.Row(
            "A term extended for violence without ground 2", r => Extend(r, 2030, ExtensionReason.ViolenceSerious), "listing.term.extension.reason EXTENSION_REASON"),
        PublicationRows.Row(
            "A term extended for no reason",
            r => Extend(r, 2030, ExtensionReason.Unspecified), "listing.term.extension.reason FIELD_REQUIRED"),
        PublicationRows.Row(
            "A term extended for the unknown reason 257",
            r => Extend(r, 2030, (ExtensionReason)257), "listing.term.extension.reason FIELD_INVALID"),
        PublicationRows.Row(
            "An extension for twenty-one acts",
            r => Extend(r, 2030, ExtensionReason.MultipleActs, [.. Enumerable.Range(1, 21).Select(i => $"行为{i}")]),
            "listing.term.extension.acts FIELD_TOO_LONG"),
        PublicationRows.Row(
            "A term that is over",
            r =>
            {
                r.Listing.WithTerm().Term = new Term { Start = Cast.Day(2024, 3, 2), End = Cast.Day(2026, 3, 2) };
                (r.Listing.FilingDate, r.Listing.Decision.Date) = (Cast.Day(2024, 1, 5), Cast.Day(2024, 3, 2));
            },
            "listing.term.end TERM_OVER"),
        PublicationRows.Row(
            "A term that begins before the decision",
            r => r.Listing.WithTerm().Term = new Term { Start = Cast.Day(2026, 3, 1) }, "listing.term.start DATE_INVALID"),
        PublicationRows.Row(
            "A term that begins tomorrow",
            r => r.Listing.WithTerm().Term = new Term { Start = Cast.Day(2026, 11, 21) }, "listing.term.start DATE_IN_FUTURE"),
        Grace("A grace of less than a month", Cast.Day(2026, 12, 1)),
        Grace("A grace of more than three months", Cast.Day(2027, 2, 3)),
    ];

    private static IEnumerable<TestCaseData> Dates =>
    [
        PublicationRows.Row(
            "A filing date of the 30th of February",
            r => r.Listing.FilingDate = Cast.Day(2026, 2, 30), "listing.filing_date DATE_INVALID"),
        PublicationRows.Row("A filing date without a day", r => r.Listing.FilingDate = Cast.Day(2026, 1, 0), "listing.filing_date DATE_INVALID"),
        PublicationRows.Row("A filing date of year 0", r => r.Listing.FilingDate = Cast.Day(0, 1, 5), "listing.filing_date DATE_INVALID"),
        PublicationRows.Row(
            "A filing date of the greatest numbers",
            r => r.Listing.FilingDate = Cast.Day(int.MaxValue, int.MaxValue, int.MaxValue), "listing.filing_date DATE_INVALID"),
        PublicationRows.Row("A filing date after the decision", r => r.Listing.FilingDate = Cast.Day(2026, 3, 3), "listing.filing_date DATE_INVALID"),
        PublicationRows.Row("A filing date of tomorrow", r => r.Listing.FilingDate = Cast.Day(2026, 11, 21), "listing.filing_date DATE_IN_FUTURE"),
        PublicationRows.Row("A decision of tomorrow", r => r.Listing.Decision.Date = Cast.Day(2026, 11, 21), "listing.decision.date DATE_IN_FUTURE"),
        PublicationRows.Row("A decision of the 31st of June", r => r.Listing.Decision.Date = Cast.Day(2026, 6, 31), "listing.decision.date DATE_INVALID"),
        PublicationRows.Row(
            "A service before the decision",
            r => r.Listing.Service = new Service { Date = Cast.Day(2026, 3, 1), Method = ServiceMethod.Direct },
            "listing.service.date DATE_INVALID"),
        PublicationRows.Row(
            "A service of no day and no method",
            r => r.Listing.Service = new Service(), "listing.service.date FIELD_REQUIRED", "listing.service.method FIELD_REQUIRED"),
    ];

    private static IEnumerable<TestCaseData> Neighbours =>
    [
        new BadInput
        {
            Sender = "court",
            Code = StatusCode.AlreadyExists,
            Reason = "ALREADY_LISTED",
            Requests = desk => [PublicationRows.Publication(r => r.Listing = desk.PublishedContent.Clone())],
        }.Named("A second listing in the same case"),
        new BadInput
        {
            Sender = "court",
            Code = StatusCode.FailedPrecondition,
            Reason = "RELISTING_BARRED",
            Requests = desk => [PublicationRows.Publication(r =>
            {
                r.Listing = desk.EndedContent.Clone();
                r.Listing.Origin = Origin.CreditorApplication;
            })],
        }.Named("The creditor's application within six months of the creditor's own request to delete"),
    ];

    private static TestCaseData Grace(string sentence, Google.Type.Date until) => PublicationRows.Row(
        sentence,
        r => (r.Listing.Decision.Date, r.Listing.GraceUntil) = (Cast.Day(2026, 11, 2), until),
        "listing.grace_until GRACE_LENGTH");

    private static void Extend(PublishListingRequest request, int year, ExtensionReason reason, params string[] acts)
    {
        var term = request.Listing.WithTerm().Term;
        term.End = Cast.Day(year, 3, 2);
        term.Extension = new Extension { Reason = reason, Acts = { acts } };
    }
}
