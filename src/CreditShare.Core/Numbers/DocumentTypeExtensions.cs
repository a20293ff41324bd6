namespace CreditShare.Core.Numbers;

/// <summary>Whom a type of document is issued to.</summary>
public static class DocumentTypeExtensions
{
    extension(DocumentType type)
    {
        /// <summary>Whether documents of this type are issued to natural persons. False for a value outside the enumeration.</summary>
        public bool IsForPersons => type is >= DocumentType.ResidentId and <= DocumentType.Other;

        /// <summary>Whether documents of this type are issued to organisations. False for a value outside the enumeration.</summary>
        public bool IsForOrganisations => type is >= DocumentType.Uscc and <= DocumentType.RegNo;
    }
}
