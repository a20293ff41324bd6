using NUnit.Framework;

namespace CreditShare.Tests.Contract;

[NeedsBuf]
internal sealed class ContractStyleTests
{
    private const string Undocumented = """
        syntax = "proto3";
        package creditshare.v1;
        service Lookup { rpc Check(Question) returns (Question); }
        message Question { string a = 1; int32 b = 2; }
        """;

    [Test, CancelAfter(120_000)]
    public async Task The_contract_is_clean_under_buf_lint(CancellationToken cancellationToken)
    {
        using var image = await ContractImage.OfContractAsync(cancellationToken);

        var run = await Buf.LintAsync(image.Path, cancellationToken);

        Assert.That(run, Is.EqualTo(new ToolRun(0, "")));
    }

    [Test, CancelAfter(120_000)]
    public async Task A_proto_without_comments_and_suffixes_is_not_clean(CancellationToken cancellationToken)
    {
        using var image = await ContractImage.OfTextAsync("creditshare/v1/sample.proto", Undocumented, cancellationToken);

        var run = await Buf.LintAsync(image.Path, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.ExitCode, Is.Not.Zero);
            Assert.That(run.Output, Does.Contain("suffixed with \"Service\"").And.Contains("non-empty comment"));
        }
    }

    [Test, CancelAfter(120_000)]
    public async Task A_field_that_is_gone_breaks_the_contract(CancellationToken cancellationToken)
    {
        using var before = await ContractImage.OfTextAsync("creditshare/v1/sample.proto", Undocumented, cancellationToken);
        using var after = await ContractImage.OfTextAsync("creditshare/v1/sample.proto", Undocumented.Replace(" int32 b = 2;", ""), cancellationToken);

        var run = await Buf.BreakingAsync(after.Path, before.Path, cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.ExitCode, Is.Not.Zero);
            Assert.That(run.Output, Does.Contain("\"2\" with name \"b\""));
        }
    }
}
