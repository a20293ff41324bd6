namespace CreditShare.Core.Access;

// Small closed vocabularies, read together; their numbers are those of the contract and of the stored format, and as
// wide as the contract's: an unknown number must not be cut off to a known one.

/// <summary>What a partner is; it bounds which RPCs can be granted to it.</summary>
public enum PartnerKind
{
    /// <summary>Not given.</summary>
    None = 0,

    /// <summary>A court.</summary>
    Court = 1,

    /// <summary>A bank or another body that asks.</summary>
    Bank = 2,

    /// <summary>A department that follows changes.</summary>
    Department = 3,

    /// <summary>Who runs the system.</summary>
    Operator = 4,

    /// <summary>Who watches over data protection.</summary>
    Auditor = 5,
}

/// <summary>How much of a listing a partner sees.</summary>
public enum View
{
    /// <summary>Not given.</summary>
    None = 0,

    /// <summary>The verdict only.</summary>
    Status = 1,

    /// <summary>The fields of Provisions Art. 6, persons' numbers masked.</summary>
    Public = 2,

    /// <summary>With the whole number.</summary>
    Full = 3,
}

/// <summary>Why somebody asks: the seven areas of Provisions Art. 8(1), and self-information.</summary>
public enum Purpose
{
    /// <summary>Not given.</summary>
    None = 0,

    /// <summary>Government procurement.</summary>
    GovernmentProcurement = 1,

    /// <summary>Bidding and tendering.</summary>
    Bidding = 2,

    /// <summary>Administrative approval.</summary>
    AdministrativeApproval = 3,

    /// <summary>Government support.</summary>
    GovernmentSupport = 4,

    /// <summary>Credit and financing.</summary>
    Credit = 5,

    /// <summary>Market access.</summary>
    MarketAccess = 6,

    /// <summary>Recognition of qualifications.</summary>
    Qualification = 7,

    /// <summary>The subject asks about itself.</summary>
    SelfInformation = 8,
}

/// <summary>What a lookup says.</summary>
public enum Verdict
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>No active listing names the document.</summary>
    NotListed = 1,

    /// <summary>An active listing names the document and the name.</summary>
    Listed = 2,

    /// <summary>An active listing names the document under another name.</summary>
    NameMismatch = 3,
}
