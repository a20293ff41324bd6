using System.Collections.Immutable;
using CreditShare.Core.Calendar;
using CreditShare.Core.Numbers;

namespace CreditShare.Core.Listings;

/// <summary>The life of a listing: what each command does in each state, and what it is refused for.</summary>
/// <remarks>Pure; safe for concurrent callers. What is not allowed here by name is refused.</remarks>
public static class ListingRules
{
    // Art. 10(4), from the day of the withdrawal.
    private const int BarMonths = 6;

    /// <summary>Decides a command against the state as it stands.</summary>
    /// <param name="state">The listing; null if there is none of that identity.</param>
    /// <param name="command">What is wanted.</param>
    /// <param name="today">The day in UTC+8.</param>
    /// <param name="neighbours">What other listings say to the <see cref="ClaimedDocuments"/> of the command.</param>
    /// <returns>The change and the state after it, or everything that stands against the command. Asked in this order: is there such a
    /// listing, has it ended, is it the expected version, does its state allow the command, do the rules.</returns>
    /// <exception cref="ArgumentException">The command is for another listing than the state.</exception>
    public static Decision Decide(Listing? state, ListingCommand command, DateOnly today, Neighbours neighbours = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (state is null)
        {
            return command is ListingCommand.Publish publish
                ? AmongNeighbours(DecidePublish(publish, today), today, neighbours)
                : Decision.Refuse(RefusalReason.ListingNotFound);
        }

        if (command.Listing != state.Id) throw new ArgumentException("The command is for another listing.", nameof(command));
        if (IsEnd(state.State)) return Decision.Refuse(RefusalReason.ListingEnded);
        if (ExpectedVersion(command) is { } expected && expected != state.Version) return Decision.Refuse(RefusalReason.VersionMismatch);

        return (state.State, command) switch
        {
            (ListingState.Grace, ListingCommand.Confirm confirm) => DecideConfirm(state, confirm, today),
            (ListingState.Grace, ListingCommand.Cancel cancel) => DecideCancel(state, cancel, today),

            (ListingState.Published, ListingCommand.Expire) => DecideExpire(state, today),
            (ListingState.Published, ListingCommand.Revoke revoke) => DecideRevoke(state, revoke, today),

            // Over by law, only not recorded yet (Art. 10(2)): there is nothing left to correct, extend or delete early. It can still
            // be void from the start, which its recipients must learn; so revocation stands above this line.
            (ListingState.Published, ListingCommand.Correct or ListingCommand.Extend or ListingCommand.Withdraw)
                when !state.IsActiveOn(today) => Decision.Refuse(RefusalReason.TermOver),

            (ListingState.Published, ListingCommand.Correct correct) => CorrectionRules.Decide(state, correct, today, neighbours),
            (ListingState.Published, ListingCommand.Extend extend) => DecideExtend(state, extend, today),
            (ListingState.Published, ListingCommand.Withdraw withdraw) => DecideWithdraw(state, withdraw, today),

            _ => Decision.Refuse(RefusalReason.NotInThisState),
        };
    }

    /// <summary>Holds a publication that was decided without regard to other listings against them: at most one is active for a (court,
    /// case, document), and the bar of Provisions Art. 10(4).</summary>
    /// <param name="publication">What was decided; a refusal stays one.</param>
    /// <param name="today">The day in UTC+8, the one for which it was decided.</param>
    /// <param name="neighbours">What other listings say to the <see cref="ClaimedDocuments"/> of the command.</param>
    public static Decision AmongNeighbours(Decision publication, DateOnly today, Neighbours neighbours)
    {
        if (publication is not Decision.Accepted { After.Content.Origin: var origin }) return publication;
        if (neighbours.Active) return Decision.Refuse(RefusalReason.AlreadyListed);

        return origin == Origin.CreditorApplication && neighbours.BarredUntil >= today
            ? Decision.Refuse(RefusalReason.RelistingBarred)
            : publication;
    }

    /// <summary>The state after a change.</summary>
    /// <param name="state">The state before it; null for a listing's first change.</param>
    /// <param name="change">The change, as decided against that state or as read from the journal.</param>
    /// <exception cref="InvalidOperationException">The change does not follow the state: another listing, a version left out, or a change
    /// after the end. The journal is damaged, or was not read in order.</exception>
    public static Listing Apply(Listing? state, Decision.Accepted change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var after = change.After;
        var follows = state is null
            ? change.Kind == ChangeKind.GraceBegun ? after.Version == 0 : change.Kind == ChangeKind.Published && after.Version == 1
            : after.Id == state.Id && after.Version == state.Version + 1 && !IsEnd(state.State);
        return follows ? after : throw new InvalidOperationException($"The change {change.Kind} does not follow the listing's state.");
    }

