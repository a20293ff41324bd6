using System.CommandLine;
using CreditShare.Cli.CommandLine;
using CreditShare.V1;

namespace CreditShare.Cli.Listings;

/// <summary>A listing as options: each one given replaces that field of the listing read from a file, or of an empty one.</summary>
internal sealed class ListingOptions
{
    private readonly Option<SubjectKind> _kind = Values.Word<SubjectKind>("--kind", "Whether a person or an organisation.");
    private readonly Option<string?> _name = Values.Text("--name", "The subject's full name.", "NAME");
    private readonly Option<string[]> _documents = new("--document")
    {
        Description = "TYPE:NUMBER or TYPE:NUMBER:COUNTRY, such as resident-id:110000199003072138; once a document.",
        HelpName = "DOCUMENT",
    };

    private readonly Option<Sex> _sex = Values.Word<Sex>("--sex", "Only if no document carries it.");
    private readonly Option<DateOnly?> _birthDate = Values.Date("--birth-date", "Only if no document carries it.");
    private readonly Option<string?> _representative =
        Values.Text("--legal-representative", "An organisation's legal representative or person in charge.", "NAME");

    private readonly Option<SpecialStatus[]> _statuses = Values.Words<SpecialStatus>("--special-status", "Positions of Art. 8(3) and (4).");
    private readonly Option<string?> _case = Values.Text("--case", "The enforcement case number, such as （2026）测0101执123号.", "NUMBER");
    private readonly Option<DateOnly?> _filing = Values.Date("--filing-date", "The day the case was filed.");
    private readonly Option<Ground[]> _grounds = Values.Words<Ground>("--ground", "The grounds of Art. 1.");
    private readonly Option<string?> _conduct = Values.Text("--conduct", "What was done, in words.");
    private readonly Option<BasisType> _basisType = Values.Word<BasisType>("--basis-type", "What kind of instrument is enforced.");
    private readonly Option<string?> _basisNumber = Values.Text("--basis-number", "Its number.");
    private readonly Option<string?> _basisMaker = Values.Text("--basis-maker", "Who made it.");
    private readonly Option<string?> _obligation = Values.Text("--obligation", "The obligation it fixed.");
    private readonly Option<string?> _amount = Values.Text("--amount", "The obligation in money: 1234.50 (yuan) or USD 10.", "AMOUNT");
    private readonly ProgressOptions _progress = new();
    private readonly Option<string?> _decision = Values.Text("--decision-number", "The decision's number.", "NUMBER");
    private readonly Option<DateOnly?> _decisionDate = Values.Date("--decision-date", "The day of the decision.");
    private readonly Option<string?> _signer = Values.Text("--signer", "The court president who signed it.", "NAME");
    private readonly Option<Origin> _origin = Values.Word<Origin>("--origin", "Who set the procedure going.");
    private readonly Option<bool> _article3 = new("--article3-checked") { Description = "None of the cases of Art. 3 is given; needed with ground 1." };
    private readonly Option<DateOnly?> _termStart = Values.Date("--term-start", "The term's first day. Left out: the decision's.");
    private readonly Option<DateOnly?> _termEnd = Values.Date("--term-end", "The term's last day. Left out: two years later.");
    private readonly Option<bool> _term = new("--term") { Description = "A term of two years from the decision (grounds 2 to 6)." };
    private readonly Option<ExtensionReason> _extension = Values.Word<ExtensionReason>("--extension-reason", "Why a term is longer than two years.");
    private readonly Option<string[]> _acts = new("--act") { Description = "An act of breach; once an act.", HelpName = "TEXT" };
    private readonly Option<DateOnly?> _grace = Values.Date("--grace-until", "The last day of grace, one to three months after the decision.");

    internal void AddTo(Command command)
    {
        Option[] all =
        [
            _case, _kind, _name, _documents, _sex, _birthDate, _representative, _statuses, _filing, _grounds, _conduct,
            _basisType, _basisNumber, _basisMaker, _obligation, _amount,
            _decision, _decisionDate, _signer, _origin, _article3,
            _term, _termStart, _termEnd, _extension, _acts, _grace,
        ];
        foreach (var option in all)
        {
            command.Options.Add(option);
        }

        _progress.AddTo(command);
    }

