using CreditShare.Cli.CommandLine;
using CreditShare.Core.Numbers;
using CreditShare.V1;
using DocumentType = CreditShare.V1.DocumentType;

namespace CreditShare.Cli.Listings;

/// <summary>Listings as files of canonical JSON.</summary>
internal static class ListingFile
{
    private const string StandardInput = "-";

    internal static async Task<Listing> ReadAsync(Invocation run, string path, CancellationToken cancellationToken)
    {
        var json = path == StandardInput
            ? await run.Host.Input.ReadToEndAsync(cancellationToken)
            : await File.ReadAllTextAsync(run.PathOf(path), cancellationToken);
        return JsonText.Parse<Listing>(json, path);
    }

    /// <summary>A listing to start from: complete, lawful on that day, of a person who cannot exist.</summary>
    internal static Listing Template(DateOnly today)
    {
        const string Body = "11000019850615201";
        var decision = today.AddDays(-7);
        return new Listing
        {
            Subject = new Subject
            {
                Kind = SubjectKind.Person,
                Name = "测试甲",
                Documents = { new IdentityDocument { Type = DocumentType.ResidentId, Number = Body + CheckDigits.Citizen(Body) } },
            },
            CaseNumber = $"（{decision.AddMonths(-2).Year}）测0101执1号",
            FilingDate = decision.AddMonths(-2).ToContract(),
            Grounds = { Ground.RefusesThoughAble },
            Conduct = "有履行能力而拒不履行",
            Basis = new EnforcementBasis
            {
                Type = BasisType.CivilJudgment,
                Number = $"（{decision.AddYears(-1).Year}）测0101民初1号",
                Maker = "测试甲市第一区人民法院（虚构）",
            },
            Obligation = "支付货款",
            ObligationAmount = new Google.Type.Money { CurrencyCode = "CNY", Units = 100_000 },
            Performance = new Performance { State = PerformanceState.None },
            Decision = new Decision
            {
                Number = $"（{decision.Year}）测0101执1号之一",
                Date = decision.ToContract(),
                SignerRole = SignerRole.CourtPresident,
                Signer = "测试院长",
            },
            Service = new Service { Date = decision.ToContract(), Method = ServiceMethod.Direct },
            Origin = Origin.CreditorApplication,
            Article3Checked = true,
        };
    }
}