    /// <summary>Fills in what may be left out: the term's first day (the decision's), its last day (two years later), and a person's birth
    /// date and sex where a number carries them. What cannot be known stays missing. Idempotent.</summary>
    public static ListingContent Complete(ListingContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        var decided = content.Decision is { Date: var date } && date != default ? date : (DateOnly?)null;
        var term = content.Term is { } stated ? TermRules.Complete(stated, decided) : null;
        var subject = content.Subject is { Kind: SubjectKind.Person } person ? CompletePerson(person) : content.Subject;
        return ReferenceEquals(term, content.Term) && ReferenceEquals(subject, content.Subject)
            ? content
            : content with { Term = term, Subject = subject };
    }

    /// <summary>The documents that the listing would name after the command and does not name before, equivalents included, none twice: those
    /// for which <see cref="Neighbours"/> must be found, in the listing's court and case and other than the listing itself.</summary>
    /// <returns>Empty for a command that adds none; then <see cref="Neighbours.None"/> will do.</returns>
    public static ImmutableArray<DocumentNumber> ClaimedDocuments(Listing? state, ListingCommand command)
    {
        var named = command switch
        {
            ListingCommand.Publish publish => publish.Content.Subject,
            ListingCommand.Correct correct when correct.Parts.HasFlag(ContentParts.Documents) => correct.Values.Subject,
            _ => null,
        };
        if (named is null) return [];

        return state is null ? named.AllNumbers : [.. named.AllNumbers.Except(state.AllDocuments)];
    }

    /// <summary>The last day on which the creditor's application to list the subject again in the case is refused: six months from a
    /// withdrawal that the creditor had asked for (Provisions Art. 10(4)).</summary>
    /// <returns>Null if the listing has not ended, or ended otherwise.</returns>
    public static DateOnly? BarredUntil(Listing ended)
    {
        ArgumentNullException.ThrowIfNull(ended);
        return ended.Ending is { Reason: EndReason.CreditorRequest, EndDate: var day } ? LegalPeriod.AddMonths(day, BarMonths) : null;
    }

    /// <summary>Whether a listing in this state has ended, for good.</summary>
    public static bool IsEnd(ListingState state) =>
        state is ListingState.Cancelled or ListingState.Withdrawn or ListingState.Revoked or ListingState.Expired;

    private static long? ExpectedVersion(ListingCommand command) => command switch
    {
        ListingCommand.Confirm confirm => confirm.ExpectedVersion,
        ListingCommand.Cancel cancel => cancel.ExpectedVersion,
        ListingCommand.Correct correct => correct.ExpectedVersion,
        ListingCommand.Extend extend => extend.ExpectedVersion,
        ListingCommand.Withdraw withdraw => withdraw.ExpectedVersion,
        ListingCommand.Revoke revoke => revoke.ExpectedVersion,
        ListingCommand.Expire expire => expire.ExpectedVersion,
        _ => null,
    };

    private static Subject CompletePerson(Subject person)
    {
        var birthDate = person.BirthDate ?? SubjectRules.CarriedBirthDate(person);
        var sex = person.Sex != Sex.Unspecified ? person.Sex : SubjectRules.CarriedSex(person).GetValueOrDefault();
        return birthDate == person.BirthDate && sex == person.Sex ? person : person with { BirthDate = birthDate, Sex = sex };
    }

    private static Decision DecidePublish(ListingCommand.Publish publish, DateOnly today)
    {
        var content = Complete(publish.Content);
        var violations = ContentRules.Check(content, today);
        if (!violations.IsEmpty) return Decision.Refuse(violations);

        var inGrace = content.GraceUntil is not null;
        return Decision.Accept(
            inGrace ? ChangeKind.GraceBegun : ChangeKind.Published,
            new Listing
            {
                Id = publish.Listing,
                Version = inGrace ? 0 : 1,
                State = inGrace ? ListingState.Grace : ListingState.Published,
                Content = content,
                PublishedOn = inGrace ? null : today,
            });
    }

    private static Decision DecideConfirm(Listing state, ListingCommand.Confirm confirm, DateOnly today)
    {
        if (!GraceRules.IsOver(state.Content, today)) return Decision.Refuse(RefusalReason.GraceNotOver);

        // Much time may have gone by since the grace: the term may be over.
        var content = state.Content with
        {
            Service = confirm.Service ?? state.Content.Service,
            Performance = confirm.Performance ?? state.Content.Performance,
        };
        var violations = ContentRules.Check(content, today);
        return violations.IsEmpty
            ? Decision.Accept(
                ChangeKind.Published, Next(state) with { State = ListingState.Published, PublishedOn = today, Content = content })
            : Decision.Refuse(violations);
    }

