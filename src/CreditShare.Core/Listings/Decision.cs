using System.Collections.Immutable;
using System.Diagnostics;

namespace CreditShare.Core.Listings;

/// <summary>What the rules say to a command. Closed: the cases below are all there are.</summary>
public abstract record Decision
{
    private Decision()
    {
    }

    /// <summary>The command is carried out: this change, and this state after it.</summary>
    public sealed record Accepted(ChangeKind Kind, Listing After) : Decision;

    /// <summary>The command is refused, with everything that is wrong with it; at least one violation.</summary>
    public sealed record Refused(ImmutableArray<Violation> Violations) : Decision;

    /// <summary>Accepts.</summary>
    public static Decision Accept(ChangeKind kind, Listing after) => new Accepted(kind, after);

    /// <summary>Refuses for one reason that is no field's.</summary>
    public static Decision Refuse(RefusalReason reason) => new Refused([new Violation("", reason)]);

    /// <summary>Refuses for the violations found.</summary>
    public static Decision Refuse(ImmutableArray<Violation> violations) => new Refused(violations);

    /// <summary>Handles every case.</summary>
    public T Match<T>(Func<Accepted, T> accepted, Func<Refused, T> refused) => this switch
    {
        Accepted a => accepted(a),
        Refused r => refused(r),
        _ => throw new UnreachableException(),
    };
}
