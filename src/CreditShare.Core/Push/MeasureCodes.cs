using System.Collections.Frozen;

namespace CreditShare.Core.Push;

/// <summary>The codes of measures: eleven classes and their items after 中办发〔2016〕64号, with 6.5 for procurement and bidding (Provisions
/// Art. 8(1)).</summary>
public static class MeasureCodes
{
    private static readonly FrozenDictionary<string, string> Titles = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["1.1"] = "设立金融类公司",
        ["1.2"] = "发行债券",
        ["1.3"] = "合格投资者额度",
        ["1.4"] = "股权激励",
        ["1.5"] = "股票发行或挂牌转让",
        ["1.6"] = "设立社会组织",
        ["1.7"] = "参与政府投资或财政资金项目",
        ["2.1"] = "政府补贴",
        ["2.2"] = "政策支持",
        ["3.1"] = "国企高管",
        ["3.2"] = "事业单位法定代表人",
        ["3.3"] = "金融机构高管",
        ["3.4"] = "社会组织负责人",
        ["3.5"] = "招录（聘）公务人员",
        ["3.6"] = "入党或党员",
        ["3.7"] = "党代表、人大代表、政协委员",
        ["3.8"] = "入伍服役",
        ["4.1"] = "海关认证",
        ["4.2"] = "药品、食品等行业",
        ["4.3"] = "房地产、建筑企业资质",
        ["5.1"] = "文明、道德模范、慈善类荣誉",
        ["5.2"] = "律师和律所荣誉",
        ["5.3"] = "授信（贷款、信用卡）",
        ["6.1"] = "不动产、国有资产交易",
        ["6.2"] = "国有林地",
        ["6.3"] = "草原",
        ["6.4"] = "其他国有自然资源",
        ["6.5"] = "政府采购、招标投标",
        ["7.1"] = "火车、飞机",
        ["7.2"] = "星级宾馆、高消费场所",
        ["7.3"] = "高消费旅游",
        ["7.4"] = "子女高收费私立学校",
        ["7.5"] = "现金价值保险",
        ["7.6"] = "新建、扩建、高档装修，非经营必需车辆",
        ["8"] = "协助查询、控制及限制出境",
        ["9"] = "加强日常监管检查",
        ["10"] = "刑事惩戒",
        ["11"] = "其他",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Every code.</summary>
    public static IEnumerable<string> All => Titles.Keys;

    /// <summary>Whether there is a measure of this code.</summary>
    public static bool IsKnown(string code) => Titles.ContainsKey(code);

    /// <summary>What the code stands for; null if it is unknown.</summary>
    public static string? TitleOf(string code) => Titles.GetValueOrDefault(code);
}
