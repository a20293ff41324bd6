using CreditShare.Cli.CommandLine;
using CreditShare.Cli.Feed;
using CreditShare.Cli.Generate;
using CreditShare.Cli.Listings;
using CreditShare.Cli.Lookup;
using CreditShare.Client;
using CreditShare.Core.Calendar;
using CreditShare.V1;

namespace CreditShare.Cli.Demo;

/// <summary>The story of the demonstration.</summary>
internal sealed class DemoStory(Invocation run, CreditShareClient court, CreditShareClient bank, CreditShareClient department)
{
    private const string OperatorName = "demo";
    private const string OtherName = "测试另一人";

    /// <summary>A serial has at most twelve digits.</summary>
    private const long MaxSerial = 1_000_000_000_000;

    /// <summary>With <c>--json</c> the output is for the answers alone.</summary>
    private readonly TextWriter _story = run.IsJson ? run.Host.Error : run.Output;

    private int _step;
    private bool _isAsExpected = true;

    /// <summary>Tells it.</summary>
    /// <returns>0 if every answer was the one the story promises.</returns>
    internal async Task<int> TellAsync(CancellationToken cancellationToken)
    {
        var begin = (await department.GetHeadAsync(cancellationToken)).Head;
        var listing = MakeUp();
        var number = listing.Subject.Documents[0].Number;
        var name = listing.Subject.Name;

        Step($"A court decides that {name}, {number}, is to be listed, and publishes it.", "creditshare listing publish --file listing.json");
        var receipt = await court.PublishAsync(
            new PublishListingRequest
            {
                Parent = CourtParent.Of(code: "", listing.CaseNumber),
                Listing = listing,
                Operator = OperatorName,
            },
            cancellationToken);
        Result(ListingText.Write, receipt);

        Step("A bank asks before it grants a loan. The answer counts from the publication on.", $"creditshare check {number} --name {name}");
        await CheckAsync(listing, name, receipt.Position, Verdict.Listed, cancellationToken);

        Step(
            "The same number under another name: a human must look. A name alone never decides.",
            $"creditshare check {number} --name {OtherName}");
        await CheckAsync(listing, OtherName, receipt.Position, Verdict.NameMismatch, cancellationToken);

        Step(
            "The debtor performs, and the court withdraws the listing. This returns once no node says LISTED any more.",
            $"creditshare listing withdraw {receipt.Name} --reason performed");
        var withdrawn = await court.WithdrawAsync(
            new WithdrawListingRequest
            {
                Name = receipt.Name,
                ExpectedVersion = receipt.Version,
                Operator = OperatorName,
                Reason = EndReason.Performed,
            },
            cancellationToken);
        Result(ListingText.Write, withdrawn);

        Step("The bank asks again.", $"creditshare check {number} --name {name}");
        await CheckAsync(listing, name, withdrawn.Position, Verdict.NotListed, cancellationToken);

        Step(
            "A department that follows the list has learned of both changes; what has ended is told without the person.",
            $"creditshare feed follow --from {begin.Sequence} --until-head");
        await FollowAsync(begin, receipt.Name, withdrawn.Position, cancellationToken);

        _story.WriteLine(_isAsExpected ? "All as it should be." : "Something was not as it should be; see above.");
        return _isAsExpected ? ExitCodes.Done : ExitCodes.Failed;
    }

    // Somebody new in every run, so that a run that was broken off does not disturb the next.
    private Listing MakeUp()
    {
        var now = run.Host.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var listing = ListingFile.Template(run.Host.Clock.Today());
        listing.Subject.Documents[0].Number = new SyntheticNumbers((ulong)now).Person(index: 0);
        listing.CaseNumber = $"（{listing.FilingDate.Year}）测0101执{now % MaxSerial}号";
        return listing;
    }

    private async Task CheckAsync(
        Listing listing, string name, Position from, Verdict expected, CancellationToken cancellationToken)
    {
        var answer = await bank.CheckAsync(
            new CheckSubjectRequest
            {
                Document = listing.Subject.Documents[0],
                Name = name,
                Purpose = Purpose.Credit,
                Reference = OperatorName,
                Operator = OperatorName,
                AtLeast = from,
            },
            cancellationToken);
        Result(AnswerText.Write, answer);
        _story.WriteLine($"  exit code {CheckCommand.ExitCodeOf(answer.Verdict)}");
        Expect(answer.Verdict == expected, $"{ContractWords<Verdict>.NameOf(expected)} was expected.");
    }

    private async Task FollowAsync(Cursor begin, string listing, Position until, CancellationToken cancellationToken)
    {
        var seen = new List<ChangeKind>();
        await foreach (var frame in department.FollowAsync(begin, new FeedOptions { View = View.Public }, cancellationToken))
        {
            foreach (var change in frame.Changes)
            {
                Result(ChangeText.Write, change);
                if (change.ListingName == listing) seen.Add(change.Kind);
            }

            if (frame.ToSequence >= until.Sequence) break;
        }

        Expect(seen is [ChangeKind.Published, ChangeKind.Withdrawn], "PUBLISHED and WITHDRAWN were expected.");
    }

    private void Step(string sentence, string command)
    {
        _story.WriteLine();
        _story.WriteLine($"{++_step}. {sentence}");
        _story.WriteLine($"  $ {command}");
        _story.Flush();
    }

    private void Result<T>(Action<TextWriter, T> text, T message)
        where T : Google.Protobuf.IMessage => run.Print(message, text);

    private void Expect(bool isSo, string otherwise)
    {
        if (isSo) return;

        _isAsExpected = false;
        _story.WriteLine($"  NOT AS EXPECTED: {otherwise}");
    }
}
