using CreditShare.Benchmarks.Traffic;
using CreditShare.V1;

namespace CreditShare.Benchmarks.Rows.Check;

/// <summary>Questions about the customers that <c>creditshare generate</c> made up, with the answers that it expects.</summary>
internal sealed class CheckQuestions
{
    /// <summary>What is called.</summary>
    public const string Rpc = "/creditshare.v1.LookupService/CheckSubject";

    /// <summary>The kind of those that disclose nothing.</summary>
    public const int NotListed = 0;

    /// <summary>The kind of those whose answer is recorded before it leaves.</summary>
    public const int Disclosing = 1;

    private const byte VerdictTag = CheckSubjectResponse.VerdictFieldNumber << 3;

    private readonly (CheckSubjectRequest Request, Verdict Verdict)[] _all;

    private CheckQuestions((CheckSubjectRequest Request, Verdict Verdict)[] all) => _all = all;

    /// <summary>What is asked about who is listed, or bears another name than who is.</summary>
    public IEnumerable<(CheckSubjectRequest Request, Verdict Verdict)> Hits => _all.Where(question => question.Verdict != Verdict.NotListed);

    /// <summary>One for the echo, for a client that sends the same again and again.</summary>
    public static LoadQuestion MakeForEcho() => ToLoad(Ask(["resident-id", "110101199003070134", "测试甲"]), Verdict.NotListed, Verdict.NotListed);

    /// <param name="customersFile">A line a customer: type, number, name.</param>
    /// <param name="expectedFile">A line a hit: the customer's row, the verdict.</param>
    public static CheckQuestions Read(string customersFile, string expectedFile)
    {
        var verdicts = File.ReadLines(expectedFile).Skip(1).Select(line => line.Split(',')).ToDictionary(
            cells => Convert.ToInt32(cells[0], provider: null), cells => cells[1] == "LISTED" ? Verdict.Listed : Verdict.NameMismatch);
        return new CheckQuestions([.. File.ReadLines(customersFile).Skip(1).Select((line, i) =>
            (Ask(line.Split(',')), verdicts.GetValueOrDefault(i + 1, Verdict.NotListed)))]);
    }

    /// <summary>For a service that knows who is listed.</summary>
    public IReadOnlyList<LoadQuestion> ToLoad() => [.. _all.Select(question => ToLoad(question.Request, question.Verdict, question.Verdict))];

    /// <summary>For one that says NOT_LISTED to everybody; of the same kinds.</summary>
    public IReadOnlyList<LoadQuestion> ToLoadOfEcho() => [.. _all.Select(question => ToLoad(question.Request, question.Verdict, Verdict.NotListed))];

    private static LoadQuestion ToLoad(CheckSubjectRequest request, Verdict verdict, Verdict answer)
    {
        byte[] beginning = [VerdictTag, (byte)answer];
        return new LoadQuestion(
            LoadQuestion.Frame(request), verdict == Verdict.NotListed ? NotListed : Disclosing, message => message.StartsWith(beginning));
    }

    private static CheckSubjectRequest Ask(string[] cells) => new()
    {
        Document = new IdentityDocument { Type = TypeOf(cells[0]), Number = cells[1] },
        Name = cells[2],
        Purpose = Purpose.Credit,
        Reference = "贷-2026-000001",
        Operator = "柜员7",
    };

    private static DocumentType TypeOf(string word) => word switch
    {
        "resident-id" => DocumentType.ResidentId,
        "hm-permit" => DocumentType.HmPermit,
        "uscc" => DocumentType.Uscc,
        "org-code" => DocumentType.OrgCode,
        _ => throw new InvalidDataException($"{word} is no type of document."),
    };
}
