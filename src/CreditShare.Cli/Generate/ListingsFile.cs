using System.Globalization;
using CreditShare.Cli.CommandLine;
using CreditShare.Cli.Listings;
using CreditShare.Core.Calendar;
using CreditShare.Core.Courts;

namespace CreditShare.Cli.Generate;

/// <summary>Writes listings in the form of the import, each lawful on the given day.</summary>
internal sealed class ListingsFile(SyntheticSubjects subjects, DateOnly today)
{
    private static readonly string[] Columns =
    [
        ImportColumns.Name, ImportColumns.Kind, ImportColumns.Number, ImportColumns.Documents, ImportColumns.Sex, ImportColumns.Age,
        ImportColumns.BirthDate, ImportColumns.Representative, ImportColumns.CourtCode, ImportColumns.CaseNumber,
        ImportColumns.FilingDate, ImportColumns.Grounds, ImportColumns.BasisNumber, ImportColumns.BasisMaker, ImportColumns.BasisKind,
        ImportColumns.Duty, ImportColumns.Amount, ImportColumns.Performance, ImportColumns.Performed, ImportColumns.Unperformed,
        ImportColumns.DecisionNumber, ImportColumns.DecisionDate, ImportColumns.Signer, ImportColumns.ServiceDate,
        ImportColumns.ServiceMethod, ImportColumns.Origin, ImportColumns.Article3, ImportColumns.TermStart, ImportColumns.TermEnd,
        ImportColumns.ExtensionReason, ImportColumns.Acts,
    ];

    // The first has no term; the others have one of two years.
    private static readonly string[] Grounds =
    [
        "有履行能力而拒不履行生效法律文书确定义务的",
        "违反财产报告制度的",
        "违反限制消费令",
        "以伪造证据、暴力、威胁等方法妨碍、抗拒执行的",
        "违反财产报告制度,无正当理由拒不履行执行和解协议的",
    ];

    private readonly Court[] _courts =
    [
        .. CourtTable.Seed.Courts.Where(c => c.Code.IsSynthetic && c.Level == CourtLevel.Basic && c.IsValidOn(today) && c.ValidFrom is null),
    ];

    internal void Write(TextWriter output, long count, Action<long> written)
    {
        output.WriteLine(string.Join(',', Columns));
        var cells = new string[Columns.Length];
        for (var i = 0L; i < count; i++)
        {
            Fill(cells, i);
            for (var column = 0; column < cells.Length; column++)
            {
                if (column > 0) output.Write(',');
                CsvText.WriteField(output, cells[column]);
            }

            output.WriteLine();
            written(1);
        }
    }

    private void Fill(string[] cells, long index)
    {
        var chance = subjects.Chance;
        var subject = subjects.OfListing(index);
        var court = _courts[chance.Below(_courts.Length, Draw.Court, index)];
        var decision = today.AddDays(-10 - chance.Below(300, Draw.DecisionDay, index));
        var filing = decision.AddDays(-30 - chance.Below(100, Draw.FilingDay, index));
        var amount = 1_000 + chance.Below(10_000_000, Draw.Amount, index);
        var ground = Math.Max(0, chance.Below(10, Draw.Ground, index) - 5);
        var isPartial = chance.OneIn(3, Draw.Performance, index);
        var isExtended = ground > 0 && chance.OneIn(4, Draw.Extension, index);
        var serial = (index + 1).ToString(CultureInfo.InvariantCulture);
        var amountText = amount.ToString(CultureInfo.InvariantCulture);

        string[] values =
        [
            .. SubjectCells(subject),
            court.Code.Value,
            index % 7 == 0 ? $"({filing.Year}){court.Code.Value}执{serial}号" : $"（{filing.Year}）{court.Code.Value}执{serial}号",
            index % 5 == 0 ? filing.ToString("yyyy年MM月dd日", CultureInfo.InvariantCulture) : filing.ToString("yyyyMMdd", CultureInfo.InvariantCulture),
            Grounds[ground],
            $"（{filing.Year - 1}）{court.Code.Value}民初{serial}号",
            court.Name,
            "civil-judgment",
            $"支付货款{amountText}元",
            amountText,
            isPartial ? "部分未履行" : "全部未履行",
            isPartial ? "已支付500元" : "暂无",
            isPartial ? "其余" : amountText + "元",
            $"（{decision.Year}）{court.Code.Value}失信{serial}号",
            decision.Form(),
            "测试院长",
            decision.AddDays(chance.Below(8, Draw.Service, index)).Form(),
            index % 3 == 0 ? "electronic" : "direct",
            chance.OneIn(4, Draw.Origin, index) ? "ex-officio" : "creditor-application",
            ground == 0 ? "true" : "",
            ground == 0 ? "" : decision.Form(),
            ground == 0 ? "" : LegalPeriod.AddYears(decision, isExtended ? 3 : 2).Form(),
            isExtended ? "multiple-acts" : "",
            isExtended ? "第一次违反|第二次违反" : "",
        ];
        values.CopyTo(cells, 0);
    }

    private string[] SubjectCells(SyntheticSubject subject) => subject.Kind switch
    {
        SyntheticKind.Person =>
        [
            subject.Name, "580", subject.Number, SecondDocument(subject), subject.IsMale ? "男" : "女性",
            LegalPeriod.AgeOn(subject.Birth, today).ToString(CultureInfo.InvariantCulture),
            subject.Passport is null ? "" : subject.Birth.Form(), "",
        ],
        SyntheticKind.Organisation => [subject.Name, "581", subject.SocialCredit, "", "", "0", "", "测试代表人"],
        SyntheticKind.OldOrganisation => [subject.Name, "1", subject.Number, "", "", "0", "", "测试代表人"],
    };

    private static string SecondDocument(SyntheticSubject subject) => subject switch
    {
        { TravelPermit: { } permit } => $"hm-permit:{permit}",
        { Passport: { } passport } => $"passport:{passport}:CHN",
        _ => "",
    };
}
