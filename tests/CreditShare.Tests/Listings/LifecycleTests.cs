using CreditShare.Core.Listings;
using NUnit.Framework;

namespace CreditShare.Tests.Listings;

/// <summary>The table of DESIGN's listing's life: each command in each state.</summary>
internal sealed class LifecycleTests
{
    private static readonly DateOnly s_tomorrow = Sample.Today.AddDays(1);
    private static readonly DateOnly s_afterTerm = Sample.TermEnd.AddDays(1);

    private static readonly string[] s_commands =
        ["Publish", "Confirm", "Cancel", "Correct", "Extend", "Withdraw", "Delete", "Revoke", "Expire"];

    // Withdraw is for a reason of Art. 10(1), Delete for that of Art. 2(2); the two days of one state stand on both sides of a date.
    private static readonly (string State, DateOnly Day, string[] Expected)[] s_table =
    [
        ("None", Sample.Today,
            ["Published", .. Enumerable.Repeat("ListingNotFound", 8)]),
        ("Grace", Sample.GraceUntil,
            ["NotInThisState", "GraceNotOver", "Cancelled", .. Enumerable.Repeat("NotInThisState", 6)]),
        ("Grace", s_tomorrow,
            ["NotInThisState", "Published", "Cancelled", .. Enumerable.Repeat("NotInThisState", 6)]),
        ("WithTerm", Sample.TermEnd,
            [.. Enumerable.Repeat("NotInThisState", 3), "Corrected", "Extended", "reason EndReasonNotAllowed", "Withdrawn", "Revoked", "NotInThisState"]),
        ("WithTerm", s_afterTerm,
            [.. Enumerable.Repeat("NotInThisState", 3), "TermOver", "TermOver", "TermOver", "TermOver", "Revoked", "Expired"]),
        ("OpenEnded", s_afterTerm,
            [.. Enumerable.Repeat("NotInThisState", 3), "Corrected", "end TermNotAllowed", "Withdrawn", "reason EndReasonNotAllowed", "Revoked", "NotInThisState"]),
        ("Cancelled", s_tomorrow, [.. Enumerable.Repeat("ListingEnded", 9)]),
        ("Withdrawn", s_tomorrow, [.. Enumerable.Repeat("ListingEnded", 9)]),
        ("Revoked", s_tomorrow, [.. Enumerable.Repeat("ListingEnded", 9)]),
        ("Expired", s_afterTerm, [.. Enumerable.Repeat("ListingEnded", 9)]),
    ];

    [TestCaseSource(nameof(Table))]
    public void A_command_does_in_each_state_what_the_table_says(string state, DateOnly day, string command, string expected)
    {
        var listing = StateOf(state);

        var decision = ListingRules.Decide(listing, CommandOf(command, listing?.Version ?? 0), day);

        Assert.That(Sample.Outcome(decision), Is.EqualTo(new[] { expected }));
    }

    [TestCaseSource(nameof(Accepting))]
    public void A_change_raises_the_version_by_one_and_leads_to_its_state(
        string state, DateOnly day, string command, (long Version, ListingState State) expected)
    {
        var listing = StateOf(state);

        var after = Sample.Accepted(ListingRules.Decide(listing, CommandOf(command, listing?.Version ?? 0), day)).After;

        Assert.That((after.Version, after.State), Is.EqualTo(expected));
    }

    [TestCaseSource(nameof(Versioned))]
    public void A_command_that_expects_another_version_is_refused(string state, string command)
    {
        var listing = StateOf(state)!;

        var decision = ListingRules.Decide(listing, CommandOf(command, listing.Version + 1), s_tomorrow);

        Assert.That(Sample.Outcome(decision), Is.EqualTo(new[] { "VersionMismatch" }));
    }

    [Test]
    public void An_ended_listing_says_so_before_it_asks_for_the_version() =>
        Assert.That(
            Sample.Outcome(ListingRules.Decide(StateOf("Withdrawn"), CommandOf("Correct", 99), Sample.Today)),
            Is.EqualTo(new[] { "ListingEnded" }));

    [Test]
    public void A_listing_without_a_known_state_takes_no_command() =>
        Assert.That(
            Sample.Outcome(ListingRules.Decide(
                Sample.Listed(Sample.Person) with { State = ListingState.None }, CommandOf("Revoke", 1), Sample.Today)),
            Is.EqualTo(new[] { "NotInThisState" }));

    [Test]
    public void A_command_for_another_listing_is_a_fault_of_the_caller()
    {
        var command = new ListingCommand.Revoke(new ListingId(Guid.AllBitsSet), 1, "");

        Assert.That(() => ListingRules.Decide(StateOf("WithTerm"), command, Sample.Today), Throws.ArgumentException);
    }

