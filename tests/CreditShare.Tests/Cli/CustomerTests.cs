using CreditShare.Cli.CommandLine;
using CreditShare.Cli.Lookup;
using CreditShare.Client;
using CreditShare.V1;
using NUnit.Framework;

namespace CreditShare.Tests.Cli;

internal sealed class CustomerTests
{
    [Test]
    public async Task Customers_are_read_from_columns_in_any_order()
    {
        var customers = await ReadAsync(
            "name,number,document_type,birth_date,country\n" +
            "\"测试,甲\", 110000199003072138 ,resident-id,,\n" +
            "#测试乙,E1234567,PASSPORT,1990-03-07,CHN\n" +
            "测试丙,x,unknown,,\n" +
            "测试丁,,uscc\n");

        Assert.That(
            customers,
            Is.EqualTo(new[]
            {
                new ScreenSubject(DocumentType.ResidentId, "110000199003072138", "测试,甲"),
                new ScreenSubject(DocumentType.Passport, "E1234567", "#测试乙", "CHN", new DateOnly(1990, 3, 7)),
                new ScreenSubject(DocumentType.Unspecified, "x", "测试丙"),
                new ScreenSubject(DocumentType.Uscc, "", "测试丁"),
            }));
    }

    [Test]
    public async Task A_row_that_begins_with_a_number_sign_is_a_row()
    {
        var customers = await ReadAsync("document_type,number,name\n#resident-id,1,甲\nresident-id,2,乙\n");

        Assert.That(customers.Select(c => c.Number), Is.EqualTo(new[] { "1", "2" }));
    }

    [Test]
    public void A_file_without_a_needed_column_is_refused() =>
        Assert.That(
            () => new CustomerReader(new StringReader("document_type,number\n")),
            Throws.TypeOf<CommandFailedException>().With.Message.Contains("'name'"));

    [Test]
    public async Task Rows_that_were_done_are_passed_over()
    {
        using var reader = new CustomerReader(new StringReader("document_type,number,name\nuscc,1,甲\nuscc,2,乙\nuscc,3,丙\n"));

        reader.Skip(2);

        Assert.That((await reader.ReadAsync(CancellationToken.None).ToListAsync()).Select(c => c.Number), Is.EqualTo(new[] { "3" }));
        Assert.That(() => reader.Skip(1), Throws.TypeOf<CommandFailedException>());
    }

    [Test]
    public void A_quote_that_is_never_closed_is_not_passed_over() =>
        Assert.That(
            async () => await ReadAsync("document_type,number,name\nuscc,1,\"甲\nuscc,2,乙\n"), Throws.Exception);

    [Test]
    public async Task An_input_that_differs_in_one_row_far_behind_is_another_input()
    {
        var folder = Directory.CreateTempSubdirectory("creditshare-customers-");
        try
        {
            var rows = string.Concat(Enumerable.Repeat("uscc,1,甲\n", 50_000));
            var first = await FingerprintAsync(folder, "document_type,number,name\n" + rows + "uscc,2,甲\n");
            var same = await FingerprintAsync(folder, "document_type,number,name\n" + rows + "uscc,2,甲\n");
            var other = await FingerprintAsync(folder, "document_type,number,name\n" + rows + "uscc,3,甲\n");

            Assert.That(same, Is.EqualTo(first));
            Assert.That(other, Is.Not.EqualTo(first));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> FingerprintAsync(DirectoryInfo folder, string content)
    {
        var path = Path.Combine(folder.FullName, "customers.csv");
        await File.WriteAllTextAsync(path, content);
        return await ScreenProgress.FingerprintAsync(path, CancellationToken.None);
    }

    private static async Task<List<ScreenSubject>> ReadAsync(string csv)
    {
        using var reader = new CustomerReader(new StringReader(csv));
        return await reader.ReadAsync(CancellationToken.None).ToListAsync();
    }
}
