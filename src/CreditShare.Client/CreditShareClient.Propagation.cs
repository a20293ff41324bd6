using System.Runtime.CompilerServices;
using CreditShare.V1;

namespace CreditShare.Client;

/// <content>Who was told of listings, and what was done because of them.</content>
public sealed partial class CreditShareClient
{
    /// <summary>Reads who was told of a listing, and who has applied its end.</summary>
    /// <param name="name">The listing's name.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<GetPropagationResponse> GetPropagationAsync(string name, CancellationToken cancellationToken = default) =>
        SendAsync(_propagation.GetPropagationAsync, new GetPropagationRequest { Name = name }, cancellationToken);

    /// <summary>Reads the withdrawals that somebody has not confirmed, longest outstanding first, page by page as they are consumed.</summary>
    /// <param name="request">Which; its page token moves on.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<OutstandingWithdrawal> ListOutstandingAsync(
        ListOutstandingRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var page = request.Clone();
        do
        {
            // A page may be short, or empty, and yet not be the last one.
            var response = await SendAsync(_propagation.ListOutstandingAsync, page, cancellationToken).ConfigureAwait(false);
            foreach (var withdrawal in response.Withdrawals)
            {
                yield return withdrawal;
            }

            page.PageToken = response.NextPageToken;
        }
        while (page.PageToken.Length > 0);
    }

    /// <summary>Reports a measure or its lifting. The partner's own reference makes a second sending harmless.</summary>
    /// <returns>The measure as stored.</returns>
    public async Task<Measure> ReportMeasureAsync(Measure measure, CancellationToken cancellationToken = default)
    {
        var request = new ReportMeasureRequest { Measure = measure };
        return (await SendAsync(_measures.ReportMeasureAsync, request, cancellationToken).ConfigureAwait(false)).Measure;
    }

    /// <summary>Reads measures, newest first, page by page as they are consumed.</summary>
    /// <param name="request">Which; its page token moves on.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<Measure> ListMeasuresAsync(
        ListMeasuresRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var page = request.Clone();
        do
        {
            var response = await SendAsync(_measures.ListMeasuresAsync, page, cancellationToken).ConfigureAwait(false);
            foreach (var measure in response.Measures)
            {
                yield return measure;
            }

            page.PageToken = response.NextPageToken;
        }
        while (page.PageToken.Length > 0);
    }
}
