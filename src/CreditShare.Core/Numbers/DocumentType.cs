namespace CreditShare.Core.Numbers;

/// <summary>The kind of an identity document; it decides how the number is checked.</summary>
/// <remarks>The values are part of the stored format and of the lookup key: they are never renumbered and never reused.</remarks>
public enum DocumentType
{
    /// <summary>Not given; no number parses as this.</summary>
    Unspecified = 0,

    /// <summary>Resident identity card, GB 11643-1999: 18 characters, or the 15 digits of the first generation.</summary>
    ResidentId = 1,

    /// <summary>Residence permit for residents of Hong Kong, Macau and Taiwan: 18 characters that begin 810000, 820000 or 830000.</summary>
    HmtResidence = 2,

    /// <summary>Foreign permanent resident identity card: 18 characters that begin with 9 (2023), or three letters and twelve digits (2017).</summary>
    ForeignPr = 3,

    /// <summary>Mainland travel permit for Hong Kong and Macau residents: H or M and eight digits.</summary>
    HmPermit = 4,

    /// <summary>Mainland travel permit for Taiwan residents: eight digits, before 2008 ten digits and a letter.</summary>
    TwPermit = 5,

    /// <summary>A passport of any country; the only type that has a country.</summary>
    Passport = 6,

    /// <summary>Military identity document.</summary>
    MilitaryId = 7,

    /// <summary>Another document of a person.</summary>
    Other = 8,

    /// <summary>Unified social credit code, GB 32100-2015: 18 characters.</summary>
    Uscc = 9,

    /// <summary>Organisation code, GB 11714: 9 characters.</summary>
    OrgCode = 10,

    /// <summary>Business registration number of an organisation.</summary>
    RegNo = 11,
}
