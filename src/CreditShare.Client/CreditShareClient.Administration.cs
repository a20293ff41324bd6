using System.Runtime.CompilerServices;
using CreditShare.V1;
using Google.Protobuf;

namespace CreditShare.Client;

/// <content>What operators do, and the courts, which everybody may read. Changes carry no request id and are sent once only.</content>
public sealed partial class CreditShareClient
{
    /// <summary>Registers a partner.</summary>
    public async Task<Partner> CreatePartnerAsync(CreatePartnerRequest request, CancellationToken cancellationToken = default) =>
        (await SendOnceAsync(_partners.CreatePartnerAsync, request, cancellationToken).ConfigureAwait(false)).Partner;

    /// <summary>Reads a partner's registration.</summary>
    /// <param name="name"><c>partners/{id}</c>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<Partner> GetPartnerAsync(string name, CancellationToken cancellationToken = default)
    {
        var request = new GetPartnerRequest { Name = name };
        return (await SendAsync(_partners.GetPartnerAsync, request, cancellationToken).ConfigureAwait(false)).Partner;
    }

    /// <summary>Changes a partner's registration; in force everywhere within 5 s.</summary>
    public async Task<Partner> UpdatePartnerAsync(UpdatePartnerRequest request, CancellationToken cancellationToken = default) =>
        (await SendOnceAsync(_partners.UpdatePartnerAsync, request, cancellationToken).ConfigureAwait(false)).Partner;

    /// <summary>Reads all partners by id, page by page as they are consumed.</summary>
    public async IAsyncEnumerable<Partner> ListPartnersAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var page = new ListPartnersRequest();
        do
        {
            var response = await SendAsync(_partners.ListPartnersAsync, page, cancellationToken).ConfigureAwait(false);
            foreach (var partner in response.Partners)
            {
                yield return partner;
            }

            page.PageToken = response.NextPageToken;
        }
        while (page.PageToken.Length > 0);
    }

    /// <summary>Registers a certificate's public key for a partner; two at most, while rotating.</summary>
    /// <param name="name"><c>partners/{id}</c>.</param>
    /// <param name="certificate">The certificate, PEM or DER, at most 8 KiB.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<Partner> AddPartnerKeyAsync(
        string name, ReadOnlyMemory<byte> certificate, CancellationToken cancellationToken = default)
    {
        var request = new AddPartnerKeyRequest { Name = name, Certificate = ByteString.CopyFrom(certificate.Span) };
        return (await SendOnceAsync(_partners.AddPartnerKeyAsync, request, cancellationToken).ConfigureAwait(false)).Partner;
    }

    /// <summary>Revokes a partner's key; in force everywhere within 5 s, on open streams too.</summary>
    /// <param name="name"><c>partners/{id}</c>.</param>
    /// <param name="spkiSha256">SHA-256 of the subject public key info, 64 hexadecimal digits.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<Partner> RevokePartnerKeyAsync(
        string name, string spkiSha256, CancellationToken cancellationToken = default)
    {
        var request = new RevokePartnerKeyRequest { Name = name, SpkiSha256 = spkiSha256 };
        return (await SendOnceAsync(_partners.RevokePartnerKeyAsync, request, cancellationToken).ConfigureAwait(false)).Partner;
    }

    /// <summary>Adds courts and changes known ones, all or none.</summary>
    /// <param name="courts">1 to 5,000; their parents must be known or among them.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>How many courts are known now.</returns>
    public async Task<int> ImportCourtsAsync(IEnumerable<Court> courts, CancellationToken cancellationToken = default)
    {
        // The same courts twice leave the table as once: repeating is safe.
        var request = new ImportCourtsRequest { Courts = { courts } };
        return (await SendAsync(_courts.ImportCourtsAsync, request, cancellationToken).ConfigureAwait(false)).CourtCount;
    }

    /// <summary>Reads all courts by code, page by page as they are consumed. Open to every caller.</summary>
    public async IAsyncEnumerable<Court> ListCourtsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var page = new ListCourtsRequest { PageSize = 1_000 };
        do
        {
            var response = await SendAsync(_courts.ListCourtsAsync, page, cancellationToken).ConfigureAwait(false);
            foreach (var court in response.Courts)
            {
                yield return court;
            }

            page.PageToken = response.NextPageToken;
        }
        while (page.PageToken.Length > 0);
    }
}
