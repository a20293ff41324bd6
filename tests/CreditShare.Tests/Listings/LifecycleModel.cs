using CreditShare.Core.Listings;
using CreditShare.Core.Numbers;
using FsCheck;
using FsCheck.Fluent;

namespace CreditShare.Tests.Listings;

/// <summary>One move of a random life: days go by, then somebody wants something. The numbers choose what; most choices are lawful.</summary>
internal sealed record Move(int Days, int Verb, int Choice, int Variant, int Detail);

/// <summary>What came of a move.</summary>
internal sealed record Step(DateOnly Today, Listing? Before, ListingCommand Command, Decision Decision)
{
    public Decision.Accepted? Accepted => Decision as Decision.Accepted;
}

/// <summary>Plays random lives of one listing against the rules.</summary>
internal static class LifecycleModel
{
    private const int MaxMoves = 14;

    private static readonly DateOnly s_firstDay = new(2026, 3, 2);
    private static readonly SubjectDocument s_man = Sample.Document(DocumentType.ResidentId, Sample.Man);
    private static readonly SubjectDocument s_passport = Sample.Document(DocumentType.Passport, "X1234567", "USA");
    private static readonly SubjectDocument s_woman = Sample.Document(DocumentType.ResidentId, Sample.Woman);

    private static readonly Gen<Move> s_moves =
        from days in Gen.Frequency((6, Gen.Choose(0, 40)), (2, Gen.Choose(41, 800)), (1, Gen.Choose(801, 2_000)))
        from verb in Gen.Choose(0, 11)
        from choice in Gen.Choose(0, 1_000)
        from variant in Gen.Choose(0, 1_000)
        from detail in Gen.Choose(0, 1_000)
        select new Move(days, verb, choice, variant, detail);

    public static Gen<Move[]> Lives { get; } =
        from length in Gen.Choose(1, MaxMoves) from moves in s_moves.ArrayOf(length) select moves;

    public static IReadOnlyList<Step> Play(IEnumerable<Move> moves)
    {
        var steps = new List<Step>();
        var today = s_firstDay;
        Listing? state = null;
        foreach (var move in moves)
        {
            today = today.AddDays(move.Days);
            var command = CommandOf(state, move, today);
            var neighbours = new Neighbours(move.Choice % 23 == 0, move.Choice % 19 == 0 ? today : null);
            var decision = ListingRules.Decide(state, command, today, neighbours);
            steps.Add(new Step(today, state, command, decision));
            if (decision is Decision.Accepted accepted) state = accepted.After;
        }

        return steps;
    }

    private static ListingCommand CommandOf(Listing? state, Move move, DateOnly today)
    {
        var version = (state?.Version ?? 0) + (move.Detail % 17 == 0 ? 1 : 0);
        return move.Verb switch
        {
            _ when state is null && move.Verb < 10 => Sample.Publish(Content(move, today)),
            0 => Sample.Publish(Content(move, today)),
            1 or 2 => new ListingCommand.Confirm(Sample.Id, version),
            3 => new ListingCommand.Cancel(Sample.Id, version, (EndReason)(10 + (move.Choice % 4))),
            4 or 5 or 6 => Correct(version, move, today),
            7 or 8 => new ListingCommand.Extend(Sample.Id, version, ExtendedEnd(state, move, today), Extension(move)),
            9 => new ListingCommand.Withdraw(Sample.Id, version, (EndReason)(move.Choice % 13), "", today.AddDays(1 - (move.Variant % 5))),
            10 => new ListingCommand.Revoke(Sample.Id, version, ""),
            _ => new ListingCommand.Expire(Sample.Id, version),
        };
    }

    private static ListingCommand.Correct Correct(long version, Move move, DateOnly today)
    {
        // One or two parts: a correction of many would hardly ever be lawful.
        var parts = (ContentParts)((1 << (move.Choice % 17)) | (1 << (move.Detail % 17)));
        return new(Sample.Id, version, parts, Content(move, today));
    }

    private static DateOnly ExtendedEnd(Listing? state, Move move, DateOnly today) =>
        (state?.Content.Term?.Start ?? today).AddYears(2 + (move.Choice % 5)).AddDays(move.Variant % 3);

    private static TermExtension Extension(Move move) => move.Detail % 3 == 0
        ? new(ExtensionReason.ViolenceSerious, ["殴打"])
        : new(ExtensionReason.MultipleActs, move.Detail % 7 == 0 ? ["隐匿车辆"] : ["隐匿车辆", "虚假报告"]);

    private static ListingContent Content(Move move, DateOnly today)
    {
        var decided = today.AddDays(-(move.Variant % 45));
        Ground[][] grounds = [[Ground.Evades], [Ground.RefusesThoughAble], [Ground.RefusesThoughAble, Ground.Obstructs], [Ground.Obstructs]];
        var chosen = grounds[move.Detail % grounds.Length];
        SubjectDocument[][] documents = [[s_man], [s_man, s_passport], [s_passport], [s_woman], [s_woman, s_man]];

        return (move.Choice % 3 == 0 ? Sample.Organisation : Sample.Person.WithDocuments([.. documents[move.Variant % documents.Length]]))
            .WithSubject(subject => subject with
            {
                Name = move.Choice % 5 == 0 ? Sample.Name("测试丁") : subject.Name,
                Sex = Sex.Unspecified,
                BirthDate = move.Variant % 5 == 2 ? new DateOnly(1990 + (move.Detail % 24), 3, 7) : null,
            }) with
        {
            Grounds = [.. chosen],
            Article3Checked = move.Choice % 11 != 0,
            Decision = Sample.Person.Decision! with { Date = decided },
            FilingDate = decided.AddDays(-(move.Detail % 300)),
            Service = move.Variant % 2 == 0 ? new DecisionService(today, ServiceMethod.Post) : null,
            Performance = new Performance { State = (PerformanceState)(1 + (move.Choice % 4)) },
            Origin = (Origin)(1 + (move.Choice % 2)),
            Term = chosen is [Ground.RefusesThoughAble] ? null : Term(decided, move),
            GraceUntil = move.Variant % 3 == 0 ? decided.AddDays(25 + (move.Detail % 75)) : null,
        };
    }

    private static Term Term(DateOnly start, Move move) => (move.Choice % 8) switch
    {
        0 => new Term { Start = start, End = start.AddYears(3), Extension = Extension(move) },
        1 => new Term { Start = start, End = start.AddYears(2).AddDays(1) },
        2 => new Term { Start = start.AddDays(move.Variant % 45), End = default },
        _ => new Term { Start = default, End = default },
    };
}
