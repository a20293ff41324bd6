namespace CreditShare.Core.Listings;

// The closed vocabularies of a listing stand in one file because they are read together. Their numbers are those of the contract
// and of the stored format: they are never reused. They are as wide as the contract's, so that a number that is none of them stays none of
// them: cut off to its last eight bits, it could become one.

/// <summary>Where a listing stands in its life.</summary>
public enum ListingState
{
    /// <summary>There is no listing.</summary>
    None = 0,

    /// <summary>Decided, in its period of grace; visible to its court only.</summary>
    Grace = 1,

    /// <summary>On the list.</summary>
    Published = 2,

    /// <summary>Ended in its period of grace.</summary>
    Cancelled = 3,

    /// <summary>Ended under Art. 10(1) or Art. 2(2).</summary>
    Withdrawn = 4,

    /// <summary>Ended under Art. 9: void from the start.</summary>
    Revoked = 5,

    /// <summary>Ended with its term.</summary>
    Expired = 6,
}

/// <summary>What a change did.</summary>
public enum ChangeKind
{
    /// <summary>Not a change.</summary>
    None = 0,

    /// <summary>Published, at once or after grace.</summary>
    Published = 1,

    /// <summary>Corrected (Art. 9), service and performance included.</summary>
    Corrected = 2,

    /// <summary>The term was extended (Art. 2).</summary>
    Extended = 3,

    /// <summary>Withdrawn (Art. 10, Art. 2(2)).</summary>
    Withdrawn = 4,

    /// <summary>Revoked (Art. 9).</summary>
    Revoked = 5,

    /// <summary>The term ended.</summary>
    Expired = 6,

    /// <summary>A period of grace began.</summary>
    GraceBegun = 7,

    /// <summary>Cancelled in grace.</summary>
    Cancelled = 8,
}

/// <summary>Person or organisation.</summary>
public enum SubjectKind
{
    /// <summary>Not given.</summary>
    None = 0,

    /// <summary>A natural person.</summary>
    Person = 1,

    /// <summary>A legal person or another organisation.</summary>
    Organisation = 2,
}

/// <summary>The six grounds of Provisions Art. 1 (text of 2017); the number is the item's.</summary>
public enum Ground
{
    /// <summary>Not a ground.</summary>
    None = 0,

    /// <summary>Able to perform but refuses.</summary>
    RefusesThoughAble = 1,

    /// <summary>Obstructs or resists enforcement.</summary>
    Obstructs = 2,

    /// <summary>Evades enforcement.</summary>
    Evades = 3,

    /// <summary>Breaches the rules on reporting assets.</summary>
    BreachesAssetReporting = 4,

    /// <summary>Breaches an order that restricts consumption.</summary>
    BreachesConsumptionRestriction = 5,

    /// <summary>Refuses to perform a settlement in enforcement.</summary>
    RefusesSettlement = 6,
}

/// <summary>Who set the procedure going (Provisions Art. 5).</summary>
public enum Origin
{
    /// <summary>Not given.</summary>
    None = 0,

    /// <summary>The judgment creditor applied; subject to the bar of Art. 10(4).</summary>
    CreditorApplication = 1,

    /// <summary>The court of its own motion.</summary>
    ExOfficio = 2,
}

/// <summary>What kind of instrument is enforced.</summary>
public enum BasisType
{
    /// <summary>Not given.</summary>
    None = 0,

    /// <summary>A civil judgment, ruling or mediation statement.</summary>
    CivilJudgment = 1,

    /// <summary>A criminal judgment with property to be enforced.</summary>
    CriminalJudgment = 2,

    /// <summary>An administrative judgment.</summary>
    AdministrativeJudgment = 3,

    /// <summary>An arbitral award.</summary>
    ArbitralAward = 4,

    /// <summary>An award in a labour dispute.</summary>
    LabourAward = 5,

    /// <summary>A notarised instrument of debt.</summary>
    NotarisedDebt = 6,

    /// <summary>An administrative decision.</summary>
    AdministrativeDecision = 7,

    /// <summary>Another instrument.</summary>
    Other = 8,
}

