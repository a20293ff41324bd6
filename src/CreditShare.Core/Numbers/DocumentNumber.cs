using System.Text;

namespace CreditShare.Core.Numbers;

/// <summary>An identity number that has been checked and normalised. Equal values are the same document.</summary>
/// <remarks>The default value is not usable: every member but equality and <see cref="ToString"/> throws.</remarks>
public readonly record struct DocumentNumber
{
    /// <summary>The most bytes <see cref="WriteKey"/> writes.</summary>
    public const int MaxKeyBytes = CanonicalNumber.MaxKeyBytes;

    private const int HiddenAtLeast = 4;
    private const string IndividualBusiness = "92";

    private readonly DocumentType _type;
    private readonly string? _country;
    private readonly string? _number;

    private DocumentNumber(DocumentType type, string country, string number)
    {
        _type = type;
        _country = country;
        _number = number;
    }

    /// <summary>The type the number really is, which may differ from the one sent: see <see cref="CanonicalNumber"/>.</summary>
    public DocumentType Type => _number is not null ? _type : throw NotSet();

    /// <summary>A passport's issuing country, ISO 3166-1 alpha-3; empty for every other type.</summary>
    public string Country => _country ?? throw NotSet();

    /// <summary>The birth date in the number of a resident, a residence permit or a foreign permanent resident card of 2023; otherwise null.</summary>
    public DateOnly? BirthDate
    {
        get
        {
            if (!HasResidentForm(includingForeign: true)) return null;

            Span<byte> digits = stackalloc byte[ResidentNumbers.BirthLength];
            Encoding.ASCII.GetBytes(Reveal().AsSpan(ResidentNumbers.BirthAt, ResidentNumbers.BirthLength), digits);
            return ResidentNumbers.TryReadDate(digits, out var birth) ? birth : null;
        }
    }

    /// <summary>The sex the number implies (odd sequence male, even female) for a resident and a residence permit; otherwise null. The
    /// foreign card has a sequence too, but no published rule ties it to the sex.</summary>
    public Sex? ImpliedSex
    {
        get
        {
            if (!HasResidentForm(includingForeign: false)) return null;
            return (Reveal()[ResidentNumbers.SexAt] & 1) == 1 ? Sex.Male : Sex.Female;
        }
    }

    /// <summary>Whether it is the social credit code of an individual business (登记管理部门 9, 类别 2), which is its owner's: a natural person.</summary>
    public bool IsIndividualBusiness => Type == DocumentType.Uscc && Reveal().StartsWith(IndividualBusiness, StringComparison.Ordinal);

    /// <summary>This number and, for a social credit code, the organisation code in it. A listing is indexed under all, and a query
    /// probes all, so that an old record with the code alone is found.</summary>
    public IReadOnlyList<DocumentNumber> Equivalents => TryGetOrganisationCode(out var code) ? [this, code] : [this];

    /// <summary>Checks and normalises a number; the rules are those of <see cref="CanonicalNumber"/>.</summary>
    /// <param name="type">The type as sent.</param>
    /// <param name="text">The number as sent, at most <see cref="CanonicalNumber.MaxTextLength"/> characters.</param>
    /// <param name="country">A passport's issuing country, ISO 3166-1 alpha-2 or alpha-3; empty for every other type.</param>
    /// <param name="today">The day in UTC+8; no birth date may be after it.</param>
    /// <param name="number">The number; not usable on a fault.</param>
    /// <param name="fault">The first fault found.</param>
    /// <returns>Whether the number is valid.</returns>
    public static bool TryParse(
        DocumentType type,
        ReadOnlySpan<char> text,
        ReadOnlySpan<char> country,
        DateOnly today,
        out DocumentNumber number,
        out NumberFault fault)
    {
        number = default;
        Span<byte> key = stackalloc byte[MaxKeyBytes];
        if (!CanonicalNumber.TryWriteKey(type, text, country, today, key, out var written, out fault)) return false;

        var canonical = Encoding.UTF8.GetString(key[CanonicalNumber.HeadLength..written]);
        var parsed = (DocumentType)key[0];
        number = parsed == DocumentType.Passport
            ? new(parsed, canonical[..IssuingCountries.CodeLength], canonical[(IssuingCountries.CodeLength + 1)..])
            : new(parsed, "", canonical);
        return true;
    }

    /// <summary>Takes back a number that was written by this type; it was checked then and is not checked again, but for its shape.</summary>
    /// <param name="type">The stored <see cref="Type"/>.</param>
    /// <param name="country">The stored <see cref="Country"/>: three letters for a passport, else empty.</param>
    /// <param name="canonical">What <see cref="Reveal"/> gave, 1 to 32 characters.</param>
    /// <exception cref="ArgumentException">The three cannot have come from this type: the stored data are damaged.</exception>
    public static DocumentNumber Restore(DocumentType type, string country, string canonical)
    {
        ArgumentNullException.ThrowIfNull(country);
        ArgumentException.ThrowIfNullOrEmpty(canonical);
        if (!type.IsForPersons && !type.IsForOrganisations) throw new ArgumentException("The type is unknown.", nameof(type));

        var countryLength = type == DocumentType.Passport ? IssuingCountries.CodeLength : 0;
        if (country.Length != countryLength) throw new ArgumentException("The country does not fit the type.", nameof(country));
        if (canonical.Length > CanonicalNumber.MaxTextLength) throw new ArgumentException("The number is too long.", nameof(canonical));

        return new(type, country, canonical);
    }

    /// <summary>The whole canonical number, of a passport without its country. Every call is a place where personal data leaves the type.</summary>
    public string Reveal() => _number ?? throw NotSet();

    /// <summary>What the public view shows: a person's number with its middle hidden, an organisation's number whole.</summary>
    /// <returns>A resident's, a residence permit's and a foreign resident's number of 18 characters: the first ten and the last four, birth
    /// month and day hidden; a foreign resident's of 15: the first eight and the last three. All others, whatever their length: the
    /// first two and the last two, fewer where less than four would be hidden.</returns>
    public string Mask() => Type.IsForOrganisations ? Reveal() : MaskMiddle(Type, Reveal());

    /// <summary>Writes the key by which the number is looked up: type, 0x00, canonical number in UTF-8.</summary>
    /// <param name="destination">At least <see cref="MaxKeyBytes"/> bytes to be sure.</param>
    /// <returns>How many bytes were written.</returns>
    /// <exception cref="ArgumentException">The destination is too short for this number.</exception>
    public int WriteKey(Span<byte> destination)
    {
        var number = Reveal();
        destination[0] = (byte)Type;
        destination[1] = 0;
        var written = CanonicalNumber.HeadLength;
        if (Country.Length > 0)
        {
            written += Encoding.ASCII.GetBytes(Country, destination[written..]);
            destination[written++] = CanonicalNumber.CountryEnd;
        }

        return written + Encoding.UTF8.GetBytes(number, destination[written..]);
    }

    /// <summary>The organisation code inside a social credit code, which names the same organisation.</summary>
    /// <param name="orgCode">The code; not usable if there is none.</param>
    /// <returns>Whether this is a social credit code.</returns>
    public bool TryGetOrganisationCode(out DocumentNumber orgCode)
    {
        orgCode = default;
        if (Type != DocumentType.Uscc || Reveal().Length != OrganisationNumbers.UsccLength) return false;

        orgCode = new(DocumentType.OrgCode, "", Reveal().Substring(OrganisationNumbers.CodeInUscc, OrganisationNumbers.CodeLength));
        return true;
    }

    /// <summary>The type and the number with its middle hidden, also that of an organisation: the only text fit for logs.</summary>
    public override string ToString() => _number is null ? "(no number)" : $"{_type} {MaskMiddle(_type, _number)}";

    private static string MaskMiddle(DocumentType type, string number)
    {
        // Only where the length tells what stands where: a passport of 15 characters is none of the cards of 15.
        var hasBirthDate = type is DocumentType.ResidentId or DocumentType.HmtResidence or DocumentType.ForeignPr;
        var (head, tail) = number.Length switch
        {
            18 when hasBirthDate => (10, 4),
            15 when hasBirthDate => (8, 3),
            >= 2 + HiddenAtLeast + 2 => (2, 2),
            _ => (Math.Clamp(number.Length - HiddenAtLeast, 0, 2), Math.Clamp(number.Length - HiddenAtLeast - 2, 0, 2)),
        };
        return string.Concat(
            number.AsSpan(0, head), new string('*', number.Length - head - tail), number.AsSpan(number.Length - tail));
    }

    private static InvalidOperationException NotSet() => new("The identity number is not set.");

    private bool HasResidentForm(bool includingForeign) =>
        Reveal().Length == ResidentNumbers.Length
        && (Type is DocumentType.ResidentId or DocumentType.HmtResidence || (includingForeign && Type == DocumentType.ForeignPr));
}
