using CreditShare.Cli.CommandLine;
using CreditShare.V1;

namespace CreditShare.Cli.Listings;

/// <summary>
/// Grounds in the wordings that occur: those of the text of 2017 and of 2013, with or without the final 的, several joined by commas.
/// Wordings only, never numbers: the same number means different grounds in the two texts.
/// </summary>
internal static class GroundText
{
    private const char Final = '的';

    private static readonly char[] Separators = [',', '，', ';', '；'];

    private static readonly Dictionary<string, Ground> ByWording = new()
    {
        ["有履行能力而拒不履行生效法律文书确定义务"] = Ground.RefusesThoughAble,
        ["其他有履行能力而拒不履行生效法律文书确定义务"] = Ground.RefusesThoughAble,
        ["以伪造证据、暴力、威胁等方法妨碍、抗拒执行"] = Ground.Obstructs,
        ["以虚假诉讼、虚假仲裁或者以隐匿、转移财产等方法规避执行"] = Ground.Evades,
        ["违反财产报告制度"] = Ground.BreachesAssetReporting,
        ["违反限制消费令"] = Ground.BreachesConsumptionRestriction,
        ["违反限制高消费令"] = Ground.BreachesConsumptionRestriction,
        ["无正当理由拒不履行执行和解协议"] = Ground.RefusesSettlement,
        ["被执行人无正当理由拒不履行执行和解协议"] = Ground.RefusesSettlement,
    };

    /// <summary>Reads all grounds; the same one in two wordings counts once.</summary>
    /// <param name="text">The text of the column.</param>
    /// <param name="grounds">What was understood.</param>
    /// <param name="unknown">The first wording that was not; null if there was none.</param>
    internal static bool TryParse(string text, out IReadOnlyList<Ground> grounds, out string? unknown)
    {
        var found = new List<Ground>();
        grounds = found;
        unknown = null;
        foreach (var part in text.Split(Separators, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!ByWording.TryGetValue(part.TrimEnd(Final), out var ground) && !ContractWords<Ground>.TryParse(part, out ground))
            {
                unknown = part;
                return false;
            }

            if (!found.Contains(ground)) found.Add(ground);
        }

        return true;
    }
}
