using System.Text;
using CreditShare.Core.Numbers;
using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.IntegrationTests.MainJob;
using CreditShare.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using DocumentType = CreditShare.V1.DocumentType;

namespace CreditShare.IntegrationTests.Faults;

/// <summary>A court, a bank and a department at work, with all the mistakes that people make.</summary>
internal sealed class BusyDay(ServerProcess server) : IDisposable
{
    /// <summary>How many mistakes a day has at least.</summary>
    public const int FewestErrors = 12;

    private readonly GrpcChannel _court = ConnectAs(server, "court");
    private readonly GrpcChannel _bank = ConnectAs(server, "bank");
    private readonly GrpcChannel _department = ConnectAs(server, "department");
    private readonly List<string> _secrets = [];
    private readonly List<byte[]> _errors = [];
    private int _serial;

    /// <summary>Looks for everybody who was spoken of.</summary>
    public Traces Traces => new(_secrets);

    /// <summary>All that was said about the mistakes, as it came over the wire.</summary>
    public IReadOnlyCollection<byte[]> Errors => _errors;

    private ListingService.ListingServiceClient Court => new(_court);

    private LookupService.LookupServiceClient Bank => new(_bank);

    private FeedService.FeedServiceClient Department => new(_department);

    /// <summary>A day, with people of its own.</summary>
    public async Task WorkAsync(CancellationToken cancellationToken)
    {
        var listed = NewPerson();
        var renamed = NewPerson();
        var stranger = NewPerson();
        var organisation = NewOrganisation();

        var person = await PublishAsync(listed, cancellationToken);
        var company = await PublishAsync(organisation, cancellationToken);
        await AskAsync(listed, stranger, organisation, cancellationToken);
        await ScreenAsync(listed, stranger, cancellationToken);
        await ErrAsync(listed, stranger, cancellationToken);
        await ReadAsync(person.Name, cancellationToken);

        var corrected = await CorrectAsync(person, listed, renamed, cancellationToken);
        await AskAsync(renamed, listed, organisation, cancellationToken);
        await SendAsync(() => Court.WithdrawListingAsync(
            new WithdrawListingRequest
            {
                Name = corrected.Name,
                ExpectedVersion = corrected.Version,
                RequestId = Cast.NewId(),
                Operator = "书记员",
                Reason = EndReason.Performed,
            },
            cancellationToken: cancellationToken), cancellationToken);
        await SendAsync(() => Court.RevokeListingAsync(
            new RevokeListingRequest { Name = company.Name, ExpectedVersion = 1, RequestId = Cast.NewId(), Operator = "书记员" },
            cancellationToken: cancellationToken), cancellationToken);
        await AskAsync(renamed, listed, organisation, cancellationToken);

        // Somebody stays on the list, so that the stores hold an active listing too.
        await PublishAsync(stranger, cancellationToken);
        await AskAsync(stranger, listed, organisation, cancellationToken);
    }

    public void Dispose()
    {
        _court.Dispose();
        _bank.Dispose();
        _department.Dispose();
    }

    private static GrpcChannel ConnectAs(ServerProcess server, string role) => TestIdentity.Of(server.DataFolder, role).Connect(server.Address);

    private static string Mistyped(string number) => number[..17] + (number[17] == '1' ? '2' : '1');

    private Subject NewPerson()
    {
        var serial = Interlocked.Increment(ref _serial);
        var (number, permit) = (Cast.Resident(120_000 + (2 * serial)), $"H{51_234_560 + serial}");
        var name = $"欧阳测甲{(char)('子' + serial)}";
        _secrets.AddRange([name, number, number[6..17], Mistyped(number), permit]);
        return new Subject
        {
            Kind = SubjectKind.Person,
            Name = name,
            Documents =
            {
                new IdentityDocument { Type = DocumentType.ResidentId, Number = number },
                new IdentityDocument { Type = DocumentType.HmPermit, Number = permit },
            },
        };
    }

    private Subject NewOrganisation()
    {
        var serial = Interlocked.Increment(ref _serial);
        var body = $"YY{123_456 + serial}";
        var social = $"91990000{body}{CheckDigits.Organisation(body)}";
        var (name, representative) = ($"测试连锁商行{(char)('子' + serial)}", $"司马测乙{(char)('子' + serial)}");
        var number = social + CheckDigits.SocialCredit(social);
        _secrets.AddRange([name, representative, number, number[8..17]]);
        return new Subject
        {
            Kind = SubjectKind.Organisation,
            Name = name,
            Documents = { new IdentityDocument { Type = DocumentType.Uscc, Number = number } },
            RelatedPersons = { new RelatedPerson { Name = representative, Role = RelatedPersonRole.LegalRepresentative } },
        };
    }

