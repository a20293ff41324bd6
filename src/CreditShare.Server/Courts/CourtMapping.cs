using CreditShare.Core.Courts;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Court = CreditShare.Core.Courts.Court;
using CourtLevel = CreditShare.Core.Courts.CourtLevel;
using Date = Google.Type.Date;

namespace CreditShare.Server.Courts;

/// <summary>Courts between the contract and Core.</summary>
internal static class CourtMapping
{
    /// <summary>Reads a court; what is wrong with its form is added as problems of the fields below <paramref name="field"/>.</summary>
    /// <returns>A court, with what could not be read left out.</returns>
    public static Court Read(V1.Court sent, string field, Problems problems)
    {
        if (!CourtCode.TryParse(sent.Code, out var code))
        {
            problems.Add($"{field}.code", sent.Code.Length == 0 ? ErrorReason.FieldRequired : ErrorReason.FieldInvalid);
        }

        var name = sent.DisplayName.Trim();
        if (name.Length == 0) problems.Add($"{field}.display_name", ErrorReason.FieldRequired);
        else if (name.Length > Court.MaxNameLength) problems.Add($"{field}.display_name", ErrorReason.FieldTooLong);

        CourtCode? parent = null;
        if (sent.ParentCode.Length > 0)
        {
            if (CourtCode.TryParse(sent.ParentCode, out var above)) parent = above;
            else problems.Add($"{field}.parent_code", ErrorReason.FieldInvalid);
        }

        return new Court
        {
            Code = code,
            Name = name,
            Level = ReadLevel(sent.Level, $"{field}.level", problems),
            Parent = parent,
            ValidFrom = ReadDate(sent.ValidFrom, $"{field}.valid_from", problems),
            ValidTo = ReadDate(sent.ValidTo, $"{field}.valid_to", problems),
        };
    }

    /// <summary>Where in a court's row a fault of the table lies, and what it is called.</summary>
    public static (string Field, ErrorReason Reason, string? Detail) Place(CourtFaultKind kind) => kind switch
    {
        CourtFaultKind.BadColumns => ("", ErrorReason.FieldInvalid, null),
        CourtFaultKind.BadCode => ("code", ErrorReason.FieldInvalid, null),
        CourtFaultKind.BadName => ("display_name", ErrorReason.NameCharacter, null),
        CourtFaultKind.WrongLevel => ("level", ErrorReason.CourtTableInvalid, "It is not the level that the code tells."),
        CourtFaultKind.Duplicate => ("code", ErrorReason.CourtTableInvalid, "An earlier row has the same code."),
        CourtFaultKind.MissingParent => ("parent_code", ErrorReason.CourtTableInvalid, "Every court but the Supreme People's Court has a court above it."),
        CourtFaultKind.UnknownParent => ("parent_code", ErrorReason.CourtTableInvalid, "That court is neither known nor among the rows."),
        CourtFaultKind.WrongParentLevel => ("parent_code", ErrorReason.CourtTableInvalid, "That court is not of a higher level."),
        CourtFaultKind.Cycle => ("parent_code", ErrorReason.CourtTableInvalid, "The court would stand above itself."),
        CourtFaultKind.BadValidity => ("valid_to", ErrorReason.DateInvalid, "The last day is before the first."),
    };

    extension(Court court)
    {
        /// <summary>The court in the contract's words.</summary>
        public V1.Court ToProto() => new()
        {
            Code = court.Code.Value,
            DisplayName = court.Name,
            Level = (V1.CourtLevel)court.Level,
            ParentCode = court.Parent?.Value ?? "",
            ValidFrom = ToDate(court.ValidFrom),
            ValidTo = ToDate(court.ValidTo),
        };
    }

    private static CourtLevel ReadLevel(V1.CourtLevel level, string field, Problems problems)
    {
        if (level is > V1.CourtLevel.Unspecified and <= V1.CourtLevel.Supreme) return (CourtLevel)level;

        problems.Add(field, level == V1.CourtLevel.Unspecified ? ErrorReason.FieldRequired : ErrorReason.FieldInvalid);
        return CourtLevel.Unspecified;
    }

    private static DateOnly? ReadDate(Date? date, string field, Problems problems)
    {
        if (date is null) return null;

        if (date is { Year: >= 1 and <= 9999, Month: >= 1 and <= 12 } && date.Day >= 1 && date.Day <= DateTime.DaysInMonth(date.Year, date.Month))
        {
            return new DateOnly(date.Year, date.Month, date.Day);
        }

        problems.Add(field, ErrorReason.DateInvalid);
        return null;
    }

    private static Date? ToDate(DateOnly? date) => date is { } day ? new Date { Year = day.Year, Month = day.Month, Day = day.Day } : null;
}
