using CreditShare.Cli.CommandLine;
using CreditShare.Cli.Listings;
using NUnit.Framework;

namespace CreditShare.Tests.Cli;

internal sealed class ImportFileTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("creditshare-import-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Rows_are_counted_from_1_and_columns_found_in_any_order()
    {
        using var reader = new ImportReader(new StringReader("caseCode,iname,cardNum\r\nc1,\"甲,乙\",n1\r\n#c2,丙,n2\r\n"));

        Assert.That(reader.TryRead(out var first), Is.True);
        Assert.That(reader.TryRead(out var second), Is.True);
        Assert.That(reader.TryRead(out _), Is.False);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((first.Number, reader.FieldsOf(first).Raw("iname")), Is.EqualTo((1L, "甲,乙")));
            Assert.That((second.Number, reader.FieldsOf(second).Raw("caseCode")), Is.EqualTo((2L, "#c2")));
            Assert.That(reader.FieldsOf(first).Raw("duty"), Is.Empty);
        }
    }

    [Test]
    public void A_short_row_lacks_its_last_cells()
    {
        using var reader = new ImportReader(new StringReader("iname,cardNum,caseCode,duty\n甲,n\n"));

        Assert.That(reader.TryRead(out var row), Is.True);
        Assert.That(row.Cells, Is.EqualTo(new[] { "甲", "n", "", "" }));
    }

    [TestCase("iname,cardNum\n", TestName = "A_file_without_a_required_column_is_another_table")]
    [TestCase("iname,cardNum,caseCode,dutty\n", TestName = "A_misspelt_column_is_not_passed_over")]
    public void A_header_is_checked(string csv) =>
        Assert.That(() => new ImportReader(new StringReader(csv)), Throws.TypeOf<CommandFailedException>());

    [Test]
    public void Every_column_of_the_public_list_is_allowed()
    {
        const string header = "id,iname,sexy,age,cardNum,businessEntity,courtName,areaName,partyTypeName,caseCode,gistId,gistUnit,"
            + "regDate,publishDate,duty,performance,performedPart,unperformPart,disruptTypeName,qysler";
        using var reader = new ImportReader(new StringReader(header + "\n700012345,甲\n"));

        Assert.That(reader.TryRead(out var row), Is.True);
        Assert.That(reader.FieldsOf(row).Raw("iname"), Is.EqualTo("甲"));
    }

    [Test]
    public void A_number_survives_the_file_of_rejected_rows()
    {
        var path = Path.Combine(_folder, "rejected.csv");
        using (var rejected = new RejectedRows(path, ["cardNum", "iname", "caseCode"]))
        {
            rejected.Read(new SourceRow(1, ["110000199003072138", "甲", "c"]), [new RowProblem("regDate", "DATE_INVALID", "No date.")]);
        }

        using var reader = new ImportReader(new StreamReader(path));
        Assert.That(reader.TryRead(out var row), Is.True);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(row.Cells, Does.Contain("'110000199003072138"));
            Assert.That(reader.FieldsOf(row).Raw("cardNum"), Is.EqualTo("110000199003072138"));
        }
    }

    [Test]
    public async Task Request_ids_are_those_of_the_file_and_the_row()
    {
        var first = await IdsAsync("a.csv", "content");
        var same = await IdsAsync("b.csv", "content");
        var other = await IdsAsync("c.csv", "content!");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(same, Is.EqualTo(first));
            Assert.That(other.Intersect(first), Is.Empty);
            Assert.That(first.Distinct().ToList(), Has.Count.EqualTo(first.Count));
            Assert.That(first, Has.All.Match("^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"));
        }
    }

    [Test]
    public void Rejected_rows_come_in_the_order_of_the_file_and_are_harmless_to_spreadsheets()
    {
        var path = Path.Combine(_folder, "rejected.csv");
        using (var rejected = new RejectedRows(path, ["row", "iname", "duty"]))
        {
            rejected.Read(new SourceRow(1, ["9", "甲", "=1+1"]), []);
            rejected.Read(new SourceRow(2, ["9", "乙", "a,b"]), [new RowProblem("regDate", "DATE_INVALID", "No date.")]);
            rejected.Read(new SourceRow(3, ["9", "丙", "ok"]), []);
            rejected.Answered(Refused());
            rejected.Answered(refusal: null);
        }

        var bytes = File.ReadAllBytes(path);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(bytes[..3], Is.EqualTo(new byte[] { 0xEF, 0xBB, 0xBF }));
            Assert.That(
                File.ReadAllLines(path),
                Is.EqualTo(new[]
                {
                    "row,field,reason,message,iname,duty",
                    "1,cardNum,NUMBER_CHECK_DIGIT,Wrong.,甲,'=1+1",
                    "2,regDate,DATE_INVALID,No date.,乙,\"a,b\"",
                }));
        }
    }

    [Test]
    public void Without_a_rejected_row_there_is_no_file()
    {
        var path = Path.Combine(_folder, "rejected.csv");
        using (var rejected = new RejectedRows(path, ["iname"]))
        {
            rejected.Read(new SourceRow(1, ["甲"]), []);
            rejected.Answered(refusal: null);
        }

        Assert.That(File.Exists(path), Is.False);
    }

    [Test]
    public void Text_in_gb18030_is_read_and_in_the_wrong_encoding_refused()
    {
        var path = Path.Combine(_folder, "gb.csv");
        File.WriteAllBytes(path, [0xB2, 0xE2, 0xCA, 0xD4]);

        using (var text = TextFiles.OpenText(path, "gb18030"))
        {
            Assert.That(text.ReadToEnd(), Is.EqualTo("测试"));
        }

        using var wrong = TextFiles.OpenText(path, "utf-8");
        var failure = Assert.Catch(() => wrong.ReadToEnd())!;
        var error = new StringWriter();

        Assert.That(FailureReport.Write(failure, error), Is.EqualTo(1));
        Assert.That(error.ToString(), Does.Contain("--encoding gb18030"));
    }

    private static CreditShare.Client.Refusal Refused() => new()
    {
        Code = Grpc.Core.StatusCode.InvalidArgument,
        Reason = CreditShare.V1.ErrorReason.NumberCheckDigit,
        Message = "Wrong.",
        Violations = [new CreditShare.Client.FieldViolation("listing.subject.documents[0].number", CreditShare.V1.ErrorReason.NumberCheckDigit, "Wrong.", null)],
    };

    private async Task<List<string>> IdsAsync(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        await File.WriteAllTextAsync(path, content);
        var ids = await ImportRequestIds.OfFileAsync(path, CancellationToken.None);
        return [.. Enumerable.Range(1, 100).Select(row => ids.Of(row))];
    }
}
