using CreditShare.Core.Calendar;
using CreditShare.Core.Courts;
using CreditShare.Core.Journal;
using CreditShare.Core.Numbers;
using CreditShare.Server.Access;
using CreditShare.Server.Journal;
using CreditShare.Server.Mapping;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Verdict = CreditShare.Core.Access.Verdict;
using View = CreditShare.Core.Access.View;

namespace CreditShare.Server.Lookup;

/// <summary>Finds listed subjects by their exact name, to help a human who has no document. It decides nothing: a name alone never does.</summary>
internal sealed class CandidateSearch(
    IStore store, SubjectLookup lookup, INodePosition position, CourtDirectory courts, TimeProvider clock)
{
    private const int MaxCandidates = 20;
    private const int MinNameLength = 2;
    private const int FirstBirthYear = 1900;

    /// <summary>What the store is asked for: listings past their term are among them, and several of one person.</summary>
    private const int StoreLimit = 100;

    /// <summary>Searches, and records what it discloses.</summary>
    public async Task<FindCandidatesResponse> RunAsync(FindCandidatesRequest request, Caller caller, CancellationToken cancellationToken)
    {
        var problems = new Problems();
        var inquiry = QueryMapping.ReadInquiry(request.Purpose, request.Reference, request.Operator, caller, problems);
        var name = ReadName(request.Name, problems);
        CheckNarrowing(request, problems);

        // Masked documents are the PUBLIC view's; STATUS tells a verdict, of which there is none here.
        if (!caller.MaySee(View.Public) && !caller.MaySee(View.Full)) problems.Add("", ErrorReason.ViewNotGranted);
        problems.ThrowIfAny();
        caller.Spend(1);

        position.EnsureFresh();
        var asOf = position.Applied;
        var found = await store.Listings.FindByNameAsync(
            name, request.BirthYear == 0 ? null : request.BirthYear, request.Region.Length == 0 ? null : request.Region, StoreLimit, cancellationToken);
        position.EnsureFresh();

        var now = clock.GetUtcNow();
        var today = ChinaTime.DateOf(now);
        var active = found.Where(stored => stored.Listing.IsActiveOn(today)).ToList();
        var response = new FindCandidatesResponse { AnswerId = AnswerIds.Next(now).ToString("D") };
        var people = active.GroupBy(SubjectAndCourtOf).ToList();
        response.Candidates.AddRange(people.Take(MaxCandidates).Select(person => AnswerMapping.ToCandidate(person.First(), courts)));
        response.Truncated = people.Count > MaxCandidates || found.Count == StoreLimit;

        var times = lookup.TimesOf(asOf, now, lastDay: null);
        response.AsOf = AnswerMapping.AsOfOf(times);
        if (response.Candidates.Count > 0)
        {
            var disclosed = people.Take(MaxCandidates).SelectMany(person => person).Select(stored => new Core.Journal.DisclosedListing(
                stored.Listing.Id, stored.Listing.Content.Court, stored.Listing.Version, Verdict.None, Document: null));
            await lookup.RecordAsync(inquiry, Guid.Parse(response.AnswerId), times, disclosed, cancellationToken);
        }

        return response;
    }

    // Several cases of one person before one court are one candidate: the same documents.
    private static string SubjectAndCourtOf(StoredListing stored) =>
        string.Join('\n', stored.Listing.Content.Subject!.Documents.Select(document => Convert.ToHexString(KeyOf(document.Number))).Order(StringComparer.Ordinal))
        + '\n' + stored.Listing.Content.Court.Value;

    private static byte[] KeyOf(DocumentNumber number)
    {
        Span<byte> key = stackalloc byte[DocumentNumber.MaxKeyBytes];
        return key[..number.WriteKey(key)].ToArray();
    }

    private static SubjectName ReadName(string text, Problems problems)
    {
        if (!SubjectName.TryParse(text, out var name, out var fault)) problems.Add("name", FaultMapping.ReasonOf(fault));
        else if (name.Normalised.Length < MinNameLength) problems.Add("name", ErrorReason.FieldInvalid, $"At least {MinNameLength} characters.");
        return name;
    }

    private void CheckNarrowing(FindCandidatesRequest request, Problems problems)
    {
        if (request.BirthYear == 0 && request.Region.Length == 0)
        {
            problems.Add("birth_year", ErrorReason.FieldRequired, "Or the region.");
        }

        if (request.BirthYear != 0 && (request.BirthYear < FirstBirthYear || request.BirthYear > clock.Today().Year))
        {
            problems.Add("birth_year", ErrorReason.DateInvalid);
        }

        if (request.Region.Length > 0 && (!CourtCode.TryParse(request.Region, out var code) || code.Region != request.Region))
        {
            problems.Add("region", ErrorReason.FieldInvalid, "The first character of a court's code, or 最高法.");
        }
    }
}