    private static Decision DecideCancel(Listing state, ListingCommand.Cancel cancel, DateOnly today)
    {
        if (cancel.Reason == EndReason.None) return Refuse("reason", RefusalReason.FieldRequired);
        if (cancel.Reason is not (EndReason.PerformedInGrace or EndReason.DecisionRecalled))
        {
            return Refuse("reason", RefusalReason.EndReasonNotAllowed);
        }

        var ending = new Ending { Reason = cancel.Reason, EventDate = today, EndDate = today };
        return Decision.Accept(ChangeKind.Cancelled, Next(state) with { State = ListingState.Cancelled, Ending = ending });
    }

    private static Decision DecideExtend(Listing state, ListingCommand.Extend extend, DateOnly today)
    {
        if (state.Content.Term is not { } term) return Refuse("end", RefusalReason.TermNotAllowed);

        var findings = new ContentFindings(alreadyViolated: null);
        if (extend.End == default)
        {
            findings.AddMissing("end");
        }
        else if (!TermRules.IsExtendedEnd(term.Start, extend.End) || extend.End <= term.End)
        {
            findings.Add("end", RefusalReason.TermLength);
        }

        if (extend.Extension is { } extension)
        {
            TermRules.CheckExtension(extension, state.Content.Grounds, "extension", findings);
        }
        else
        {
            findings.AddMissing("extension");
        }

        var violations = findings.ToViolations();
        if (!violations.IsEmpty) return Decision.Refuse(violations);

        var content = state.Content with { Term = term with { End = extend.End, Extension = extend.Extension } };
        return Decision.Accept(ChangeKind.Extended, Next(state) with { Content = content });
    }

    private static Decision DecideWithdraw(Listing state, ListingCommand.Withdraw withdraw, DateOnly today)
    {
        var findings = new ContentFindings(alreadyViolated: null);

        // Art. 10(2): where there is a term, only Art. 2(2) shortens it; where there is none, Art. 2(2) has nothing to shorten.
        var allowed = state.Content.Term is null
            ? withdraw.Reason is >= EndReason.Performed and <= EndReason.EnforcementTerminated
            : withdraw.Reason == EndReason.EarlyDeletion;
        if (withdraw.Reason == EndReason.None)
        {
            findings.AddMissing("reason");
        }
        else if (!allowed)
        {
            findings.Add("reason", RefusalReason.EndReasonNotAllowed);
        }

        findings.LimitText(withdraw.SubReason, "sub_reason", ContentRules.MaxNameLength);
        var eventDate = withdraw.EventDate ?? today;
        if (eventDate > today) findings.Add("event_date", RefusalReason.DateInFuture);
        if (eventDate < state.Content.Decision!.Date) findings.Add("event_date", RefusalReason.DateInvalid);

        var violations = findings.ToViolations();
        if (!violations.IsEmpty) return Decision.Refuse(violations);

        var ending = new Ending { Reason = withdraw.Reason, SubReason = withdraw.SubReason, EventDate = eventDate, EndDate = today };
        return Decision.Accept(ChangeKind.Withdrawn, Next(state) with { State = ListingState.Withdrawn, Ending = ending });
    }

    private static Decision DecideRevoke(Listing state, ListingCommand.Revoke revoke, DateOnly today)
    {
        if (revoke.SubReason.Length > ContentRules.MaxNameLength) return Refuse("sub_reason", RefusalReason.FieldTooLong);

        var ending = new Ending
        {
            Reason = EndReason.WronglyListed,
            SubReason = revoke.SubReason,
            EventDate = today,
            EndDate = today,
        };
        return Decision.Accept(ChangeKind.Revoked, Next(state) with { State = ListingState.Revoked, Ending = ending });
    }

    private static Decision DecideExpire(Listing state, DateOnly today)
    {
        if (state.IsActiveOn(today)) return Decision.Refuse(RefusalReason.NotInThisState);

        var ending = new Ending { Reason = EndReason.TermExpired, EventDate = state.LastDay!.Value, EndDate = today };
        return Decision.Accept(ChangeKind.Expired, Next(state) with { State = ListingState.Expired, Ending = ending });
    }

    private static Listing Next(Listing state) => state with { Version = state.Version + 1 };

    private static Decision Refuse(string field, RefusalReason reason) => Decision.Refuse([new Violation(field, reason)]);
}
