using CreditShare.Cli.CommandLine;
using CreditShare.Cli.Listings;
using CreditShare.V1;

namespace CreditShare.Cli.Lookup;

/// <summary>Answers for people to read.</summary>
internal static class AnswerText
{
    internal static void Write(TextWriter output, CheckSubjectResponse answer)
    {
        output.WriteLine(ContractWords<Verdict>.NameOf(answer.Verdict));
        if (answer.Verdict == Verdict.NameMismatch)
        {
            output.WriteLine("  The document is listed under another name. A human must look; ask:");
            foreach (var court in answer.CourtsToAsk)
            {
                output.WriteLine($"    {court.Name} ({court.Code})");
            }
        }

        foreach (var listing in answer.Listings)
        {
            ListingText.Write(output, listing);
        }

        if (answer.AsOf is { } asOf) output.WriteLine($"  as of {asOf.Epoch}:{asOf.Sequence}, {ListingText.Instant(asOf.Time)}");
        output.WriteLine($"  may be acted on until {ListingText.Instant(answer.ValidUntil)}");
        output.WriteLine($"  answer {answer.AnswerId}");
    }

    internal static void Write(TextWriter output, FindCandidatesResponse response)
    {
        foreach (var candidate in response.Candidates)
        {
            var documents = string.Join(
                ", ", candidate.Documents.Select(d => $"{ContractWords<DocumentType>.Of(d.Type)} {d.Number} {d.Country}".TrimEnd()));
            output.WriteLine($"{ContractWords<SubjectKind>.Of(candidate.Kind)}  {documents}  {candidate.Court?.Name} ({candidate.Court?.Code})");
        }

        var more = response.Truncated ? ", and there are more" : "";
        output.WriteLine($"{response.Candidates.Count} of that name{more}. None of them is a verdict: check the number.");
    }
}
