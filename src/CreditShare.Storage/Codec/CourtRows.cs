using CreditShare.Core.Courts;

namespace CreditShare.Storage.Codec;

/// <summary>Court codes as they are stored.</summary>
internal static class CourtRows
{
    /// <summary>A stored code.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static CourtCode ToCode(string text) =>
        CourtCode.TryParse(text, out var code) ? code : throw new InvalidDataException("A stored court code does not parse.");
}
