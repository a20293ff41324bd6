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

    public static string FindFence { get; } = Read(nameof(FindFence));

    public static string FindGraceOver { get; } = Read(nameof(FindGraceOver));

    public static string FindLane { get; } = Read(nameof(FindLane));

    public static string FindListing { get; } = Read(nameof(FindListing));

    public static string FindMeasure { get; } = Read(nameof(FindMeasure));

    public static string FindNeighbours { get; } = Read(nameof(FindNeighbours));

    public static string FindRecorded { get; } = Read(nameof(FindRecorded));

    public static string FindRequest { get; } = Read(nameof(FindRequest));

    public static string FindSubscription { get; } = Read(nameof(FindSubscription));

    public static string FindUnleased { get; } = Read(nameof(FindUnleased));

    public static string ForgetRejected { get; } = Read(nameof(ForgetRejected));

    public static string InsertAttempt { get; } = Read(nameof(InsertAttempt));

    public static string InsertChange { get; } = Read(nameof(InsertChange));

    public static string InsertDisclosedListing { get; } = Read(nameof(InsertDisclosedListing));

    public static string InsertDisclosure { get; } = Read(nameof(InsertDisclosure));

    public static string InsertEpoch { get; } = Read(nameof(InsertEpoch));

    public static string InsertMeasure { get; } = Read(nameof(InsertMeasure));

    public static string InsertMeta { get; } = Read(nameof(InsertMeta));

    public static string InsertPartnerKey { get; } = Read(nameof(InsertPartnerKey));

    public static string InsertRequest { get; } = Read(nameof(InsertRequest));

    public static string InsertSubscription { get; } = Read(nameof(InsertSubscription));

    public static string IsEnded { get; } = Read(nameof(IsEnded));

    public static string LiftMeasure { get; } = Read(nameof(LiftMeasure));

    public static string ListAttempts { get; } = Read(nameof(ListAttempts));

    public static string ListMeasures { get; } = Read(nameof(ListMeasures));

    public static string ListMeasuresOfListing { get; } = Read(nameof(ListMeasuresOfListing));

    public static string ListMeasuresOfPartner { get; } = Read(nameof(ListMeasuresOfPartner));

    public static string ListOfCourt { get; } = Read(nameof(ListOfCourt));

    public static string ListRejected { get; } = Read(nameof(ListRejected));

    public static string ListSubscriptions { get; } = Read(nameof(ListSubscriptions));

    public static string ListVersions { get; } = Read(nameof(ListVersions));

    public static string LoadDocuments { get; } = Read(nameof(LoadDocuments));

    public static string PruneAttempts { get; } = Read(nameof(PruneAttempts));

    public static string PruneRequests { get; } = Read(nameof(PruneRequests));

    public static string PutCourt { get; } = Read(nameof(PutCourt));

    public static string PutDocument { get; } = Read(nameof(PutDocument));

    public static string PutLane { get; } = Read(nameof(PutLane));

    public static string PutListing { get; } = Read(nameof(PutListing));

    public static string PutPartner { get; } = Read(nameof(PutPartner));

    public static string PutReader { get; } = Read(nameof(PutReader));

    public static string PutRejected { get; } = Read(nameof(PutRejected));

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

    public static string ReadPassages { get; } = Read(nameof(ReadPassages));

    public static string ReadReaders { get; } = Read(nameof(ReadReaders));

    public static string ReadRecipients { get; } = Read(nameof(ReadRecipients));

    public static string ReadRecordedAt { get; } = Read(nameof(ReadRecordedAt));

    public static string ReadRevision { get; } = Read(nameof(ReadRevision));

    public static string ReadWithdrawals { get; } = Read(nameof(ReadWithdrawals));

    public static string ReleaseLeases { get; } = Read(nameof(ReleaseLeases));

    public static string RenewLeases { get; } = Read(nameof(RenewLeases));

    public static string SettleRejected { get; } = Read(nameof(SettleRejected));

    public static string TakeLease { get; } = Read(nameof(TakeLease));

    public static string UpdateHead { get; } = Read(nameof(UpdateHead));

    public static string UpdateState { get; } = Read(nameof(UpdateState));

    public static string UpdateSubscription { get; } = Read(nameof(UpdateSubscription));

    private static string Read(string operation) => EmbeddedSql.Read("Sqlite", operation);
}
