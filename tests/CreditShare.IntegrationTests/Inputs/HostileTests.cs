using CreditShare.IntegrationTests.MainJob;
using CreditShare.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using NUnit.Framework;
using Extension = CreditShare.V1.Extension;

namespace CreditShare.IntegrationTests.Inputs;

/// <summary>Whatever comes over the wire: it is answered, or refused with a reason; it never finds the server unprepared.</summary>
[TestFixtureSource(typeof(Setting), nameof(Setting.All))]
[FixtureLifeCycle(LifeCycle.SingleInstance)]
internal sealed class HostileTests(string setting)
{
    private static readonly string[] s_senders = ["court", "bank", "department", "operator", "auditor"];

    private Desk _desk = null!;

    [OneTimeSetUp]
    public async Task OpenDesk() => _desk = await Desk.OpenAsync(CancellationToken.None, setting);

    [OneTimeTearDown]
    public async Task CloseDesk() => await _desk.DisposeAsync();

    [TestCaseSource(nameof(Messages)), CancelAfter(30_000)]
    public async Task Message(MethodDescriptor rpc, byte[] bytes, CancellationToken cancellationToken)
    {
        var told = await Task.WhenAll(s_senders.Select(sender => OutcomeAsync(sender, rpc, bytes, cancellationToken)));

        Assert.That(told.Where(IsUnprepared), Is.Empty);
    }

