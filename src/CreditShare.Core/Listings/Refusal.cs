namespace CreditShare.Core.Listings;

/// <summary>Why something was refused. Each value has its counterpart in the contract's <c>ErrorReason</c>, which documents it.</summary>
public enum RefusalReason
{
    /// <summary>A required field is missing.</summary>
    FieldRequired,

    /// <summary>Longer than its limit.</summary>
    FieldTooLong,

    /// <summary>A form or value that is not allowed.</summary>
    FieldInvalid,

    /// <summary>A date outside of what the field allows.</summary>
    DateInvalid,

    /// <summary>A date in the future where it must not be.</summary>
    DateInFuture,

    /// <summary>A number of a length that its type does not know.</summary>
    NumberLength,

    /// <summary>A character that the number's type does not allow.</summary>
    NumberCharacter,

    /// <summary>A wrong check digit.</summary>
    NumberCheckDigit,

    /// <summary>A birth date within a number that does not exist or lies in the future.</summary>
    NumberDate,

    /// <summary>Not the form of its type.</summary>
    NumberForm,

    /// <summary>A passport's country is missing or unknown, or a country stands where none belongs.</summary>
    NumberCountry,

    /// <summary>A name with characters that no name has.</summary>
    NameCharacter,

    /// <summary>A case number of no known form.</summary>
    CaseNumberForm,

    /// <summary>A case that is not one of enforcement proper.</summary>
    CaseNotImplementing,

    /// <summary>Another court's case number.</summary>
    CaseOfOtherCourt,

    /// <summary>No such court on that day.</summary>
    CourtUnknown,

    /// <summary>A document of the other kind of subject.</summary>
    DocumentKind,

    /// <summary>One document named twice.</summary>
    DocumentTwice,

    /// <summary>Sex or birth date contradict the number.</summary>
    SubjectContradictsNumber,

    /// <summary>A minor on the day of the decision (Art. 4).</summary>
    SubjectIsMinor,

    /// <summary>Ground 1 without the declaration of Art. 3.</summary>
    Article3NotDeclared,

    /// <summary>Grounds 2 to 6 without a term (Art. 2).</summary>
    TermRequired,

    /// <summary>Ground 1 alone with a term (Art. 2).</summary>
    TermNotAllowed,

    /// <summary>Neither two years nor a lawful extension (Art. 2).</summary>
    TermLength,

    /// <summary>The term is over already.</summary>
    TermOver,

    /// <summary>An extension without a reason that carries it (Art. 2).</summary>
    ExtensionReason,

    /// <summary>Not one to three months of grace (法发〔2019〕35号 Art. 15).</summary>
    GraceLength,

    /// <summary>Performed in full: nothing to punish (Art. 1).</summary>
    AlreadyPerformed,

    /// <summary>The reason does not end such a listing (Art. 10(2)).</summary>
    EndReasonNotAllowed,

    /// <summary>The state does not allow the command.</summary>
    NotInThisState,

    /// <summary>Ended, for good.</summary>
    ListingEnded,

    /// <summary>The grace is not over.</summary>
    GraceNotOver,

    /// <summary>An active listing of this case names this document.</summary>
    AlreadyListed,

    /// <summary>Barred for six months (Art. 10(4)).</summary>
    RelistingBarred,

    /// <summary>The listing has another version.</summary>
    VersionMismatch,

    /// <summary>Name and documents would both become another's.</summary>
    IdentityReplaced,

    /// <summary>The request id was used with other content.</summary>
    RequestIdReused,

    /// <summary>No such listing.</summary>
    ListingNotFound,

    /// <summary>The correction changes nothing.</summary>
    NothingChanged,
}

/// <summary>One thing that is wrong.</summary>
/// <param name="Field">The field's path in the contract's words below the listing, such as <c>subject.documents[0].number</c>, or for a command
/// that carries no listing below its request, such as <c>event_date</c>; empty when it is the command as a whole.</param>
/// <param name="Reason">What is wrong with it.</param>
public readonly record struct Violation(string Field, RefusalReason Reason);
