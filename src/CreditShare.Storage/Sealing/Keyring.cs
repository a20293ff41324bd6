using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CreditShare.Core.Access;
using CreditShare.Core.Courts;
using CreditShare.Core.Listings;
using CreditShare.Core.Numbers;

namespace CreditShare.Storage.Sealing;

/// <summary>
/// All keys, derived from one master key by HKDF-SHA256 with a name each: so that no key serves two purposes, and one file is all an
/// operator must keep.
/// </summary>
/// <remarks>Safe for concurrent callers. Losing the master key loses all personal data in the store and in its backups.</remarks>
internal sealed class Keyring : IDisposable
{
    private const int KeyLength = 32;

    private readonly KeyedHash _indexHash;
    private readonly KeyedHash _caseHash;
    private readonly KeyedHash _nameHash;
    private readonly KeyedHash _digestHash;
    private readonly KeyedHash _redisNameHash;
    private readonly KeyedHash _referenceHash;
    private readonly GcmCipher _documents;
    private readonly GcmCipher _wraps;

    private Keyring(ReadOnlySpan<byte> masterKey)
    {
        _indexHash = new KeyedHash(Derive(masterKey, "index"));
        _caseHash = new KeyedHash(Derive(masterKey, "case"));
        _nameHash = new KeyedHash(Derive(masterKey, "name"));
        _digestHash = new KeyedHash(Derive(masterKey, "request digest"));
        _redisNameHash = new KeyedHash(Derive(masterKey, "redis name"));
        _referenceHash = new KeyedHash(Derive(masterKey, "measure reference"));
        _documents = new GcmCipher(Derive(masterKey, "document"));
        _wraps = new GcmCipher(Derive(masterKey, "listing wrap"));
        Ledger = new RecordSeal(Derive(masterKey, "ledger"));
        RedisSeal = new RecordSeal(Derive(masterKey, "redis record"));
        CheckValue = Derive(masterKey, "check");
    }

    /// <summary>Seals what partners write and what is theirs alone: references, operators, reasons, endpoints and their secrets.</summary>
    public RecordSeal Ledger { get; }

    /// <summary>Seals the records of the lookup cache; their place is the Redis key.</summary>
    public RecordSeal RedisSeal { get; }

    /// <summary>What a store keeps of the master key, to recognise it: derived, 32 bytes, of no other use.</summary>
    public ReadOnlyMemory<byte> CheckValue { get; }

    /// <summary>Reads the master key and derives the others.</summary>
    /// <exception cref="Core.Journal.StoreMismatchException">The file is absent, of another length, or open to others.</exception>
    public static Keyring Open(string masterKeyFile, MissingKeyFile whenMissing) => From(MasterKeyFile.Read(masterKeyFile, whenMissing));

    /// <summary>Derives the keys from a master key of 32 bytes.</summary>
    public static Keyring From(ReadOnlySpan<byte> masterKey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(masterKey.Length, MasterKeyFile.Length);
        return new Keyring(masterKey);
    }

    /// <summary>What stands for a document in the store.</summary>
    public LookupKey LookupKeyOf(DocumentNumber document)
    {
        Span<byte> key = stackalloc byte[DocumentNumber.MaxKeyBytes];
        return LookupKeyOf(key[..document.WriteKey(key)]);
    }

    /// <summary>What stands for a document in the store, from the bytes of <see cref="DocumentNumber.WriteKey"/>.</summary>
    public LookupKey LookupKeyOf(ReadOnlySpan<byte> documentKey) => _indexHash.Of(documentKey);

    /// <summary>What stands for a case of a court.</summary>
    public LookupKey CaseKeyOf(CourtCode court, CaseNumber number) => _caseHash.Of(string.Concat(court.Value, "\0", number.ToString()));

    /// <summary>What stands for a name.</summary>
    public LookupKey NameKeyOf(SubjectName name) => _nameHash.Of(name.Normalised);

    /// <summary>What stands for a name together with a birth year, so that no year stands in clear.</summary>
    public LookupKey NameKeyOf(SubjectName name, int birthYear) =>
        _nameHash.Of(string.Create(CultureInfo.InvariantCulture, $"{name.Normalised}\0{birthYear}"));