    private async Task<ListingReceipt> PublishAsync(Subject subject, CancellationToken cancellationToken)
    {
        var request = PublicationOf(subject);
        return (await SendAsync(() => Court.PublishListingAsync(request, cancellationToken: cancellationToken), cancellationToken)).Receipt;
    }

    private async Task<ListingReceipt> CorrectAsync(ListingReceipt listing, Subject before, Subject after, CancellationToken cancellationToken)
    {
        var request = new CorrectListingRequest
        {
            Name = listing.Name,
            ExpectedVersion = listing.Version,
            RequestId = Cast.NewId(),
            Operator = "书记员",
            Listing = new Listing { Subject = new Subject { Name = after.Name } },
            UpdateMask = new FieldMask { Paths = { "subject.name" } },
        };
        await SendAsync(() => Court.CorrectListingAsync(request, cancellationToken: cancellationToken), cancellationToken);

        // One of the old documents stays: another name and only other documents would be somebody else.
        request.ExpectedVersion++;
        request.RequestId = Cast.NewId();
        request.Listing = new Listing { Subject = new Subject { Documents = { after.Documents[0], before.Documents[1] } } };
        request.UpdateMask = new FieldMask { Paths = { "subject.documents" } };
        return (await SendAsync(() => Court.CorrectListingAsync(request, cancellationToken: cancellationToken), cancellationToken)).Receipt;
    }

    private async Task AskAsync(Subject one, Subject other, Subject organisation, CancellationToken cancellationToken)
    {
        CheckSubjectRequest[] questions =
        [
            QuestionAbout(one, one.Name), QuestionAbout(one, other.Name), QuestionAbout(other, other.Name), QuestionAbout(organisation, organisation.Name),
        ];
        var batch = new BatchCheckSubjectsRequest { Requests = { questions } };
        foreach (var question in questions)
        {
            var answer = await SendAsync(() => Bank.CheckSubjectAsync(question, cancellationToken: cancellationToken), cancellationToken);
            if (answer.Verdict == Verdict.NotListed) continue;
            await SendAsync(() => Bank.GetAnswerAsync(new GetAnswerRequest { AnswerId = answer.AnswerId }, cancellationToken: cancellationToken), cancellationToken);
        }

        await SendAsync(() => Bank.BatchCheckSubjectsAsync(batch, cancellationToken: cancellationToken), cancellationToken);
        await SendAsync(
            () => Bank.FindCandidatesAsync(
                new FindCandidatesRequest { Name = one.Name, Region = "测", Purpose = Purpose.Credit, Reference = "贷款-1", Operator = "柜员-7" },
                cancellationToken: cancellationToken),
            cancellationToken);
    }

    private async Task ScreenAsync(Subject one, Subject other, CancellationToken cancellationToken)
    {
        using var call = Bank.ScreenSubjects(cancellationToken: cancellationToken);
        var number = one.Documents[0].Number;
        await call.RequestStream.WriteAsync(
            new ScreenSubjectsRequest
            {
                DocumentType = DocumentType.ResidentId,
                Numbers = { number, number, other.Documents[0].Number, Mistyped(number), one.Name },
                Names = { one.Name, other.Name, other.Name, one.Name, number },
                FrameNumber = 1,
                Purpose = Purpose.Credit,
                Reference = number,
                Operator = one.Name,
            },
            cancellationToken);
        await call.RequestStream.CompleteAsync();
        await foreach (var frame in call.ResponseStream.ReadAllAsync(cancellationToken)) _errors.AddRange(frame.Invalid.Select(invalid => invalid.ToByteArray()));
    }

    private async Task ReadAsync(string listing, CancellationToken cancellationToken)
    {
        await SendAsync(() => Court.GetListingAsync(new GetListingRequest { Name = listing }, cancellationToken: cancellationToken), cancellationToken);
        await SendAsync(
            () => Court.ListListingVersionsAsync(new ListListingVersionsRequest { Name = listing }, cancellationToken: cancellationToken), cancellationToken);
        await SendAsync(
            () => Court.ListListingsAsync(new ListListingsRequest { Parent = $"courts/{Cast.Court}" }, cancellationToken: cancellationToken), cancellationToken);
        await SendAsync(
            () => Department.ListChangesAsync(new ListChangesRequest { From = new Cursor(), View = View.Full }, cancellationToken: cancellationToken),
            cancellationToken);
        using var export = Department.ExportListings(new ExportListingsRequest { View = View.Full }, cancellationToken: cancellationToken);
        await foreach (var frame in export.ResponseStream.ReadAllAsync(cancellationToken)) _ = frame.CalculateSize();
    }

