using CreditShare.Core.Courts;
using CreditShare.Server.Access;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Grpc.Core;

namespace CreditShare.Server.Courts;

/// <summary>The courts as reference data.</summary>
internal sealed class CourtService(CourtBook book, CourtDirectory directory, ILogger<CourtService> logger) : V1.CourtService.CourtServiceBase
{
    /// <summary>Courts in one import.</summary>
    public const int MaxImport = 5_000;

    private const string ListName = "courts";

    public override async Task<ImportCourtsResponse> ImportCourts(ImportCourtsRequest request, ServerCallContext context)
    {
        var problems = new Problems();
        if (request.Courts.Count == 0) problems.Add("courts", ErrorReason.FieldRequired);
        if (request.Courts.Count > MaxImport) problems.Add("courts", ErrorReason.FieldTooLong, $"It has at most {MaxImport} elements.");
        problems.ThrowIfAny();

        var courts = request.Courts.Select((court, row) => CourtMapping.Read(court, $"courts[{row}]", problems)).ToList();
        var count = await book.ImportAsync(courts, problems, context.CancellationToken);
        logger.CourtsImported(courts.Count, context.Caller.Id.Value);
        return new ImportCourtsResponse { CourtCount = count };
    }

    public override Task<ListCourtsResponse> ListCourts(ListCourtsRequest request, ServerCallContext context)
    {
        var problems = new Problems();
        var size = PageToken.ReadSize(request.PageSize, problems);
        CourtCode? after = null;
        if (PageToken.TryRead(request.PageToken, ListName, problems, out var last))
        {
            if (CourtCode.TryParse(last, out var code)) after = code;
            else problems.Add("page_token", ErrorReason.PageTokenInvalid);
        }

        problems.ThrowIfAny();

        var rest = directory.Table.Courts.Where(court => after is not { } shown || court.Code > shown).Take(size + 1).ToList();
        var page = rest.Take(size).ToList();
        return Task.FromResult(new ListCourtsResponse
        {
            Courts = { page.Select(court => court.ToProto()) },
            NextPageToken = rest.Count > size ? PageToken.Of(ListName, page[^1].Code.Value) : "",
        });
    }
}
