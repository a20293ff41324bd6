using CreditShare.Core.Courts;
using NUnit.Framework;

namespace CreditShare.Tests.Cli;

internal sealed class CourtFileTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("creditshare-courts-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task A_fault_is_told_by_its_row_counted_from_1()
    {
        var run = await ImportAsync($"{CourtCsv.Header}\n测0198,测试法院（虚构）,BASIC,测01,,\n测0199,测试法院（虚构）,LOW,测01,,\n");

        Assert.That(run.Code, Is.EqualTo(1));
        Assert.That(run.Error, Does.Contain("row 2: WrongLevel LOW"));
    }

    [Test]
    public async Task Another_table_is_refused_in_one_sentence()
    {
        var run = await ImportAsync("code,name\n");

        Assert.That(run.Code, Is.EqualTo(1));
        Assert.That(run.Error.Trim().Split('\n'), Has.Length.EqualTo(1));
        Assert.That(run.Error, Does.Contain(CourtCsv.Header));
    }

    private async Task<CliResult> ImportAsync(string csv)
    {
        var path = Path.Combine(_folder, "courts.csv");
        await File.WriteAllTextAsync(path, csv);
        return await CliRun.RunAsync("court", "import", path);
    }
}
