using System.Globalization;
using CreditShare.Core.Journal;
using CreditShare.Server.Access;
using CreditShare.Server.Mapping;
using CreditShare.V1;
using Google.Protobuf;
using Google.Protobuf.Collections;
using DisclosedListing = CreditShare.V1.DisclosedListing;
using Verdict = CreditShare.Core.Access.Verdict;
using View = CreditShare.Core.Access.View;

namespace CreditShare.Server.Lookup;

/// <summary>Writes answers into the contract.</summary>
internal static class AnswerMapping
{
    /// <summary>Listings of a hit, and courts of a mismatch, in a screening frame at most.</summary>
    private const int MaxInFrame = 10;

    /// <summary>Bytes of the listings and courts in a screening frame's answer: with the indices of 5,000 subjects, below the largest
    /// message.</summary>
    public const int MaxFrameDetails = 3 << 20;

    // What an element costs besides its own bytes: a tag and a length.
    private const int DetailHead = 3;

    public static AsOf AsOfOf(AnswerTimes times) =>
        new() { Epoch = times.AsOf.Epoch, Sequence = times.AsOf.Sequence, Time = times.Time.ToProto() };

    /// <summary>The common answer.</summary>
    public static CheckSubjectResponse NotListed(AnswerTimes times) => new()
    {
        Verdict = V1.Verdict.NotListed,
        AsOf = AsOfOf(times),
        ValidUntil = times.ValidUntil.ToProto(),
        AnswerId = AnswerIds.Next(times.Time).ToString("D"),
    };

    /// <summary>An answer to somebody with that view.</summary>
    public static CheckSubjectResponse ToProto(this SubjectAnswer answer, View view, CourtDirectory courts)
    {
        var judgement = answer.Judgement;
        var response = new CheckSubjectResponse
        {
            Verdict = (V1.Verdict)judgement.Verdict,
            AsOf = AsOfOf(answer.Times),
            ValidUntil = answer.Times.ValidUntil.ToProto(),
            AnswerId = answer.Id.ToString("D"),
        };
        if (judgement.Verdict == Verdict.Listed)
        {
            response.Listings.AddRange(judgement.Listings.Select(stored => ListingMapping.ToProto(stored, view, courts)));
        }
        else if (judgement.Verdict == Verdict.NameMismatch)
        {
            response.CourtsToAsk.AddRange(CourtsOf(judgement, courts));
        }

        if (judgement.Matched.HasFlag(MatchedElements.Document)) response.Matched.Add(MatchElement.Document);
        if (judgement.Matched.HasFlag(MatchedElements.Name)) response.Matched.Add(MatchElement.Name);
        if (judgement.Matched.HasFlag(MatchedElements.BirthDate)) response.Matched.Add(MatchElement.BirthDate);
        return response;
    }

    /// <summary>An answer with as many of its listings, the newest, as a message can carry, and how it is sent.</summary>
    public static (SubjectAnswer Answer, CheckSubjectResponse Response) Fit(this SubjectAnswer answer, View view, CourtDirectory courts)
    {
        var response = answer.ToProto(view, courts);
        var fitting = PageCut.Of(response.Listings).Count;
        if (fitting == response.Listings.Count) return (answer, response);

        var shorter = answer with { Judgement = answer.Judgement with { Listings = answer.Judgement.Listings[..fitting] } };
        return (shorter, shorter.ToProto(view, courts));
    }

    /// <summary>Puts a judgement into a frame's answer, if it says anything.</summary>
    /// <param name="response">The frame's answer.</param>
    /// <param name="index">The subject's place in the frame.</param>
    /// <param name="judgement">What is said.</param>
    /// <param name="shown">Turns a listing into what is shown of it: its view and its courts.</param>
    /// <param name="left">Bytes left for listings and courts. Once they are used up, who is listed is still told, and not by what.</param>
    public static void Add(
        this ScreenSubjectsResponse response, int index, SubjectJudgement judgement, (View View, CourtDirectory Courts) shown, ref int left)
    {
        switch (judgement.Verdict)
        {
            case Verdict.Listed:
                var hit = new ScreenHit { Index = index, ListingCount = judgement.Listings.Length };
                Fill(hit.Listings, judgement.Listings.Take(MaxInFrame).Select(stored => ReferenceTo(stored, shown.View, shown.Courts)), ref left);
                response.Hits.Add(hit);
                break;
            case Verdict.NameMismatch:
                var mismatch = new ScreenMismatch { Index = index };
                Fill(mismatch.CourtsToAsk, CourtsOf(judgement, shown.Courts).Take(MaxInFrame), ref left);
                response.Mismatches.Add(mismatch);
                break;
            case Verdict.NotListed:
            case Verdict.None:
                break;
        }
    }

    /// <summary>Somebody of a name, always masked: the answer helps a human to ask the court, and decides nothing.</summary>
    public static Candidate ToCandidate(StoredListing stored, CourtDirectory courts)
    {
        var subject = stored.Listing.Content.Subject!;
        var candidate = new Candidate { Kind = (V1.SubjectKind)subject.Kind, Court = ListingMapping.CourtOf(stored.Listing, courts) };
        candidate.Documents.AddRange(subject.Documents.Select(document => document.Number.ToProto(NumberForm.Masked)));
        return candidate;
    }

    /// <summary>What was answered before: a frame may have disclosed more than a message holds.</summary>
    /// <param name="disclosure">The answer.</param>
    /// <param name="from">Listings that were shown already.</param>
    /// <param name="size">Listings to show at most.</param>
    /// <param name="tokenOf">Makes a token of the number of those that are shown then.</param>
    public static GetAnswerResponse ToProto(this Disclosure disclosure, int from, int size, Func<string, string> tokenOf)
    {
        var response = new GetAnswerResponse
        {
            AnswerId = disclosure.AnswerId.ToString("D"),
            AsOf = new AsOf { Epoch = disclosure.Epoch, Sequence = disclosure.Sequence, Time = disclosure.At.ToProto() },
            Purpose = (V1.Purpose)disclosure.Purpose,
            Reference = disclosure.Reference,
            Operator = disclosure.Operator,
        };
        response.Disclosed.AddRange(disclosure.Listings.Skip(from).Take(size).Select(listing => new DisclosedListing
        {
            Listing = ResourceNames.Of(listing.Court, listing.Listing),
            Version = listing.Version,
            Verdict = (V1.Verdict)listing.Verdict,
        }));
        var shown = from + response.Disclosed.Count;
        if (shown < disclosure.Listings.Length) response.NextPageToken = tokenOf(shown.ToString(CultureInfo.InvariantCulture));
        return response;
    }

    private static void Fill<T>(RepeatedField<T> field, IEnumerable<T> details, ref int left)
        where T : IMessage
    {
        foreach (var detail in details)
        {
            var size = detail.CalculateSize() + DetailHead;
            if (size > left) return;

            left -= size;
            field.Add(detail);
        }
    }

    private static ListingReference ReferenceTo(StoredListing stored, View view, CourtDirectory courts) => new()
    {
        Name = ResourceNames.Of(stored.Listing.Content.Court, stored.Listing.Id),
        Version = stored.Listing.Version,
        CaseNumber = view == View.Status ? "" : stored.Listing.Content.Case!.ToString(),
        Court = ListingMapping.CourtOf(stored.Listing, courts),
    };

    private static IEnumerable<CourtReference> CourtsOf(SubjectJudgement judgement, CourtDirectory courts) =>
        judgement.Listings.Select(stored => stored.Listing)
            .DistinctBy(listing => listing.Content.Court)
            .Select(listing => ListingMapping.CourtOf(listing, courts));
}
