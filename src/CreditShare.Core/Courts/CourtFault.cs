namespace CreditShare.Core.Courts;

/// <summary>What is wrong with a row of a court table.</summary>
public enum CourtFaultKind : byte
{
    /// <summary>The row has not six columns, or a quotation mark in it is not closed.</summary>
    BadColumns,

    /// <summary>The code has not the form of a court code.</summary>
    BadCode,

    /// <summary>The name is missing, too long, or holds a character that names do not have.</summary>
    BadName,

    /// <summary>The level is unknown, or not the one the code tells.</summary>
    WrongLevel,

    /// <summary>An earlier row has the same code.</summary>
    Duplicate,

    /// <summary>A court other than the Supreme People's Court has no parent, or that court has one.</summary>
    MissingParent,

    /// <summary>The parent is neither in the table nor among the rows.</summary>
    UnknownParent,

    /// <summary>The parent is not of a higher level.</summary>
    WrongParentLevel,

    /// <summary>Going from parent to parent leads back to the court itself.</summary>
    Cycle,

    /// <summary>A date is not written as yyyy-MM-dd, or the last day is before the first.</summary>
    BadValidity,
}

/// <summary>A fault in a row of a court table.</summary>
/// <param name="Row">The row, the first after the header being 0.</param>
/// <param name="Kind">What is wrong.</param>
/// <param name="Subject">The code, or whatever stands in the place where the fault is; for people, not for programs.</param>
public readonly record struct CourtFault(int Row, CourtFaultKind Kind, string Subject);
