using CreditShare.Cli.CommandLine;
using CreditShare.Cli.Lookup;
using CreditShare.V1;
using NUnit.Framework;

namespace CreditShare.Tests.Cli;

internal sealed class ExitCodeTests
{
    [TestCase("no-such-verb")]
    [TestCase("listing")]
    [TestCase("listing", "publish", "--ground", "no-such-ground")]
    [TestCase("listing", "publish", "--filing-date", "2026-02-30")]
    [TestCase("listing", "publish")]
    [TestCase("listing", "withdraw", "courts/x/listings/y")]
    [TestCase("listing", "withdraw", "courts/x/listings/y", "--reason", "performed", "--request-id", "00000000-0000-4000-8000-000000000001")]
    [TestCase("listing", "correct", "courts/x/listings/y")]
    [TestCase("listing", "correct", "courts/x/listings/y", "--file", "a.json")]
    [TestCase("listing", "import")]
    [TestCase("check")]
    [TestCase("check", "12345")]
    [TestCase("check", "H50000001", "--name", "测试甲")]
    [TestCase("check", "110105491231002", "--name", "测试甲")]
    [TestCase("check", "110000199003072138", "--timeout", "soon")]
    [TestCase("check", "110000199003072138", "--server", "http://plain")]
    [TestCase("check", "110000199003072138", "--at-least", "first")]
    [TestCase("candidates", "测试甲")]
    [TestCase("screen", "customers.csv")]
    [TestCase("feed", "follow", "--from", "1", "--cursor", "1:1")]
    [TestCase("feed", "follow", "--cursor", "1:1:zz")]
    [TestCase("partner", "create", "bank-1")]
    [TestCase("generate", "--customers", "1", "--hits", "2")]
    [TestCase("generate", "--listings", "0")]
    [TestCase("generate", "--listings", "-1")]
    public async Task A_wrong_command_line_exits_2_and_says_why_on_stderr(params string[] args)
    {
        var run = await CliRun.RunAsync(args);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Code, Is.EqualTo(2));
            Assert.That(run.Error, Is.Not.Empty);
            Assert.That(run.Output, Is.Empty);
        }
    }

    [TestCase("check", "110000199003072138", "--name", "测试甲")]
    [TestCase("feed", "head")]
    [TestCase("listing", "show", "courts/测0101/listings/x")]
    [TestCase("check", "110000199003072139", "--name", "测试甲")]
    [TestCase("partner", "list", "--as", "auditor")]
    [TestCase("doctor")]
    [TestCase("demo")]
    public async Task Without_a_server_it_exits_3_in_one_sentence(params string[] args)
    {
        var run = await CliRun.RunAsync(args);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Code, Is.EqualTo(3), run.Error);
            Assert.That(run.Error.Trim().Split('\n'), Has.Length.EqualTo(1));
            Assert.That(run.Error, Does.Not.Contain("   at "));
        }
    }

    [TestCase("--help")]
    [TestCase("--version")]
    [TestCase("listing", "publish", "--help")]
    [TestCase("listing", "publish", "--template")]
    [TestCase("listing", "import", "--template")]
    public async Task What_needs_no_server_exits_0(params string[] args)
    {
        var run = await CliRun.RunAsync(args);

        Assert.That(run.Code, Is.Zero, run.Error);
        Assert.That(run.Output, Is.Not.Empty);
    }

    [TestCase(Verdict.NotListed, 0)]
    [TestCase(Verdict.Listed, 10)]
    [TestCase(Verdict.NameMismatch, 11)]
    public void A_verdict_has_its_exit_code(Verdict verdict, int code) => Assert.That(CheckCommand.ExitCodeOf(verdict), Is.EqualTo(code));

    [TestCase(Verdict.Unspecified)]
    [TestCase((Verdict)99)]
    public void A_verdict_nobody_knows_is_no_clearance(Verdict verdict) =>
        Assert.That(
            () => CheckCommand.ExitCodeOf(verdict),
            Throws.TypeOf<CommandFailedException>().With.Property(nameof(CommandFailedException.ExitCode)).EqualTo(1));
}