/// <summary>How far the obligation has been performed.</summary>
public enum PerformanceState
{
    /// <summary>Not given.</summary>
    Unspecified = 0,

    /// <summary>全部未履行.</summary>
    NotPerformed = 1,

    /// <summary>部分未履行.</summary>
    Partial = 2,

    /// <summary>全部已履行.</summary>
    Full = 3,

    /// <summary>其他.</summary>
    Other = 4,
}

/// <summary>Who signed the decision (Provisions Art. 5).</summary>
public enum SignerRole
{
    /// <summary>Not given.</summary>
    None = 0,

    /// <summary>The president of the court.</summary>
    CourtPresident = 1,
}

/// <summary>How the decision was served (Civil Procedure Law).</summary>
public enum ServiceMethod
{
    /// <summary>Not given.</summary>
    None = 0,

    /// <summary>Handed over.</summary>
    Direct = 1,

    /// <summary>Left at the place.</summary>
    Left = 2,

    /// <summary>Electronically.</summary>
    Electronic = 3,

    /// <summary>By another court or body on request.</summary>
    Entrusted = 4,

    /// <summary>By post.</summary>
    Post = 5,

    /// <summary>Passed on by the addressee's unit.</summary>
    Forwarded = 6,

    /// <summary>By public notice.</summary>
    PublicNotice = 7,
}

/// <summary>Why a term was extended (Provisions Art. 2).</summary>
public enum ExtensionReason
{
    /// <summary>Not given.</summary>
    None = 0,

    /// <summary>Serious obstruction by violence or threat; needs ground 2.</summary>
    ViolenceSerious = 1,

    /// <summary>Several acts of breach; needs at least two.</summary>
    MultipleActs = 2,
}

/// <summary>Why a listing ended.</summary>
public enum EndReason
{
    /// <summary>Not given.</summary>
    None = 0,

    /// <summary>Art. 10(1)(1).</summary>
    Performed = 1,

    /// <summary>Art. 10(1)(2).</summary>
    SettlementPerformed = 2,

    /// <summary>Art. 10(1)(3); bars the creditor's application for six months (Art. 10(4)).</summary>
    CreditorRequest = 3,

    /// <summary>Art. 10(1)(4).</summary>
    NoProperty = 4,

    /// <summary>Art. 10(1)(5).</summary>
    Stayed = 5,

    /// <summary>Art. 10(1)(6).</summary>
    EnforcementRefused = 6,

    /// <summary>Art. 10(1)(7).</summary>
    EnforcementTerminated = 7,

    /// <summary>Art. 2(2): the only withdrawal of a listing with a term (Art. 10(2)).</summary>
    EarlyDeletion = 8,

    /// <summary>The term ended; recorded by the system.</summary>
    TermExpired = 9,

    /// <summary>Art. 9.</summary>
    WronglyListed = 10,

    /// <summary>In grace: performed.</summary>
    PerformedInGrace = 11,

    /// <summary>In grace: the court took its decision back.</summary>
    DecisionRecalled = 12,
}

/// <summary>What a related person is to a listed organisation.</summary>
public enum RelatedPersonRole
{
    /// <summary>Not given.</summary>
    None = 0,

    /// <summary>Legal representative or person in charge.</summary>
    LegalRepresentative = 1,

    /// <summary>Principal.</summary>
    Principal = 2,

    /// <summary>Directly responsible.</summary>
    DirectlyResponsible = 3,

    /// <summary>Actual controller.</summary>
    ActualController = 4,
}

/// <summary>Positions that widen the circle of those to be told (Provisions Art. 8(3), (4)).</summary>
public enum SpecialStatus
{
    /// <summary>Not given.</summary>
    None = 0,

    /// <summary>A state functionary.</summary>
    StateFunctionary = 1,

    /// <summary>A deputy to a people's congress.</summary>
    CongressDeputy = 2,

    /// <summary>A member of the political consultative conference.</summary>
    CppccMember = 3,

    /// <summary>A state organ.</summary>
    StateOrgan = 4,

    /// <summary>A public institution.</summary>
    PublicInstitution = 5,

    /// <summary>A state-owned enterprise.</summary>
    StateOwnedEnterprise = 6,
}
