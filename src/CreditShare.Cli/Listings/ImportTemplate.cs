using CreditShare.Cli.CommandLine;
using CreditShare.Core.Calendar;
using CreditShare.Core.Numbers;

namespace CreditShare.Cli.Listings;

/// <summary>A file of two rows to start an import from: a person and an organisation who cannot exist, lawful on that day.</summary>
internal static class ImportTemplate
{
    internal static void Write(TextWriter output, TimeProvider clock)
    {
        var today = clock.Today();
        WriteRow(output, ImportColumns.All);
        WriteRow(output, Person(today));
        WriteRow(output, Organisation(today));
    }

    private static string[] Person(DateOnly today)
    {
        const string Body = "11000019850615201";
        return CellsOf(today, new()
        {
            [ImportColumns.Name] = "测试甲",
            [ImportColumns.Kind] = "580",
            [ImportColumns.Number] = Body + CheckDigits.Citizen(Body),
            [ImportColumns.Sex] = "男",
            [ImportColumns.CaseNumber] = $"（{today.AddMonths(-3).Year}）测0101执1号",
            [ImportColumns.Grounds] = "有履行能力而拒不履行生效法律文书确定义务的",
            [ImportColumns.Article3] = "true",
        });
    }

    private static string[] Organisation(DateOnly today)
    {
        const string CodeBody = "YY000000";
        var body = "91990000" + CodeBody + CheckDigits.Organisation(CodeBody);
        var decision = today.AddDays(-7);
        return CellsOf(today, new()
        {
            [ImportColumns.Name] = "测试乙有限公司（虚构）",
            [ImportColumns.Kind] = "581",
            [ImportColumns.Number] = body + CheckDigits.SocialCredit(body),
            [ImportColumns.Representative] = "测试丙",
            [ImportColumns.CaseNumber] = $"（{today.AddMonths(-3).Year}）测0101执2号",
            [ImportColumns.Grounds] = "违反财产报告制度的",
            [ImportColumns.TermStart] = decision.Form(),
            [ImportColumns.TermEnd] = LegalPeriod.AddYears(decision, 2).Form(),
        });
    }

    private static string[] CellsOf(DateOnly today, Dictionary<string, string> own)
    {
        var decision = today.AddDays(-7);
        var common = new Dictionary<string, string>
        {
            [ImportColumns.FilingDate] = today.AddMonths(-3).Form(),
            [ImportColumns.BasisNumber] = $"（{today.AddYears(-1).Year}）测0101民初1号",
            [ImportColumns.BasisMaker] = "测试甲市第一区人民法院（虚构）",
            [ImportColumns.BasisKind] = "civil-judgment",
            [ImportColumns.Duty] = "支付货款100000元",
            [ImportColumns.Amount] = "100000.00",
            [ImportColumns.Performance] = "全部未履行",
            [ImportColumns.Unperformed] = "100000元",
            [ImportColumns.DecisionNumber] = $"（{decision.Year}）测0101失信1号",
            [ImportColumns.DecisionDate] = decision.Form(),
            [ImportColumns.Signer] = "测试院长",
            [ImportColumns.ServiceDate] = decision.Form(),
            [ImportColumns.ServiceMethod] = "direct",
            [ImportColumns.Origin] = "creditor-application",
        };
        return [.. ImportColumns.All.Select(column => own.GetValueOrDefault(column) ?? common.GetValueOrDefault(column, ""))];
    }

    private static void WriteRow(TextWriter output, string[] cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            if (i > 0) output.Write(',');
            CsvText.WriteField(output, cells[i]);
        }

        output.WriteLine();
    }
}
