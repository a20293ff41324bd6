using System.Text.RegularExpressions;
using CreditShare.Server.Transport;
using CreditShare.Tests.Conventions;
using CreditShare.V1;
using Grpc.Core;
using NUnit.Framework;

namespace CreditShare.Tests.Contract;

/// <summary>Partners read in the proto which code comes with which reason.</summary>
internal sealed partial class ErrorReasonTests
{
    private static readonly Dictionary<string, string> s_comments = CommentsOf(File.ReadAllLines(SourceTree.PathOf("protos/creditshare/v1/errors.proto")));

    [TestCaseSource(nameof(Reasons))]
    public void Its_comment_begins_with_the_code_it_comes_with(ErrorReason reason)
    {
        var value = $"ERROR_REASON_{StatusMapping.WireName(reason)}";

        Assert.That(s_comments, Does.ContainKey(value));
        Assert.That(CodeIn(s_comments[value]), Is.EqualTo($"{StatusMapping.CodeFor(reason)}"), s_comments[value]);
    }

    [TestCase("Sent now and then.", "Sentnowandthen")]
    [TestCase("INVALID_ARGUMENT. A field is wrong.", nameof(StatusCode.InvalidArgument))]
    [TestCase("INTERNAL. A fault.", nameof(StatusCode.Internal))]
    public void A_comments_code_is_what_stands_before_its_first_full_stop(string comment, string code) => Assert.That(CodeIn(comment), Is.EqualTo(code));

    private static ErrorReason[] Reasons() => [.. Enum.GetValues<ErrorReason>().Where(reason => reason != ErrorReason.Unspecified)];

    private static string CodeIn(string comment) =>
        string.Concat(comment.Split('.')[0].Split('_', ' ').Select(word => word.Length == 0 ? "" : word[..1] + word[1..].ToLowerInvariant()));

    private static Dictionary<string, string> CommentsOf(string[] lines)
    {
        var comments = new Dictionary<string, string>(StringComparer.Ordinal);
        var comment = new List<string>();
        foreach (var line in lines.Select(line => line.Trim()))
        {
            if (line.StartsWith("//", StringComparison.Ordinal))
            {
                comment.Add(line[2..].Trim());
                continue;
            }

            if (ValueLine().Match(line) is { Success: true } value) comments[value.Groups[1].Value] = string.Join(' ', comment);
            comment.Clear();
        }

        return comments;
    }

    [GeneratedRegex(@"^(ERROR_REASON_\w+) = \d+;")]
    private static partial Regex ValueLine();
}