    /// <summary>Puts what was given into a listing.</summary>
    /// <exception cref="CommandFailedException">A document or an amount cannot be read.</exception>
    internal void ApplyTo(Listing listing, Invocation run)
    {
        ApplySubject(listing, run);
        ApplyCase(listing, run);
        ApplyObligation(listing, run);
        ApplyDecision(listing, run);
        _progress.ApplyTo(listing, run);
        ApplyTerm(listing, run);
    }

    private void ApplySubject(Listing listing, Invocation run)
    {
        Option[] parts = [_kind, _name, _documents, _sex, _birthDate, _representative, _statuses];
        if (!parts.Any(run.Has)) return;

        var subject = listing.Subject ??= new Subject();
        if (run.Has(_kind)) subject.Kind = run.Get(_kind);
        if (run.Get(_name) is { } name) subject.Name = name;
        if (run.Has(_documents))
        {
            subject.Documents.Clear();
            subject.Documents.Add(run.Get(_documents)!.Select(DocumentText.Parse));
        }

        if (run.Has(_sex)) subject.Sex = run.Get(_sex);
        if (run.Has(_birthDate)) subject.BirthDate = run.Get(_birthDate).ToContract();
        if (run.Get(_representative) is { } representative)
        {
            // In the place of the one before; other people stay.
            foreach (var former in subject.RelatedPersons.Where(person => person.Role == RelatedPersonRole.LegalRepresentative).ToList())
            {
                subject.RelatedPersons.Remove(former);
            }

            subject.RelatedPersons.Insert(
                0, new RelatedPerson { Name = representative, Role = RelatedPersonRole.LegalRepresentative });
        }

        if (run.Has(_statuses))
        {
            subject.SpecialStatuses.Clear();
            subject.SpecialStatuses.Add(run.Get(_statuses));
        }
    }

    private void ApplyCase(Listing listing, Invocation run)
    {
        if (run.Get(_case) is { } number) listing.CaseNumber = number;
        if (run.Has(_filing)) listing.FilingDate = run.Get(_filing).ToContract();
        if (run.Has(_grounds))
        {
            listing.Grounds.Clear();
            listing.Grounds.Add(run.Get(_grounds));
        }

        if (run.Get(_conduct) is { } conduct) listing.Conduct = conduct;
        if (run.Has(_origin)) listing.Origin = run.Get(_origin);
        if (run.Has(_article3)) listing.Article3Checked = run.Get(_article3);
    }

    private void ApplyObligation(Listing listing, Invocation run)
    {
        Option[] basis = [_basisType, _basisNumber, _basisMaker];
        if (basis.Any(run.Has)) listing.Basis ??= new EnforcementBasis();
        if (run.Has(_basisType)) listing.Basis.Type = run.Get(_basisType);
        if (run.Get(_basisNumber) is { } number) listing.Basis.Number = number;
        if (run.Get(_basisMaker) is { } maker) listing.Basis.Maker = maker;
        if (run.Get(_obligation) is { } obligation) listing.Obligation = obligation;
        if (run.Get(_amount) is { } amount)
        {
            listing.ObligationAmount = MoneyText.TryParse(amount, out var money)
                ? money
                : throw CommandFailedException.Usage($"--amount '{amount}' is neither like 1234.50 nor like USD 10.");
        }
    }

    private void ApplyDecision(Listing listing, Invocation run)
    {
        Option[] decision = [_decision, _decisionDate, _signer];
        if (decision.Any(run.Has)) listing.Decision ??= new Decision();
        if (run.Get(_decision) is { } number) listing.Decision.Number = number;
        if (run.Has(_decisionDate)) listing.Decision.Date = run.Get(_decisionDate).ToContract();
        if (run.Get(_signer) is { } signer)
        {
            listing.Decision.Signer = signer;
            listing.Decision.SignerRole = SignerRole.CourtPresident;
        }
    }

    private void ApplyTerm(Listing listing, Invocation run)
    {
        Option[] term = [_term, _termStart, _termEnd, _extension, _acts];
        if (term.Any(run.Has)) listing.Term ??= new Term();
        if (run.Has(_termStart)) listing.Term.Start = run.Get(_termStart).ToContract();
        if (run.Has(_termEnd)) listing.Term.End = run.Get(_termEnd).ToContract();
        if (run.Has(_extension) || run.Has(_acts))
        {
            listing.Term.Extension = new Extension { Reason = run.Get(_extension), Acts = { run.Get(_acts) ?? [] } };
        }

        if (run.Has(_grace)) listing.GraceUntil = run.Get(_grace).ToContract();
    }
}