    private async Task ErrAsync(Subject listed, Subject stranger, CancellationToken cancellationToken)
    {
        var (number, name) = (listed.Documents[0].Number, listed.Name);
        var wrong = PublicationOf(stranger);
        wrong.Listing.Subject.Documents[0].Number = Mistyped(number);
        wrong.Listing.CaseNumber = number;
        wrong.Listing.Subject.BirthDate = Cast.Day(1980, 1, 1);
        await FailAsync(Court.PublishListingAsync(wrong, cancellationToken: cancellationToken));

        var swapped = PublicationOf(stranger);
        (swapped.Listing.Subject.Name, swapped.Listing.Subject.Documents[0].Number) = (number, name);
        await FailAsync(Court.PublishListingAsync(swapped, cancellationToken: cancellationToken));

        var endless = PublicationOf(stranger);
        endless.Listing.Subject.Name = string.Concat(Enumerable.Repeat(name, 100));
        endless.RequestId = number;
        endless.Parent = $"courts/{number}";
        await FailAsync(Court.PublishListingAsync(endless, cancellationToken: cancellationToken));

        await FailAsync(Court.GetListingAsync(new GetListingRequest { Name = $"courts/{Cast.Court}/listings/{number}" }, cancellationToken: cancellationToken));
        await FailAsync(Court.GetListingAsync(new GetListingRequest { Name = name }, cancellationToken: cancellationToken));
        await FailAsync(Court.ListListingsAsync(
            new ListListingsRequest { Parent = $"courts/{Cast.Court}", PageToken = number, CaseNumber = name }, cancellationToken: cancellationToken));

        var mistyped = QuestionAbout(listed, name);
        mistyped.Document.Number = Mistyped(number);
        await FailAsync(Bank.CheckSubjectAsync(mistyped, cancellationToken: cancellationToken));

        var reversed = QuestionAbout(listed, number);
        reversed.Document.Number = name;
        await FailAsync(Bank.CheckSubjectAsync(reversed, cancellationToken: cancellationToken));

        var country = QuestionAbout(listed, name);
        country.Document.Country = number;
        await FailAsync(Bank.CheckSubjectAsync(country, cancellationToken: cancellationToken));

        await FailAsync(Bank.GetAnswerAsync(new GetAnswerRequest { AnswerId = number }, cancellationToken: cancellationToken));
        await FailAsync(Bank.FindCandidatesAsync(new FindCandidatesRequest { Name = name }, cancellationToken: cancellationToken));
        await FailAsync(Court.CorrectListingAsync(
            new CorrectListingRequest
            {
                Name = $"courts/{Cast.Court}/listings/{Guid.NewGuid()}",
                ExpectedVersion = 1,
                RequestId = Cast.NewId(),
                Operator = name,
                Listing = new Listing { Subject = listed },
                UpdateMask = new FieldMask { Paths = { number } },
            },
            cancellationToken: cancellationToken));
    }

    private static PublishListingRequest PublicationOf(Subject subject)
    {
        var listing = Cast.ListingOf(subject.Name, Cast.Court);
        listing.Subject = subject.Clone();
        listing.Conduct = $"{subject.Name}拒不履行";
        return new PublishListingRequest { Parent = $"courts/{Cast.Court}", Listing = listing, RequestId = Cast.NewId(), Operator = "书记员" };
    }

    // Some partner will use the customer's number as its file number.
    private static CheckSubjectRequest QuestionAbout(Subject subject, string name) => new()
    {
        Document = subject.Documents[0].Clone(),
        Name = name,
        Purpose = Purpose.Credit,
        Reference = subject.Documents[0].Number,
        Operator = subject.Name,
    };

    /// <summary>Sends what is right, again while the store is away.</summary>
    private async Task<T> SendAsync<T>(Func<AsyncUnaryCall<T>> send, CancellationToken cancellationToken)
    {
        var answer = default(T);
        await Shell.WaitUntilAsync(
            async _ =>
            {
                try
                {
                    answer = await send();
                    return true;
                }
                catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.Unknown)
                {
                    Keep(e);
                    return false;
                }
            },
            "the store to answer",
            cancellationToken);
        return answer!;
    }

    /// <summary>Sends what is wrong.</summary>
    private async Task FailAsync<T>(AsyncUnaryCall<T> call)
    {
        try
        {
            await call;
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.InvalidArgument or StatusCode.AlreadyExists or StatusCode.NotFound)
        {
            Keep(e);
            return;
        }

        throw new InvalidOperationException($"A mistake was not noticed: {typeof(T).Name}.");
    }

    private void Keep(RpcException exception)
    {
        _errors.Add(Encoding.UTF8.GetBytes(exception.Message));
        _errors.AddRange(exception.Trailers.Select(entry => entry.IsBinary ? entry.ValueBytes : Encoding.UTF8.GetBytes(entry.Value)));
    }
}
