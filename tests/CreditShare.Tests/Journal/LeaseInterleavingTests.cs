using NUnit.Framework;

namespace CreditShare.Tests.Journal;

/// <summary>Promise P5 against every order in which time, heartbeats, the tail, a withdrawal and a lookup can meet.</summary>
internal sealed class LeaseInterleavingTests
{
    private const string Running = "a node that answers";
    private const string Starting = "a node that starts";

    [TestCase(Running)]
    [TestCase(Starting)]
    public void No_answer_that_starts_after_an_acknowledged_withdrawal_says_listed(string which)
    {
        var found = Explore(which == Running, LookupChecks.Twice);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(found.Violation, Is.Null);
            Assert.That(found.Worlds, Is.GreaterThan(500), "too little was explored");
            Assert.That(found.HasAnsweredRightly, Is.True, "no lookup after the acknowledgement was answered");
            Assert.That(found.HasRefused, Is.True, "no lookup was refused");
        }
    }

    [Test]
    public void A_lookup_that_asks_for_the_lease_only_at_its_end_can_say_listed_after_all() =>
        Assert.That(Explore(isRunning: true, LookupChecks.Last).Violation, Is.Not.Null, "the exploration is blind");

    private static Findings Explore(bool isRunning, LookupChecks checks)
    {
        var findings = new Findings();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<Move[]>([[]]);
        while (open.TryPop(out var moves) && findings.Violation is null)
        {
            using var world = new LeaseWorld(isRunning, checks);
            foreach (var move in moves) world.Make(move);

            // Down one way with this world; the other ways are gone with worlds of their own.
            while (seen.Add(world.Key))
            {
                findings.Take(world, moves);
                if (world.Moves().ToArray() is not [var next, .. var others]) break;

                foreach (var move in others) open.Push([.. moves, move]);
                moves = [.. moves, next];
                world.Make(next);
            }
        }

        return findings;
    }

    private sealed class Findings
    {
        public int Worlds { get; private set; }

        public bool HasAnsweredRightly { get; private set; }

        public bool HasRefused { get; private set; }

        public string? Violation { get; private set; }

        public void Take(LeaseWorld world, Move[] moves)
        {
            Worlds++;
            HasRefused |= world.HasRefused;
            if (world.Answer is not { AfterAcknowledgement: true } answer) return;

            if (answer.IsListed) Violation = string.Join(' ', moves);
            else HasAnsweredRightly = true;
        }
    }
}