    [TestCaseSource(nameof(Garbage)), CancelAfter(30_000)]
    public async Task Bytes(MethodDescriptor rpc, byte[] bytes, CancellationToken cancellationToken)
    {
        var told = await Task.WhenAll(s_senders.Select(sender => OutcomeAsync(sender, rpc, bytes, cancellationToken)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(told, Is.All.Not.Null, "garbage was taken for a message");
            Assert.That(told.Where(IsUnprepared), Is.Empty);
        }
    }

    [TestCaseSource(nameof(Fields)), CancelAfter(30_000)]
    public async Task Field(string sender, Func<IMessage> request, string path, string text, CancellationToken cancellationToken)
    {
        var sent = request();
        TextFields.Set(sent, path, text);

        var told = await OutcomeAsync(sender, Wire.MethodOf(sent), sent.ToByteArray(), cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(told is null || !IsUnprepared(told), Is.True, $"{told}");
            Assert.That(told?.Text ?? "", Does.Not.Contain(text));
        }
    }

    [Test, CancelAfter(30_000)]
    public async Task Hostile_text_that_is_allowed_comes_back_as_it_was(CancellationToken cancellationToken)
    {
        const string text = "'; DROP TABLE listing; -- <b>&amp;\"\\ %s {0}\r\n第二行 \u202E𠮷😀";
        var request = PublicationRows.Publication(r =>
        {
            (r.Listing.Obligation, r.Listing.Conduct, r.Listing.Basis.Number, r.Listing.Decision.Signer) = (text, text, text, text);
        });

        var receipt = (await _desk.Scene.Court.PublishListingAsync(request, cancellationToken: cancellationToken)).Receipt;
        var listing = (await _desk.Scene.Court.GetListingAsync(new GetListingRequest { Name = receipt.Name }, cancellationToken: cancellationToken)).Listing;

        Assert.That(new[] { listing.Obligation, listing.Conduct, listing.Basis.Number, listing.Decision.Signer }, Is.All.EqualTo(text));
    }

    private static IEnumerable<TestCaseData> Messages() =>
        from rpc in Wire.Methods
        from message in Hostile.All
            .Select(hostile => (hostile.What, Message: hostile.Fill(rpc.InputType)))
            .Prepend((What: "nothing", Message: rpc.InputType.Parser.ParseFrom([])))
        select new TestCaseData(rpc, message.Message.ToByteArray()).SetName($"{rpc.Name}_of_{message.What.Replace(' ', '_')}_is_answered_or_refused_with_a_reason");

    private static IEnumerable<TestCaseData> Garbage() =>
        from rpc in Wire.Methods
        from garbage in new (string What, byte[] Bytes)[]
        {
            ("an unfinished field", [0x0A]),
            ("a field longer than the message", [0x0A, 0xFF, 0xFF, 0xFF, 0x07]),
            ("an endless number", [.. Enumerable.Repeat((byte)0xFF, 11)]),
            ("a group that never ends", [0x0B]),
            ("a field of number 0", [0x00, 0x00]),
        }
        select new TestCaseData(rpc, garbage.Bytes).SetName($"{rpc.Name}_of_{garbage.What.Replace(' ', '_')}_is_refused_with_a_reason");

    private static IEnumerable<TestCaseData> Fields() =>
        from sent in Requests()
        let request = sent.Request()
        from path in TextFields.Of(request)
        from hostile in Hostile.All.Where(hostile => hostile.Number is null)
        select new TestCaseData(sent.Sender, sent.Request, path, hostile.Text)
            .SetName($"{request.Descriptor.Name}_with_{hostile.What.Replace(' ', '_')}_in_{path}_is_answered_or_refused_with_a_reason");

    private static IEnumerable<(string Sender, Func<IMessage> Request)> Requests() =>
    [
        ("court", () => PublicationRows.Publication(r =>
        {
            r.Listing.WithTerm().Term = new Term
            {
                Start = Cast.Day(2026, 3, 2),
                End = Cast.Day(2030, 3, 2),
                Extension = new Extension { Reason = ExtensionReason.MultipleActs, Acts = { "隐匿财产", "转移财产" } },
            };
            r.Listing.Subject.Documents.Add(new IdentityDocument { Type = DocumentType.Passport, Number = "E12345678", Country = "CHN" });
            r.Listing.Conduct = "隐匿财产";
            r.Listing.ObligationAmount = new Google.Type.Money { CurrencyCode = "CNY", Units = 1 };
            r.Listing.Performance.PerformedPart = "一万元";
        })),
        ("court", () => PublicationRows.Publication(r => r.Listing.Subject = new Subject
        {
            Kind = SubjectKind.Organisation,
            Name = "测试有限公司",
            Documents = { new IdentityDocument { Type = DocumentType.RegNo, Number = $"REG{Guid.NewGuid():N}"[..20] } },
            RelatedPersons = { new RelatedPerson { Name = "测试代表", Role = RelatedPersonRole.LegalRepresentative } },
        })),
        ("bank", () => QueryRows.Question(_ => { })),
        ("bank", () => new BatchCheckSubjectsRequest { Requests = { QueryRows.Question(_ => { }) } }),
        ("bank", () => QueryRows.Searched(r => r.Region = "测")),
        ("bank", () => ScreeningRows.Frame(f => (f.Numbers[0], f.Names[0]) = (Cast.Resident(1), "测试张三"))),
        ("court", () => new ImportListingsRequest
        {
            Operator = "测试书记员",
            Rows = { new ImportRow { Row = 1, RequestId = Cast.NewId(), Parent = $"courts/{Cast.Court}", Listing = PublicationRows.Publication(_ => { }).Listing } },
        }),
        ("operator", () => new CreatePartnerRequest
        {
            PartnerId = $"p-{Guid.NewGuid():N}",
            Partner = new Partner
            {
                DisplayName = "测试", Kind = PartnerKind.Court, Rpcs = { "creditshare.v1.ListingService/*" }, CourtCodes = { Cast.Court }, PlatformCodes = { "测" },
            },
        }),
        ("operator", () => new UpdatePartnerRequest
        {
            Partner = new Partner { Name = "partners/small-bank", DisplayName = "测试" }, UpdateMask = new FieldMask { Paths = { "display_name" } },
        }),
        ("operator", () => new ImportCourtsRequest
        {
            Courts = { new Court { Code = "测96", DisplayName = "测试第九十六中级法院（虚构）", Level = CourtLevel.Intermediate, ParentCode = "测" } },
        }),
        ("court", () => new ListListingsRequest { Parent = $"courts/{Cast.Court}", CaseNumber = "（2026）测0101执1号", PageToken = "" }),
        ("department", () => new ListChangesRequest { Filter = new ChangeFilter { CourtCodes = { Cast.Court }, Regions = { "测" } } }),
        ("department", () => new ExportListingsRequest { PageToken = "" }),
    ];

    // Without a reason, a program cannot tell what to do; INTERNAL and UNKNOWN are faults of ours whatever they say.
    private static bool IsUnprepared(Rejection? told) =>
        told is not null && (told.Reason.Length == 0 || told.Code is StatusCode.Internal or StatusCode.Unknown);

    private async Task<Rejection?> OutcomeAsync(string sender, MethodDescriptor rpc, byte[] bytes, CancellationToken cancellationToken)
    {
        try
        {
            await Wire.SendAsync(_desk.As(sender), rpc, [bytes], cancellationToken);
            return null;
        }
        catch (RpcException exception)
        {
            return Rejection.Of(exception);
        }
    }
}
