using CreditShare.V1;

namespace CreditShare.Cli.Listings;

/// <summary>
/// Turns a row of the import into a listing. Cleans what is known to be dirty, and guesses nothing: what it cannot read is a problem of
/// the row, and what is missing is left for the service to ask for.
/// </summary>
internal static class ListingRow
{
    private const char ActSeparator = '|';

    private static readonly Dictionary<string, PerformanceState> Performances = new()
    {
        ["全部未履行"] = PerformanceState.None,
        ["部分未履行"] = PerformanceState.Partial,
        ["全部已履行"] = PerformanceState.Full,
        ["其他"] = PerformanceState.Other,
    };

    /// <summary>Reads the row.</summary>
    /// <param name="fields">Its cells; collects its problems.</param>
    /// <param name="today">The day in UTC+8.</param>
    /// <returns>The listing as far as it could be read; to be sent only if there are no problems.</returns>
    internal static Listing Read(RowFields fields, DateOnly today)
    {
        var listing = new Listing
        {
            Subject = SubjectRow.Read(fields, today),
            CourtCode = fields.Text(ImportColumns.CourtCode),
            CaseNumber = CaseOf(fields),
            FilingDate = fields.Date(ImportColumns.FilingDate),
            Conduct = fields.Text(ImportColumns.Conduct),
            Basis = new EnforcementBasis
            {
                Type = fields.Word<BasisType>(ImportColumns.BasisKind),
                Number = fields.Text(ImportColumns.BasisNumber),
                Maker = fields.Text(ImportColumns.BasisMaker),
            },
            Obligation = fields.Text(ImportColumns.Duty),
            Performance = new Performance
            {
                State = fields.Word(ImportColumns.Performance, Performances),
                PerformedPart = fields.Text(ImportColumns.Performed),
                UnperformedPart = fields.Text(ImportColumns.Unperformed),
            },
            Origin = fields.Word<Origin>(ImportColumns.Origin),
            GraceUntil = fields.Date(ImportColumns.GraceUntil),
        };
        ReadGrounds(listing, fields);
        ReadAmount(listing, fields);
        ReadDecision(listing, fields);
        ReadTerm(listing, fields);
        return listing;
    }

    // The canonical form where the number has one; else as it is, for the service to refuse it.
    private static string CaseOf(RowFields fields)
    {
        var text = fields.Text(ImportColumns.CaseNumber);
        return Core.Courts.CaseNumber.TryParse(text, out var number, out _) ? number.ToString() : text;
    }

    private static void ReadGrounds(Listing listing, RowFields fields)
    {
        if (GroundText.TryParse(fields.Text(ImportColumns.Grounds), out var grounds, out var unknown))
        {
            listing.Grounds.Add(grounds);
        }
        else
        {
            fields.Refuse(ImportColumns.Grounds, ErrorReason.FieldInvalid, $"'{unknown}' is no wording of a ground of Art. 1.");
        }

        var declared = fields.Text(ImportColumns.Article3);
        if (declared.Length == 0) return;

        if (DirtyText.ParseBoolean(declared) is { } isChecked)
        {
            listing.Article3Checked = isChecked;
        }
        else
        {
            fields.Refuse(ImportColumns.Article3, ErrorReason.FieldInvalid, $"'{declared}' is neither true nor false.");
        }
    }

    private static void ReadAmount(Listing listing, RowFields fields)
    {
        var text = fields.Text(ImportColumns.Amount);
        if (text.Length == 0) return;

        if (MoneyText.TryParse(text, out var money))
        {
            listing.ObligationAmount = money;
        }
        else
        {
            fields.Refuse(ImportColumns.Amount, ErrorReason.FieldInvalid, $"'{text}' is neither like 1234.50 nor like USD 10.");
        }
    }

    private static void ReadDecision(Listing listing, RowFields fields)
    {
        var signer = fields.Text(ImportColumns.Signer);
        listing.Decision = new Decision
        {
            Number = fields.Text(ImportColumns.DecisionNumber),
            Date = fields.Date(ImportColumns.DecisionDate),
            Signer = signer,
            // The column is for the president's name and for nobody else's (Art. 5).
            SignerRole = signer.Length > 0 ? SignerRole.CourtPresident : SignerRole.Unspecified,
        };

        var served = fields.Date(ImportColumns.ServiceDate);
        var method = fields.Word<ServiceMethod>(ImportColumns.ServiceMethod);
        if (served is not null || method != ServiceMethod.Unspecified) listing.Service = new Service { Date = served, Method = method };
    }

    private static void ReadTerm(Listing listing, RowFields fields)
    {
        var start = fields.Date(ImportColumns.TermStart);
        var end = fields.Date(ImportColumns.TermEnd);
        var reason = fields.Word<ExtensionReason>(ImportColumns.ExtensionReason);
        var acts = fields.Text(ImportColumns.Acts)
            .Split(ActSeparator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (start is null && end is null && reason == ExtensionReason.Unspecified && acts.Length == 0) return;

        listing.Term = new Term { Start = start, End = end };
        if (reason != ExtensionReason.Unspecified || acts.Length > 0)
        {
            listing.Term.Extension = new Extension { Reason = reason, Acts = { acts } };
        }
    }
}
