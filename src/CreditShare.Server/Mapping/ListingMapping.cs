using CreditShare.Core.Calendar;
using CreditShare.Core.Journal;
using CreditShare.Server.Access;
using CreditShare.V1;
using Law = CreditShare.Core.Listings;
using View = CreditShare.Core.Access.View;

namespace CreditShare.Server.Mapping;

/// <summary>Writes listings into the contract, each partner its view.</summary>
internal static class ListingMapping
{
    /// <summary>The listing as a partner with that view may see it.</summary>
    public static V1.Listing ToProto(StoredListing stored, View view, CourtDirectory courts)
    {
        var bare = Bare(stored.Listing, stored.Epoch, courts);
        if (view == View.Status) return bare;

        Fill(bare, stored, view == View.Full ? NumberForm.Whole : NumberForm.Masked);
        bare.Decision.Signer = "";
        return bare;
    }

    /// <summary>The listing as its own court sees it: everything, numbers as they were submitted included.</summary>
    public static V1.Listing ToCourtProto(StoredListing stored, CourtDirectory courts)
    {
        var full = Bare(stored.Listing, stored.Epoch, courts);
        Fill(full, stored, NumberForm.Submitted);
        full.GraceUntil = stored.Listing.Content.GraceUntil.ToProto();
        return full;
    }

    public static V1.Ending? ToProto(this Law.Ending? ending) => ending is null ? null : new V1.Ending
    {
        Reason = (V1.EndReason)ending.Reason,
        SubReason = ending.SubReason,
        EventDate = ending.EventDate.ToProto(),
        EndDate = ending.EndDate.ToProto(),
    };

    public static CourtReference CourtOf(Law.Listing listing, CourtDirectory courts) =>
        new() { Code = listing.Content.Court.Value, Name = courts.NameOf(listing.Content.Court) };

    private static V1.Listing Bare(Law.Listing listing, uint epoch, CourtDirectory courts) => new()
    {
        Name = ResourceNames.Of(listing.Content.Court, listing.Id),
        Version = listing.Version,
        Epoch = epoch,
        State = (V1.ListingState)listing.State,
        CourtCode = listing.Content.Court.Value,
        CourtName = courts.NameOf(listing.Content.Court),
    };

    private static void Fill(V1.Listing target, StoredListing stored, NumberForm form)
    {
        var content = stored.Listing.Content;
        target.Subject = SubjectOf(content.Subject!, form, stored.Listing.PublishedOn ?? content.Decision!.Date);
        target.CaseNumber = content.Case!.ToString();
        target.FilingDate = content.FilingDate.ToProto();
        target.Grounds.AddRange(content.Grounds.Select(ground => (V1.Ground)ground));
        target.Conduct = content.Conduct;
        target.Obligation = content.Obligation;
        target.Origin = (V1.Origin)content.Origin;
        target.Article3Checked = content.Article3Checked;
        target.PublishDate = stored.Listing.PublishedOn.ToProto();
        target.UpdateTime = stored.RecordedAt.ToProto();
        target.Ending = stored.Listing.Ending.ToProto();

        target.Basis = new V1.EnforcementBasis
        {
            Type = (V1.BasisType)content.Basis!.Type,
            Number = content.Basis.Number,
            Maker = content.Basis.Maker,
        };
        target.Performance = new V1.Performance
        {
            State = (V1.PerformanceState)content.Performance!.State,
            PerformedPart = content.Performance.PerformedPart,
            UnperformedPart = content.Performance.UnperformedPart,
        };
        target.Decision = new V1.Decision
        {
            Number = content.Decision!.Number,
            Date = content.Decision.Date.ToProto(),
            SignerRole = (V1.SignerRole)content.Decision.SignerRole,
            Signer = content.Decision.Signer,
        };
        if (content.ObligationAmount is { } amount)
        {
            target.ObligationAmount = new Google.Type.Money { CurrencyCode = amount.Currency, Units = amount.Units, Nanos = amount.Nanos };
        }

        if (content.Service is { } service)
        {
            target.Service = new V1.Service { Date = service.Date.ToProto(), Method = (V1.ServiceMethod)service.Method };
        }

        if (content.Term is { } term)
        {
            target.Term = new V1.Term { Start = term.Start.ToProto(), End = term.End.ToProto() };
            if (term.Extension is { } extension)
            {
                target.Term.Extension = new V1.Extension { Reason = (V1.ExtensionReason)extension.Reason, Acts = { extension.Acts } };
            }
        }
    }

    private static V1.Subject SubjectOf(Law.Subject subject, NumberForm form, DateOnly listedOn)
    {
        var result = new V1.Subject
        {
            Kind = (V1.SubjectKind)subject.Kind,
            Name = subject.Name.Text,
            Sex = (V1.Sex)subject.Sex,
        };
        result.Documents.AddRange(subject.Documents.Select(document => document.ToProto(form)));
        result.RelatedPersons.AddRange(subject.RelatedPersons.Select(person =>
            new V1.RelatedPerson { Name = person.Name.Text, Role = (V1.RelatedPersonRole)person.Role }));

        if (subject.BirthDate is { } birth)
        {
            // The masked number hides month and day; the whole birth date beside it would give them back. So would an age of today:
            // whoever asks every day sees on which it grows.
            if (form != NumberForm.Masked) result.BirthDate = birth.ToProto();
            result.Age = LegalPeriod.AgeOn(birth, listedOn);
        }

        if (form != NumberForm.Masked)
        {
            result.SpecialStatuses.AddRange(subject.SpecialStatuses.Select(status => (V1.SpecialStatus)status));
        }

        return result;
    }
}
