using CreditShare.Server.Courts;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Google.Type;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using CourtService = CreditShare.Server.Courts.CourtService;

namespace CreditShare.Tests.Access;

internal sealed class CourtServiceTests
{
    [Test]
    public async Task Imported_courts_are_listed_among_the_others_in_the_order_of_their_codes()
    {
        using var gate = new Gate();
        using var courts = await ServiceAsync(gate);
        var sent = new Court
        {
            Code = "测96",
            DisplayName = "测试第九十六中级法院（虚构）",
            Level = CourtLevel.Intermediate,
            ParentCode = "测",
            ValidFrom = new Date { Year = 2026, Month = 2, Day = 28 },
            ValidTo = new Date { Year = 2030, Month = 1, Day = 1 },
        };
        var before = (await ListAsync(courts.Service)).Count;

        var imported = await courts.Service.ImportCourts(new ImportCourtsRequest { Courts = { sent } }, courts.Call());
        var listed = await ListAsync(courts.Service);

        Assert.That(imported.CourtCount, Is.EqualTo(before + 1).And.EqualTo(listed.Count));
        Assert.That(listed.Select(court => court.Code), Is.Unique.And.Ordered.Using<string>(string.CompareOrdinal));
        Assert.That(listed, Does.Contain(sent));
    }

    [Test]
    public async Task Everything_that_is_wrong_in_any_row_is_told_at_once_and_nothing_is_stored()
    {
        using var gate = new Gate();
        using var courts = await ServiceAsync(gate);
        var request = new ImportCourtsRequest
        {
            Courts =
            {
                new Court { Code = "测95", DisplayName = "好法院（虚构）", Level = CourtLevel.Intermediate, ParentCode = "测" },
                new Court { Code = "x", Level = (CourtLevel)9, ParentCode = "y" },
                new Court { Code = "测94", DisplayName = "无上级（虚构）", Level = CourtLevel.Basic, ParentCode = "测0000" },
                new Court
                {
                    Code = "测95", DisplayName = "重复（虚构）", Level = CourtLevel.Intermediate, ParentCode = "测",
                    ValidFrom = new Date { Year = 2026, Month = 2, Day = 29 },
                },
            },
        };

        var refused = await Assert.ThrowsAsync<RefusedException>(() => courts.Service.ImportCourts(request, courts.Call()));

        Assert.That(refused!.Reason, Is.EqualTo(ErrorReason.SeveralViolations));
        Assert.That(
            refused.Violations.Select(violation => (violation.Field, violation.Reason)),
            Is.EquivalentTo([
                ("courts[1].code", ErrorReason.FieldInvalid),
                ("courts[1].display_name", ErrorReason.FieldRequired),
                ("courts[1].level", ErrorReason.FieldInvalid),
                ("courts[1].parent_code", ErrorReason.FieldInvalid),
                ("courts[2].level", ErrorReason.CourtTableInvalid),
                ("courts[2].parent_code", ErrorReason.CourtTableInvalid),
                ("courts[3].code", ErrorReason.CourtTableInvalid),
                ("courts[3].valid_from", ErrorReason.DateInvalid),
            ]));
        Assert.That(await gate.Store.ReadCourtsAsync(CancellationToken.None), Is.Empty);
    }

    [TestCase(0, ErrorReason.FieldRequired)]
    [TestCase(CourtService.MaxImport + 1, ErrorReason.FieldTooLong)]
    public async Task An_import_has_1_to_5000_courts(int count, ErrorReason reason)
    {
        using var gate = new Gate();
        using var courts = await ServiceAsync(gate);

        var refused = await Assert.ThrowsAsync<RefusedException>(() => courts.Service.ImportCourts(
            new ImportCourtsRequest { Courts = { Enumerable.Repeat(new Court(), count) } }, courts.Call()));

        Assert.That((refused!.Violations[0].Field, refused.Reason), Is.EqualTo(("courts", reason)));
    }

    private static async Task<List<Court>> ListAsync(CourtService service)
    {
        var listed = new List<Court>();
        var token = "";
        do
        {
            var page = await service.ListCourts(new ListCourtsRequest { PageSize = 7, PageToken = token }, new FakeCall(Gate.ListCourts));
            listed.AddRange(page.Courts);
            token = page.NextPageToken;
        }
        while (token.Length > 0);

        return listed;
    }

    private static async Task<CourtDesk> ServiceAsync(Gate gate)
    {
        await gate.RegisterAsync(Gate.Partner("ops", Core.Access.PartnerKind.Operator, "creditshare.v1.CourtService/*"));
        return new CourtDesk(gate, await gate.CallAsync("/creditshare.v1.CourtService/ImportCourts", "ops"));
    }

    private sealed class CourtDesk : IDisposable
    {
        private readonly CourtBook _book;
        private readonly Server.Access.Caller _caller;

        public CourtDesk(Gate gate, Server.Access.Caller caller)
        {
            _caller = caller;
            _book = new CourtBook(gate.Store, gate.Registry, gate.Courts);
            Service = new CourtService(_book, gate.Courts, NullLogger<CourtService>.Instance);
        }

        public CourtService Service { get; }

        public FakeCall Call()
        {
            var call = new FakeCall("/creditshare.v1.CourtService/ImportCourts");
            call.UserState[typeof(Server.Access.Caller)] = _caller;
            return call;
        }

        public void Dispose() => _book.Dispose();
    }
}
