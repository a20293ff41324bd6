using System.Runtime.CompilerServices;
using CreditShare.V1;

namespace CreditShare.Client;

/// <content>What courts do. A command without a request id is given a fresh one, in the request itself: keep the request and send it
/// again after <see cref="OutcomeUnknownException"/> or <see cref="TimedOutException"/>, and nothing is done twice.</content>
public sealed partial class CreditShareClient
{
    /// <summary>Puts a subject on the list, or starts its period of grace.</summary>
    /// <returns>The listing's name, version and position; durable.</returns>
    public async Task<ListingReceipt> PublishAsync(PublishListingRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.RequestId = OrFresh(request.RequestId);
        return (await SendAsync(_listings.PublishListingAsync, request, cancellationToken).ConfigureAwait(false)).Receipt;
    }

    /// <summary>Publishes a listing whose period of grace is over.</summary>
    public async Task<ListingReceipt> ConfirmAsync(ConfirmListingRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.RequestId = OrFresh(request.RequestId);
        return (await SendAsync(_listings.ConfirmListingAsync, request, cancellationToken).ConfigureAwait(false)).Receipt;
    }

    /// <summary>Ends a listing in its period of grace without publication.</summary>
    public async Task<ListingReceipt> CancelAsync(CancelListingRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.RequestId = OrFresh(request.RequestId);
        return (await SendAsync(_listings.CancelListingAsync, request, cancellationToken).ConfigureAwait(false)).Receipt;
    }

    /// <summary>Corrects or completes a published listing (Provisions Art. 9).</summary>
    public async Task<ListingReceipt> CorrectAsync(CorrectListingRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.RequestId = OrFresh(request.RequestId);
        return (await SendAsync(_listings.CorrectListingAsync, request, cancellationToken).ConfigureAwait(false)).Receipt;
    }

    /// <summary>Extends the term of a published listing by one to three years (Provisions Art. 2).</summary>
    public async Task<ListingReceipt> ExtendAsync(ExtendListingRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.RequestId = OrFresh(request.RequestId);
        return (await SendAsync(_listings.ExtendListingAsync, request, cancellationToken).ConfigureAwait(false)).Receipt;
    }

    /// <summary>Ends a listing that was right while it stood (Provisions Art. 10, Art. 2(2)).</summary>
    /// <returns>Once no node answers LISTED because of it any more.</returns>
    public async Task<ListingReceipt> WithdrawAsync(WithdrawListingRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.RequestId = OrFresh(request.RequestId);
        return (await SendAsync(_listings.WithdrawListingAsync, request, cancellationToken).ConfigureAwait(false)).Receipt;
    }

    /// <summary>Ends a listing that should never have been (Provisions Art. 9).</summary>
    /// <returns>Once no node answers LISTED because of it any more.</returns>
    public async Task<ListingReceipt> RevokeAsync(RevokeListingRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.RequestId = OrFresh(request.RequestId);
        return (await SendAsync(_listings.RevokeListingAsync, request, cancellationToken).ConfigureAwait(false)).Receipt;
    }

    /// <summary>Reads one of the court's listings, an ended one too.</summary>
    /// <param name="name"><c>courts/{court_code}/listings/{uuid}</c>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<Listing> GetListingAsync(string name, CancellationToken cancellationToken = default)
    {
        var request = new GetListingRequest { Name = name };
        return (await SendAsync(_listings.GetListingAsync, request, cancellationToken).ConfigureAwait(false)).Listing;
    }

    /// <summary>Reads the listings of a court, page by page as they are consumed, newest name last.</summary>
    /// <param name="request">The court and what to leave out; the page token says where to begin.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async IAsyncEnumerable<Listing> ListListingsAsync(
        ListListingsRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var page = request.Clone();
        do
        {
            var response = await SendAsync(_listings.ListListingsAsync, page, cancellationToken).ConfigureAwait(false);
            foreach (var listing in response.Listings)
            {
                yield return listing;
            }

            page.PageToken = response.NextPageToken;
        }
        while (page.PageToken.Length > 0);
    }

    /// <summary>Reads every version of a listing, page by page as they are consumed, oldest first.</summary>
    /// <param name="name"><c>courts/{court_code}/listings/{uuid}</c>.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async IAsyncEnumerable<ListingVersion> ListVersionsAsync(
        string name, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var page = new ListListingVersionsRequest { Name = name };
        do
        {
            var response = await SendAsync(_listings.ListListingVersionsAsync, page, cancellationToken).ConfigureAwait(false);
            foreach (var version in response.Versions)
            {
                yield return version;
            }

            page.PageToken = response.NextPageToken;
        }
        while (page.PageToken.Length > 0);
    }

    private static string OrFresh(string requestId) => requestId.Length > 0 ? requestId : Guid.NewGuid().ToString();
}
