namespace CreditShare.Core.Numbers;

/// <summary>The current country codes of ISO 3166-1, by which a passport names its issuer.</summary>
internal static class IssuingCountries
{
    /// <summary>The length of the canonical code.</summary>
    internal const int CodeLength = 3;

    // Alpha-2 and alpha-3 of each, six characters an entry with the blank behind it.
    private const string Codes =
        "ADAND AEARE AFAFG AGATG AIAIA ALALB AMARM AOAGO AQATA ARARG ASASM ATAUT AUAUS AWABW AXALA AZAZE BABIH BBBRB " +
        "BDBGD BEBEL BFBFA BGBGR BHBHR BIBDI BJBEN BLBLM BMBMU BNBRN BOBOL BQBES BRBRA BSBHS BTBTN BVBVT BWBWA BYBLR " +
        "BZBLZ CACAN CCCCK CDCOD CFCAF CGCOG CHCHE CICIV CKCOK CLCHL CMCMR CNCHN COCOL CRCRI CUCUB CVCPV CWCUW CXCXR " +
        "CYCYP CZCZE DEDEU DJDJI DKDNK DMDMA DODOM DZDZA ECECU EEEST EGEGY EHESH ERERI ESESP ETETH FIFIN FJFJI FKFLK " +
        "FMFSM FOFRO FRFRA GAGAB GBGBR GDGRD GEGEO GFGUF GGGGY GHGHA GIGIB GLGRL GMGMB GNGIN GPGLP GQGNQ GRGRC GSSGS " +
        "GTGTM GUGUM GWGNB GYGUY HKHKG HMHMD HNHND HRHRV HTHTI HUHUN IDIDN IEIRL ILISR IMIMN ININD IOIOT IQIRQ IRIRN " +
        "ISISL ITITA JEJEY JMJAM JOJOR JPJPN KEKEN KGKGZ KHKHM KIKIR KMCOM KNKNA KPPRK KRKOR KWKWT KYCYM KZKAZ LALAO " +
        "LBLBN LCLCA LILIE LKLKA LRLBR LSLSO LTLTU LULUX LVLVA LYLBY MAMAR MCMCO MDMDA MEMNE MFMAF MGMDG MHMHL MKMKD " +
        "MLMLI MMMMR MNMNG MOMAC MPMNP MQMTQ MRMRT MSMSR MTMLT MUMUS MVMDV MWMWI MXMEX MYMYS MZMOZ NANAM NCNCL NENER " +
        "NFNFK NGNGA NINIC NLNLD NONOR NPNPL NRNRU NUNIU NZNZL OMOMN PAPAN PEPER PFPYF PGPNG PHPHL PKPAK PLPOL PMSPM " +
        "PNPCN PRPRI PSPSE PTPRT PWPLW PYPRY QAQAT REREU ROROU RSSRB RURUS RWRWA SASAU SBSLB SCSYC SDSDN SESWE SGSGP " +
        "SHSHN SISVN SJSJM SKSVK SLSLE SMSMR SNSEN SOSOM SRSUR SSSSD STSTP SVSLV SXSXM SYSYR SZSWZ TCTCA TDTCD TFATF " +
        "TGTGO THTHA TJTJK TKTKL TLTLS TMTKM TNTUN TOTON TRTUR TTTTO TVTUV TWTWN TZTZA UAUKR UGUGA UMUMI USUSA UYURY " +
        "UZUZB VAVAT VCVCT VEVEN VGVGB VIVIR VNVNM VUVUT WFWLF WSWSM YEYEM YTMYT ZAZAF ZMZMB ZWZWE ";

    private const int EntryLength = 6;
    private const int Letters = 26;

    // Entry number plus one by alpha-2; a bit by alpha-3. Both are filled once and only read afterwards.
    private static readonly byte[] s_entryByAlpha2 = new byte[Letters * Letters];
    private static readonly ulong[] s_alpha3 = new ulong[((Letters * Letters * Letters) + 63) / 64];

    static IssuingCountries()
    {
        for (var entry = 0; entry < Codes.Length / EntryLength; entry++)
        {
            var code = Codes.AsSpan(entry * EntryLength, EntryLength - 1);
            s_entryByAlpha2[Index(code[..2])] = (byte)(entry + 1);
            var bit = Index(code[2..]);
            s_alpha3[bit / 64] |= 1UL << (bit % 64);
        }
    }

    /// <summary>Writes the canonical alpha-3 code of a country; case and ASCII spaces around the code are ignored.</summary>
    /// <returns><see cref="NumberFault.None"/>, <see cref="NumberFault.CountryMissing"/> or <see cref="NumberFault.CountryUnknown"/>.</returns>
    /// <remarks>HKG and MAC become CHN: the passports of the two regions are passports of China and say CHN themselves, so one
    /// passport has one key whichever of the codes a caller reads off it.</remarks>
    internal static NumberFault Write(ReadOnlySpan<char> country, Span<byte> destination)
    {
        country = country.Trim(' ');
        if (country.IsEmpty) return NumberFault.CountryMissing;

        var index = Index(country);
        if (index < 0) return NumberFault.CountryUnknown;

        if (country.Length == 2)
        {
            var entry = s_entryByAlpha2[index];
            if (entry == 0) return NumberFault.CountryUnknown;
            country = Codes.AsSpan(((entry - 1) * EntryLength) + 2, CodeLength);
        }
        else if ((s_alpha3[index / 64] & (1UL << (index % 64))) == 0)
        {
            return NumberFault.CountryUnknown;
        }

        for (var i = 0; i < CodeLength; i++)
        {
            destination[i] = (byte)(country[i] & ~0x20);
        }

        var code = destination[..CodeLength];
        if (code.SequenceEqual("HKG"u8) || code.SequenceEqual("MAC"u8)) "CHN"u8.CopyTo(code);
        return NumberFault.None;
    }

    // The letters as a number of base 26, or -1 if these are not two or three ASCII letters.
    private static int Index(ReadOnlySpan<char> code)
    {
        if (code.Length is not (2 or 3)) return -1;

        var index = 0;
        foreach (var c in code)
        {
            var letter = (c | 0x20) - 'a';
            if ((uint)letter >= Letters) return -1;
            index = (index * Letters) + letter;
        }

        return index;
    }
}
