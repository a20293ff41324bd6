namespace CreditShare.Storage.Sqlite;

/// <summary>The statements of this engine, each from the file of its name.</summary>
internal static class SqliteSql
{
    public static string AddCount { get; } = Read(nameof(AddCount));

    public static string DeletePartnerKeys { get; } = Read(nameof(DeletePartnerKeys));

    public static string Export { get; } = Read(nameof(Export));

    public static string FindByName { get; } = Read(nameof(FindByName));

    public static string FindDisclosedListings { get; } = Read(nameof(FindDisclosedListings));

    public static string FindDisclosure { get; } = Read(nameof(FindDisclosure));

    public static string FindExpired { get; } = Read(nameof(FindExpired));

    public static string FindGraceOver { get; } = Read(nameof(FindGraceOver));

    public static string FindListing { get; } = Read(nameof(FindListing));

    public static string FindNeighbours { get; } = Read(nameof(FindNeighbours));

    public static string FindRequest { get; } = Read(nameof(FindRequest));

    public static string FindUnserved { get; } = Read(nameof(FindUnserved));

    public static string InsertChange { get; } = Read(nameof(InsertChange));

    public static string InsertDisclosedListing { get; } = Read(nameof(InsertDisclosedListing));

    public static string InsertDisclosure { get; } = Read(nameof(InsertDisclosure));

    public static string InsertEpoch { get; } = Read(nameof(InsertEpoch));

    public static string InsertMeta { get; } = Read(nameof(InsertMeta));

    public static string InsertPartnerKey { get; } = Read(nameof(InsertPartnerKey));

    public static string InsertRequest { get; } = Read(nameof(InsertRequest));

    public static string IsEnded { get; } = Read(nameof(IsEnded));

    public static string LastCorrection { get; } = Read(nameof(LastCorrection));

    public static string ListOfCourt { get; } = Read(nameof(ListOfCourt));

    public static string ListVersions { get; } = Read(nameof(ListVersions));

    public static string LoadDocuments { get; } = Read(nameof(LoadDocuments));

    public static string PruneRequests { get; } = Read(nameof(PruneRequests));

    public static string PutCourt { get; } = Read(nameof(PutCourt));

    public static string PutDocument { get; } = Read(nameof(PutDocument));

    public static string PutListing { get; } = Read(nameof(PutListing));

    public static string PutPartner { get; } = Read(nameof(PutPartner));

    public static string RaiseRevision { get; } = Read(nameof(RaiseRevision));

    public static string ReadChanges { get; } = Read(nameof(ReadChanges));

    public static string ReadCounts { get; } = Read(nameof(ReadCounts));

    public static string ReadCourts { get; } = Read(nameof(ReadCourts));

    public static string ReadDocument { get; } = Read(nameof(ReadDocument));

    public static string ReadEpochs { get; } = Read(nameof(ReadEpochs));

    public static string ReadHash { get; } = Read(nameof(ReadHash));

    public static string ReadHead { get; } = Read(nameof(ReadHead));

    public static string ReadKeyOwner { get; } = Read(nameof(ReadKeyOwner));

    public static string ReadMeta { get; } = Read(nameof(ReadMeta));

    public static string ReadPartnerRevision { get; } = Read(nameof(ReadPartnerRevision));

    public static string ReadPartners { get; } = Read(nameof(ReadPartners));

    public static string ReadRevision { get; } = Read(nameof(ReadRevision));

    public static string UpdateHead { get; } = Read(nameof(UpdateHead));

    private static string Read(string operation) => EmbeddedSql.Read("Sqlite", operation);
}