    [Test]
    public void What_came_about_in_the_grace_is_published_with_the_confirmation()
    {
        var service = new DecisionService(Sample.Today, ServiceMethod.Direct);
        var performance = new Performance { State = PerformanceState.Partial, PerformedPart = "1000元" };
        var grace = Sample.Listed(Sample.WithGrace with { Service = null });

        var after = grace.After(new ListingCommand.Confirm(Sample.Id, 0, service, performance), s_tomorrow);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(after.Version, Is.EqualTo(1), "as any other that is published");
            Assert.That(after.Content, Is.EqualTo(grace.Content with { Service = service, Performance = performance }));
        }
    }

    [Test]
    public void A_confirmation_that_says_no_more_publishes_what_was_stated()
    {
        var grace = Sample.Listed(Sample.WithGrace);

        Assert.That(grace.After(new ListingCommand.Confirm(Sample.Id, 0), s_tomorrow).Content, Is.EqualTo(grace.Content));
    }

    [Test]
    public void Who_has_performed_in_the_grace_is_not_published()
    {
        var performed = new Performance { State = PerformanceState.Full };
        var unserved = new DecisionService(Sample.Decided.AddDays(-1), ServiceMethod.Direct);

        var decision = ListingRules.Decide(
            Sample.Listed(Sample.WithGrace), new ListingCommand.Confirm(Sample.Id, 0, unserved, performed), s_tomorrow);

        Assert.That(Sample.Outcome(decision), Is.EqualTo(new[] { "performance.state AlreadyPerformed", "service.date DateInvalid" }));
    }

    private static IEnumerable<TestCaseData> Table() =>
        from row in s_table
        from cell in s_commands.Zip(row.Expected)
        select new TestCaseData(row.State, row.Day, cell.First, cell.Second)
            .SetName($"{cell.First}_in_state_{row.State}_on_{row.Day:yyyy_MM_dd}_gives_{cell.Second.Split(' ')[^1]}");

    private static IEnumerable<TestCaseData> Accepting()
    {
        yield return Row("None", Sample.Today, "Publish", (1, ListingState.Published));
        yield return Row("None", Sample.Today, "PublishWithGrace", (0, ListingState.Grace));
        yield return Row("Grace", s_tomorrow, "Confirm", (1, ListingState.Published));
        yield return Row("Grace", Sample.Today, "Cancel", (1, ListingState.Cancelled));
        yield return Row("WithTerm", Sample.Today, "Correct", (2, ListingState.Published));
        yield return Row("WithTerm", Sample.Today, "Extend", (2, ListingState.Published));
        yield return Row("WithTerm", Sample.Today, "Delete", (2, ListingState.Withdrawn));
        yield return Row("OpenEnded", Sample.Today, "Withdraw", (2, ListingState.Withdrawn));
        yield return Row("WithTerm", Sample.Today, "Revoke", (2, ListingState.Revoked));
        yield return Row("WithTerm", s_afterTerm, "Expire", (2, ListingState.Expired));

        static TestCaseData Row(string state, DateOnly day, string command, (long Version, ListingState State) expected) =>
            new TestCaseData(state, day, command, expected).SetName($"{command}_from_{state}_leads_to_{expected.State}_{expected.Version}");
    }

    private static IEnumerable<TestCaseData> Versioned() =>
        from state in new[] { "Grace", "WithTerm", "OpenEnded" }
        from command in s_commands
        where command != "Publish"
        select new TestCaseData(state, command).SetName($"{command}_in_state_{state}_with_another_version_is_refused");

    private static Listing? StateOf(string name) => name switch
    {
        "None" => null,
        "Grace" => Sample.Listed(Sample.WithGrace),
        "WithTerm" => Sample.Listed(Sample.Person),
        "OpenEnded" => Sample.Listed(Sample.OpenEnded),
        "Cancelled" => Sample.Listed(Sample.WithGrace).After(CommandOf("Cancel", 0)),
        "Withdrawn" => Sample.Listed(Sample.OpenEnded).After(CommandOf("Withdraw", 1)),
        "Revoked" => Sample.Listed(Sample.Person).After(CommandOf("Revoke", 1)),
        "Expired" => Sample.Listed(Sample.Person).After(CommandOf("Expire", 1), s_afterTerm),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such state."),
    };

    private static ListingCommand CommandOf(string name, long version) => name switch
    {
        "Publish" => Sample.Publish(Sample.Person),
        "PublishWithGrace" => Sample.Publish(Sample.WithGrace),
        "Confirm" => new ListingCommand.Confirm(Sample.Id, version),
        "Cancel" => new ListingCommand.Cancel(Sample.Id, version, EndReason.PerformedInGrace),
        "Correct" => new ListingCommand.Correct(
            Sample.Id, version, ContentParts.Obligation, Sample.Person with { Obligation = "支付货款及利息" }),
        "Extend" => new ListingCommand.Extend(
            Sample.Id, version, new DateOnly(2030, 2, 2), new TermExtension(ExtensionReason.MultipleActs, ["隐匿车辆", "虚假报告"])),
        "Withdraw" => new ListingCommand.Withdraw(Sample.Id, version, EndReason.Performed, "", EventDate: null),
        "Delete" => new ListingCommand.Withdraw(Sample.Id, version, EndReason.EarlyDeletion, "", EventDate: null),
        "Revoke" => new ListingCommand.Revoke(Sample.Id, version, ""),
        "Expire" => new ListingCommand.Expire(Sample.Id, version),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such command."),
    };
}
