using CreditShare.Cli.Listings;
using CreditShare.V1;
using NUnit.Framework;

namespace CreditShare.Tests.Cli;

internal sealed class ListingRowTests
{
    private static readonly DateOnly s_today = new(2026, 11, 24);

    [Test]
    public void A_dirty_row_becomes_the_listing_it_means()
    {
        var fields = Fields(new()
        {
            ["iname"] = "测试甲",
            ["partyTypeName"] = "580",
            ["cardNum"] = "110000199003072138",
            ["documents"] = "hm-permit:H50000001; passport:E1234567:CHN",
            ["sexy"] = "男性",
            ["age"] = "0",
            ["caseCode"] = "(2026)测0101执123号",
            ["regDate"] = "2026年01月05日",
            ["publishDate"] = "20990101",
            ["disruptTypeName"] = "违反财产报告制度,违反限制高消费令的",
            ["gistId"] = "（2025）测0101民初9号",
            ["gistUnit"] = "测试法院",
            ["basis_type"] = "CIVIL_JUDGMENT",
            ["duty"] = "支付<br>货款\r\n1000元",
            ["obligation_amount"] = "1000",
            ["performance"] = "部分未履行",
            ["performedPart"] = "暂无",
            ["unperformPart"] = "900元",
            ["decision_number"] = "决1号",
            ["decision_date"] = "20260302",
            ["signer"] = "测试院长",
            ["service_date"] = "2026-03-03",
            ["service_method"] = "post",
            ["origin"] = "ex-officio",
            ["term_end"] = "2029-03-02",
            ["extension_reason"] = "multiple-acts",
            ["acts"] = "第一次|第二次",
        });

        var listing = ListingRow.Read(fields, s_today);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(fields.Problems, Is.Empty);
            Assert.That(listing.CaseNumber, Is.EqualTo("（2026）测0101执123号"));
            Assert.That(CourtParent.Of(listing.CourtCode, listing.CaseNumber), Is.EqualTo("courts/测0101"));
            Assert.That(listing.Subject.Kind, Is.EqualTo(SubjectKind.Person));
            Assert.That(listing.Subject.Sex, Is.EqualTo(Sex.Male));
            Assert.That(
                listing.Subject.Documents.Select(d => (d.Type, d.Number, d.Country)),
                Is.EqualTo(new[]
                {
                    (DocumentType.ResidentId, "110000199003072138", ""),
                    (DocumentType.HmPermit, "H50000001", ""),
                    (DocumentType.Passport, "E1234567", "CHN"),
                }));
            Assert.That(
                listing.Grounds, Is.EqualTo(new[] { Ground.BreachesAssetReporting, Ground.BreachesConsumptionRestriction }));
            Assert.That(listing.Obligation, Is.EqualTo("支付 货款 1000元"));
            Assert.That(listing.Performance, Is.EqualTo(new Performance { State = PerformanceState.Partial, UnperformedPart = "900元" }));
            Assert.That(listing.Decision.SignerRole, Is.EqualTo(SignerRole.CourtPresident));
            Assert.That(listing.Term.Extension.Acts, Is.EqualTo(new[] { "第一次", "第二次" }));
            Assert.That(listing.Service.Method, Is.EqualTo(ServiceMethod.Post));
        }
    }

    [Test]
    public void An_organisation_of_before_is_known_by_its_code_alone()
    {
        var listing = ListingRow.Read(
            Fields(new()
            {
                ["iname"] = "测试有限公司",
                ["partyTypeName"] = "1",
                ["cardNum"] = "YY000000-" + Core.Numbers.CheckDigits.Organisation("YY000000"),
                ["businessEntity"] = "测试丙",
                ["qysler"] = "测试丁:actual-controller",
                ["age"] = "0",
            }),
            s_today);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(listing.Subject.Kind, Is.EqualTo(SubjectKind.Organisation));
            Assert.That(listing.Subject.Documents[0].Type, Is.EqualTo(DocumentType.OrgCode));
            Assert.That(
                listing.Subject.RelatedPersons.Select(p => (p.Name, p.Role)),
                Is.EqualTo(new[]
                {
                    ("测试丙", RelatedPersonRole.LegalRepresentative), ("测试丁", RelatedPersonRole.ActualController),
                }));
        }
    }

    [TestCase("cardNum", "1100001990****2138", "cardNum")]
    [TestCase("regDate", "2026-02-30", "regDate")]
    [TestCase("disruptTypeName", "其他", "disruptTypeName")]
    [TestCase("performance", "履行中", "performance")]
    [TestCase("sexy", "M", "sexy")]
    [TestCase("partyTypeName", "582", "partyTypeName")]
    [TestCase("article3_checked", "maybe", "article3_checked")]
    [TestCase("obligation_amount", "一千", "obligation_amount")]
    [TestCase("documents", "110000199003072138", "documents")]
    [TestCase("qysler", "[{\"iname\":\"x\"}]", "qysler")]
    [TestCase("origin", "both", "origin")]
    [TestCase("special_statuses", "king", "special_statuses")]
    public void What_cannot_be_read_is_a_problem_of_its_column(string column, string text, string blamed)
    {
        var fields = Fields(new() { ["iname"] = "测试甲", ["partyTypeName"] = "580", ["cardNum"] = "110000199003072138", [column] = text });

        ListingRow.Read(fields, s_today);

        Assert.That(fields.Problems.Select(p => p.Field), Is.EqualTo(new[] { blamed }));
    }

    [TestCase("cardNum", "1100001990****2138")]
    [TestCase("documents", "110000199003072138")]
    public void No_problem_repeats_an_identity_number(string column, string text)
    {
        var fields = Fields(new() { ["cardNum"] = "110000199003072138", [column] = text });

        ListingRow.Read(fields, s_today);

        Assert.That(fields.Problems.Select(p => p.Message), Has.None.Contains("2138"));
    }

    [TestCase("110105491231002", "")]
    [TestCase("110105491231002", "580")]
    [TestCase("110105491231002", "581")]
    [TestCase("H50000001", "580")]
    [TestCase("12345678", "580")]
    public void A_number_that_does_not_prove_its_type_is_asked_about_and_not_guessed(string number, string kind)
    {
        var fields = Fields(new() { ["cardNum"] = number, ["partyTypeName"] = kind });

        var listing = ListingRow.Read(fields, s_today);

        Assert.That(fields.Problems.Select(p => p.Field), Is.EqualTo(new[] { "card_type" }));
        Assert.That(listing.Subject.Documents[0].Type, Is.EqualTo(DocumentType.Unspecified));
    }

    [Test]
    public void A_mistyped_number_is_sent_for_the_service_to_say_what_is_wrong()
    {
        var fields = Fields(new() { ["cardNum"] = "110000199003072139", ["partyTypeName"] = "580" });

        var listing = ListingRow.Read(fields, s_today);

        Assert.That(fields.Problems, Is.Empty);
        Assert.That(listing.Subject.Documents[0].Type, Is.EqualTo(DocumentType.ResidentId));
    }

    [TestCase("listing.subject.documents[0].number", "cardNum")]
    [TestCase("listing.subject.documents[1].number", "documents")]
    [TestCase("rows[4].listing.case_number", "caseCode")]
    [TestCase("listing.term.end", "term_end")]
    [TestCase("parent", "court_code")]
    [TestCase("rows[4].parent", "court_code")]
    public void A_field_of_the_contract_is_told_by_its_column(string field, string column) =>
        Assert.That(ImportColumns.ForField(field), Is.EqualTo(column));

    [Test]
    public void The_template_is_lawful()
    {
        var text = new StringWriter();
        ImportTemplate.Write(text, TimeProvider.System);

        Assert.That(Lawfulness.ProblemsIn(text.ToString()), Is.EqualTo(new[] { "", "" }));
    }

    private static RowFields Fields(Dictionary<string, string> cells) => new(column => cells.GetValueOrDefault(column, ""));
}
