using CreditShare.IntegrationTests.MainJob;
using CreditShare.V1;
using Google.Protobuf;
using Grpc.Core;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Inputs;

/// <summary>Frames, of screenings and of imports, that break the rules of frames: they end the call.</summary>
internal static class ScreeningRows
{
    public static IEnumerable<TestCaseData> All => [.. Screenings, .. Imports];

    private static IEnumerable<TestCaseData> Screenings =>
    [
        Screening("A frame of nothing", f => { f.Numbers.Clear(); f.Names.Clear(); }, "numbers FIELD_REQUIRED", "names FIELD_REQUIRED"),
        Screening("A frame of 5001", f => Fill(f, 5_001), "numbers FIELD_TOO_LONG"),
        Screening("A frame of persons without names", f => f.Names.Clear(), "names FIELD_REQUIRED"),
        Screening("A frame with fewer names than numbers", f => f.Numbers.Add(Cast.Resident(71)), "names FIELD_INVALID"),
        Screening("A frame with more names than numbers", f => f.Names.Add("测试某人"), "names FIELD_INVALID"),
        Screening("A frame of no type", f => f.DocumentType = DocumentType.Unspecified, "document_type FIELD_REQUIRED"),
        Screening("A frame of an unknown type", f => f.DocumentType = (DocumentType)99, "document_type FIELD_INVALID"),
        Screening("A frame of type 257", f => f.DocumentType = (DocumentType)257, "document_type FIELD_INVALID"),
        Screening(
            "A frame of passports without countries and birth dates",
            f => f.DocumentType = DocumentType.Passport, "countries FIELD_INVALID", "holder_birth_dates BIRTH_DATE_REQUIRED"),
        Screening("A frame with countries where none belong", f => f.Countries.Add("CHN"), "countries NUMBER_COUNTRY"),
        Screening("A frame with birth dates where none belong", f => f.HolderBirthDates.Add(Cast.Day(1970, 1, 1)), "holder_birth_dates FIELD_INVALID"),
        Screening(
            "A first frame without an inquiry",
            f => (f.Purpose, f.Reference, f.Operator) = (Purpose.Unspecified, "", ""), "purpose FIELD_REQUIRED", "reference FIELD_REQUIRED", "operator FIELD_REQUIRED"),
        Screening("A frame from a position of no life", f => f.AtLeast = new Position { Sequence = 1 }, "at_least.epoch FIELD_INVALID"),
        InOrder("A frame that comes twice", 7, 7),
        InOrder("A frame behind one that was left out", 7, 9),
        InOrder("A frame behind the greatest number", long.MaxValue, 0),
        new BadInput
        {
            Sender = "bank", Code = StatusCode.DeadlineExceeded, Reason = "POSITION_NOT_REACHED",
            Requests = _ => [Frame(f => f.AtLeast = new Position { Epoch = 1, Sequence = 1_000_000 })],
        }.Named("A frame from a position that is not reached"),
        new BadInput
        {
            Sender = Desk.SmallBank, Code = StatusCode.PermissionDenied, Reason = "PURPOSE_NOT_GRANTED", Violations = ["purpose PURPOSE_NOT_GRANTED"],
            Requests = _ => [Frame(f => f.Purpose = Purpose.Bidding)],
        }.Named("A screening for a purpose that was not granted"),
    ];

    private static IEnumerable<TestCaseData> Imports =>
    [
        Import("An import of no rows", f => f.Rows.Clear(), "rows FIELD_REQUIRED"),
        Import("An import of 501 rows", f => f.Rows.Add(Enumerable.Range(0, 501).Select(_ => new ImportRow())), "rows FIELD_TOO_LONG"),
        Import("An import without an operator", f => f.Operator = "", "operator FIELD_REQUIRED"),
        Import(
            "An import with everything wrong",
            f => { f.Rows.Clear(); f.Operator = new string('员', 201); }, "rows FIELD_REQUIRED", "operator FIELD_TOO_LONG"),
    ];

    /// <summary>A frame that is answered unless it is spoilt.</summary>
    public static ScreenSubjectsRequest Frame(Action<ScreenSubjectsRequest> spoil)
    {
        var frame = new ScreenSubjectsRequest
        {
            DocumentType = DocumentType.ResidentId,
            Numbers = { Cast.Resident(70) },
            Names = { "测试某人" },
            FrameNumber = 1,
            Purpose = Purpose.Credit,
            Reference = "贷款一号",
            Operator = "柜员七",
        };
        spoil(frame);
        return frame;
    }

    private static void Fill(ScreenSubjectsRequest frame, int count)
    {
        frame.Numbers.Clear();
        frame.Names.Clear();
        frame.Numbers.AddRange(Enumerable.Range(0, count).Select(i => Cast.Resident(1_000 + i)));
        frame.Names.AddRange(Enumerable.Repeat("测试某人", count));
    }

    private static TestCaseData Screening(string sentence, Action<ScreenSubjectsRequest> spoil, params string[] violations) =>
        Row(sentence, "bank", violations, Frame(spoil));

    private static TestCaseData InOrder(string sentence, long first, long second) => Row(
        sentence, "bank", ["frame_number FRAME_OUT_OF_ORDER"], Frame(f => f.FrameNumber = first), Frame(f => f.FrameNumber = second));

    private static TestCaseData Import(string sentence, Action<ImportListingsRequest> spoil, params string[] violations)
    {
        var frame = new ImportListingsRequest { Operator = "测试书记员", Rows = { new ImportRow() } };
        spoil(frame);
        return Row(sentence, "court", violations, frame);
    }

    private static TestCaseData Row(string sentence, string sender, string[] violations, params IMessage[] requests)
    {
        var (reason, all) = BadInput.Violating(violations);
        return new BadInput { Sender = sender, Requests = _ => requests, Reason = reason, Violations = all }.Named(sentence);
    }
}
