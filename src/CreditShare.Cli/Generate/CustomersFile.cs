using System.Globalization;
using CreditShare.Cli.CommandLine;

namespace CreditShare.Cli.Generate;

/// <summary>Writes customers of whom some are listed, and which those are.</summary>
internal sealed class CustomersFile(SyntheticSubjects subjects, long listings, long customers, long hits)
{
    /// <summary>Of so many hits one is asked about under another name.</summary>
    private const int MismatchOneIn = 16;

    // Prime, so that the hits go through all listings before one comes a second time, unless their number is its multiple.
    private const long ListingStep = 1_000_000_007;

    internal void Write(TextWriter output, TextWriter expected, Action<long> written)
    {
        output.WriteLine("document_type,number,name");
        expected.WriteLine("row,verdict");
        for (var row = 0L; row < customers; row++)
        {
            // The hits lie evenly among the rows.
            var hit = row * hits / customers;
            if (((row + 1) * hits / customers) > hit)
            {
                WriteHit(output, expected, row, hit);
            }
            else
            {
                // Behind all listings, so that nobody of them is listed; but many bear the name of somebody who is.
                WritePlain(output, subjects.At(listings + row));
            }

            written(1);
        }
    }

    private static void WritePlain(TextWriter output, SyntheticSubject subject)
    {
        switch (subject.Kind)
        {
            case SyntheticKind.Person:
                WriteRow(output, "resident-id", subject.Number, subject.Name);
                break;
            case SyntheticKind.Organisation:
                WriteRow(output, "uscc", subject.SocialCredit, subject.Name);
                break;
            case SyntheticKind.OldOrganisation:
                WriteRow(output, "org-code", subject.Number, subject.Name);
                break;
        }
    }

    private static void WriteRow(TextWriter output, string type, string number, string name)
    {
        output.Write(type);
        output.Write(',');
        CsvText.WriteField(output, number);
        output.Write(',');
        CsvText.WriteField(output, name);
        output.WriteLine();
    }

    private void WriteHit(TextWriter output, TextWriter expected, long row, long hit)
    {
        var subject = subjects.OfListing(hit * ListingStep % listings);
        var isMismatch = subjects.Chance.OneIn(MismatchOneIn, Draw.Mismatch, hit);
        var name = isMismatch ? subjects.OtherName(subject) : subject.Name;
        var form = subjects.Chance.Below(10, Draw.Form, hit);
        if (subject.Kind == SyntheticKind.Person)
        {
            WritePerson(output, subject, name, form);
        }
        else
        {
            WriteOrganisation(output, subject, isMismatch ? name : form == 3 ? "" : name, form);
        }

        expected.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row + 1},{(isMismatch ? "NAME_MISMATCH" : "LISTED")}"));
    }

    // The same document in the forms in which banks have it.
    private static void WritePerson(TextWriter output, SyntheticSubject subject, string name, int form)
    {
        if (form < 5 && subject.TravelPermit is { } permit)
        {
            WriteRow(output, "hm-permit", permit, name);
            return;
        }

        var number = form switch
        {
            0 => SyntheticNumbers.FirstGeneration(subject.Number),
            1 => subject.Number.ToLowerInvariant(),
            2 => $"{subject.Number[..6]} {subject.Number[6..14]} {subject.Number[14..]}",
            _ => subject.Number,
        };
        WriteRow(output, "resident-id", number, name);
    }

    private static void WriteOrganisation(TextWriter output, SyntheticSubject subject, string name, int form)
    {
        switch (form)
        {
            case 0 or 1:
                WriteRow(output, "org-code", subject.Number, name);
                break;
            case 2:
                WriteRow(output, "uscc", subject.SocialCredit.ToLowerInvariant(), name);
                break;
            default:
                WriteRow(output, "uscc", subject.SocialCredit, name);
                break;
        }
    }
}