    /// <summary>What is kept of a request's digest; without the key nobody can test guesses of a request against it.</summary>
    public LookupKey DigestOf(ReadOnlySpan<byte> requestDigest) => _digestHash.Of(requestDigest);

    /// <summary>What stands for a partner's own reference of a measure.</summary>
    public LookupKey ReferenceKeyOf(PartnerId partner, string reference) =>
        _referenceHash.Of(string.Concat(partner.Value, "\0", reference));

    /// <summary>Under which key Redis holds the record of a document.</summary>
    public string RedisKeyOf(uint epoch, DocumentNumber document)
    {
        Span<byte> lookup = stackalloc byte[LookupKey.Length];
        LookupKeyOf(document).Write(lookup);
        Span<byte> name = stackalloc byte[LookupKey.Length];
        _redisNameHash.Of(lookup).Write(name);
        return string.Create(CultureInfo.InvariantCulture, $"cs1:{epoch}:{Convert.ToHexStringLower(name)}");
    }

    /// <summary>Seals a document's number for its row.</summary>
    public byte[] SealDocument(DocumentNumber document, LookupKey key, ListingId listing)
    {
        Span<byte> plain = stackalloc byte[DocumentNumber.MaxKeyBytes];
        var written = document.WriteKey(plain);
        Span<byte> place = stackalloc byte[DocumentPlaceLength];
        WriteDocumentPlace(key, listing, place);
        return _documents.Seal(plain[..written], place);
    }

    /// <summary>Opens a row of a document into the bytes of <see cref="DocumentNumber.WriteKey"/>.</summary>
    /// <returns>The length.</returns>
    /// <exception cref="CryptographicException">The row is damaged.</exception>
    public int OpenDocument(ReadOnlySpan<byte> sealedNumber, LookupKey key, ListingId listing, Span<byte> destination)
    {
        Span<byte> place = stackalloc byte[DocumentPlaceLength];
        WriteDocumentPlace(key, listing, place);
        return _documents.Open(sealedNumber, place, destination);
    }

    /// <summary>Makes a listing's own key.</summary>
    public static byte[] NewDataKey() => RandomBytes.Take(KeyLength);

    /// <summary>Wraps a listing's own key.</summary>
    public byte[] Wrap(ReadOnlySpan<byte> dataKey, ListingId listing)
    {
        Span<byte> place = stackalloc byte[LookupKey.Length];
        listing.Value.TryWriteBytes(place, bigEndian: true, out _);
        return _wraps.Seal(dataKey, place);
    }

    /// <summary>Unwraps a listing's own key.</summary>
    /// <exception cref="CryptographicException">Damaged, or another listing's.</exception>
    public byte[] Unwrap(ReadOnlySpan<byte> wrapped, ListingId listing)
    {
        Span<byte> place = stackalloc byte[LookupKey.Length];
        listing.Value.TryWriteBytes(place, bigEndian: true, out _);
        return _wraps.Open(wrapped, place);
    }

    public void Dispose()
    {
        _documents.Dispose();
        _wraps.Dispose();
        _indexHash.Dispose();
        _caseHash.Dispose();
        _nameHash.Dispose();
        _digestHash.Dispose();
        _redisNameHash.Dispose();
        _referenceHash.Dispose();
        Ledger.Dispose();
        RedisSeal.Dispose();
    }

    private const int DocumentPlaceLength = 2 * LookupKey.Length;

    private static void WriteDocumentPlace(LookupKey key, ListingId listing, Span<byte> destination)
    {
        key.Write(destination);
        listing.Value.TryWriteBytes(destination[LookupKey.Length..], bigEndian: true, out _);
    }

    private static byte[] Derive(ReadOnlySpan<byte> masterKey, string purpose)
    {
        var key = new byte[KeyLength];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, masterKey, key, [], Encoding.ASCII.GetBytes($"creditshare 1 {purpose}"));
        return key;
    }
}
