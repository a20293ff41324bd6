using CreditShare.Core.Courts;
using CreditShare.Core.Journal;
using CreditShare.Core.Numbers;
using CreditShare.Server.Mapping;
using CreditShare.Server.Transport;
using CreditShare.Tests.Listings;
using CreditShare.V1;
using NUnit.Framework;
using Date = Google.Type.Date;

namespace CreditShare.Tests.Mapping;

internal sealed class ValueMappingTests
{
    [TestCase(2024, 2, 29, true)]
    [TestCase(2023, 2, 29, false)]
    [TestCase(2026, 13, 1, false)]
    [TestCase(2026, 0, 1, false)]
    [TestCase(2026, 1, 0, false)]
    [TestCase(0, 0, 0, false)]
    [TestCase(1799, 12, 31, false)]
    [TestCase(1800, 1, 1, true)]
    [TestCase(2200, 12, 31, true)]
    [TestCase(2201, 1, 1, false)]
    [TestCase(-2026, 1, 1, false)]
    [TestCase(int.MaxValue, int.MaxValue, int.MaxValue, false)]
    public void A_date_must_be_one_of_the_calendar(int year, int month, int day, bool isOne)
    {
        var problems = new Problems();

        var date = ValueMapping.ReadDate(new Date { Year = year, Month = month, Day = day }, "date", problems);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(date is not null, Is.EqualTo(isOne));
            Assert.That(problems.Found.Select(problem => problem.Reason), Is.EqualTo(isOne ? Array.Empty<ErrorReason>() : [ErrorReason.DateInvalid]));
        }
    }

    [Test]
    public void A_date_goes_there_and_back() =>
        Assert.That(ValueMapping.ReadDate(new DateOnly(2024, 2, 29).ToProto(), "date", new Problems()), Is.EqualTo(new DateOnly(2024, 2, 29)));

    [TestCase(ErrorReason.Unspecified, 0)]
    [TestCase(ErrorReason.Internal, 95)]
    [TestCase((ErrorReason)254, 254)]
    [TestCase((ErrorReason)255, 255)]
    [TestCase((ErrorReason)256, 255)]
    [TestCase((ErrorReason)(-1), 255)]
    [TestCase((ErrorReason)int.MinValue, 255)]
    public void A_number_that_no_byte_holds_stays_unknown(ErrorReason value, byte expected) =>
        Assert.That(ValueMapping.NumberOf(value), Is.EqualTo(expected));

    [Test]
    public void A_head_becomes_a_cursor_with_its_hash()
    {
        var hash = Enumerable.Range(0, 32).Select(n => (byte)n).ToArray();

        var cursor = new JournalHead(2, 7, hash).ToProto();

        Assert.That((cursor.Epoch, cursor.Sequence, Convert.ToHexString(cursor.Hash.Span)), Is.EqualTo((2u, 7L, Convert.ToHexString(hash))));
    }

    [TestCase("courts/测01", "测01")]
    [TestCase("courts/最高法", "最高法")]
    [TestCase("courts/", null)]
    [TestCase("court/测01", null)]
    [TestCase("测01", null)]
    [TestCase("courts/测01/", null)]
    [TestCase("courts/测01/listings/0197a1b2-0000-7000-8000-000000000001", null)]
    public void A_courts_name_has_one_form(string name, string? code)
    {
        var problems = new Problems();

        var court = ResourceNames.ReadCourt(name, "parent", problems);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(court?.Value, Is.EqualTo(code));
            Assert.That(problems.Found.Select(problem => problem.Reason), Is.EqualTo(code is null ? [ErrorReason.NameForm] : Array.Empty<ErrorReason>()));
        }
    }

    [Test]
    public void A_listings_name_goes_there_and_back()
    {
        var name = ResourceNames.Of(Sample.Court("测0101"), Sample.Id);

        var read = ResourceNames.ReadListing(name, "name", new Problems());

        Assert.That(read, Is.EqualTo(new ListingName(Sample.Court("测0101"), Sample.Id)));
    }

    [TestCase("courts/测01/listings/0197a1b200007000800000000000001")]
    [TestCase("courts/测01/listings/{0197a1b2-0000-7000-8000-000000000001}")]
    [TestCase("courts/测01/listings/00000000-0000-0000-0000-000000000000")]
    [TestCase("courts/测01/listings/0197a1b2-0000-7000-8000-000000000001/")]
    [TestCase("courts//listings/0197a1b2-0000-7000-8000-000000000001")]
    [TestCase("courts/x/listings/0197a1b2-0000-7000-8000-000000000001")]
    [TestCase("courts/测01")]
    [TestCase("/listings/")]
    [TestCase("courts/测01/listings/0197a1b2-0000-7000-8000-000000000001/listings/0197a1b2-0000-7000-8000-000000000001")]
    public void A_listings_name_of_another_form_is_refused(string name)
    {
        var problems = new Problems();

        Assert.That(ResourceNames.ReadListing(name, "name", problems), Is.Null);
        Assert.That(problems.Found.Single().Reason, Is.EqualTo(ErrorReason.NameForm));
    }

    [TestCase("0197a1b2-0000-7000-8000-000000000001", null)]
    [TestCase("0197A1B2-0000-7000-8000-000000000001", null)]
    [TestCase("", ErrorReason.FieldRequired)]
    [TestCase("1", ErrorReason.NameForm)]
    [TestCase("00000000-0000-0000-0000-000000000000", ErrorReason.NameForm)]
    [TestCase("0197a1b2000070008000000000000001", ErrorReason.NameForm)]
    public void A_request_id_is_a_uuid(string text, ErrorReason? reason)
    {
        var problems = new Problems();

        ResourceNames.ReadRequestId(text, "request_id", problems);

        Assert.That(problems.Found.Select(problem => (ErrorReason?)problem.Reason).FirstOrDefault(), Is.EqualTo(reason));
    }

    [Test]
    public void Every_fault_of_a_parser_has_a_reason()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Enum.GetValues<NumberFault>()[1..].Select(FaultMapping.ReasonOf), Is.All.Not.EqualTo(ErrorReason.Unspecified));
            Assert.That(Enum.GetValues<NameFault>()[1..].Select(FaultMapping.ReasonOf), Is.All.Not.EqualTo(ErrorReason.Unspecified));
            Assert.That(Enum.GetValues<CaseNumberFault>()[1..].Select(FaultMapping.ReasonOf), Is.All.Not.EqualTo(ErrorReason.Unspecified));
            Assert.That(() => FaultMapping.ReasonOf(NumberFault.None), Throws.TypeOf<ArgumentOutOfRangeException>());
        }
    }

    [TestCase(0, 0, 0)]
    [TestCase(1, 10, 1)]
    [TestCase(3, 300_000, 3)]
    [TestCase(4, 300_000, 3)]
    [TestCase(2, 2_000_000, 1)]
    public void A_page_ends_before_it_is_too_large_and_holds_one_element_at_least(int elements, int bytes, int taken)
    {
        var texts = Enumerable.Repeat(new Google.Protobuf.WellKnownTypes.StringValue { Value = new string('x', bytes) }, elements);

        Assert.That(PageCut.Of(texts), Has.Count.EqualTo(taken));
    }
}
