namespace CreditShare.Core.Numbers;

/// <summary>What is wrong with a name.</summary>
public enum NameFault : byte
{
    /// <summary>Nothing: the name was parsed.</summary>
    None,

    /// <summary>There is no name, or nothing visible in it.</summary>
    Missing,

    /// <summary>More than <see cref="SubjectName.MaxLength"/> characters without the white space around it.</summary>
    TooLong,

    /// <summary>A control character other than white space, half of a surrogate pair, a private-use character, a noncharacter, or
    /// U+FFFD, which marks text that was already damaged.</summary>
    BadCharacter,
}
