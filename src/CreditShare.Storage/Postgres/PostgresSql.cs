namespace CreditShare.Storage.Postgres;

/// <summary>The statements of this engine, each from the file of its name.</summary>
internal static class PostgresSql
{
    public static string AddCounts { get; } = Read(nameof(AddCounts));

    public static string CopyChanges { get; } = Read(nameof(CopyChanges));

    public static string CopyDocuments { get; } = Read(nameof(CopyDocuments));

    public static string CopyListings { get; } = Read(nameof(CopyListings));

    public static string CopyRequests { get; } = Read(nameof(CopyRequests));

    public static string CountForeignKeys { get; } = Read(nameof(CountForeignKeys));

    public static string CreateSchemaVersion { get; } = Read(nameof(CreateSchemaVersion));

    public static string DeleteNode { get; } = Read(nameof(DeleteNode));

    public static string DeletePartnerKeys { get; } = Read(nameof(DeletePartnerKeys));

    public static string Export { get; } = Read(nameof(Export));

    public static string FindByName { get; } = Read(nameof(FindByName));

    public static string FindDisclosedListings { get; } = Read(nameof(FindDisclosedListings));

    public static string FindDisclosure { get; } = Read(nameof(FindDisclosure));

    public static string FindCorrected { get; } = Read(nameof(FindCorrected));

    public static string FindEnded { get; } = Read(nameof(FindEnded));

    public static string FindExpired { get; } = Read(nameof(FindExpired));

    public static string FindGraceOver { get; } = Read(nameof(FindGraceOver));

    public static string FindLane { get; } = Read(nameof(FindLane));

    public static string FindListings { get; } = Read(nameof(FindListings));

    public static string FindMeasure { get; } = Read(nameof(FindMeasure));

    public static string FindNeighbours { get; } = Read(nameof(FindNeighbours));

    public static string FindRecorded { get; } = Read(nameof(FindRecorded));

    public static string FindRequests { get; } = Read(nameof(FindRequests));

    public static string FindSubscription { get; } = Read(nameof(FindSubscription));

    public static string ForgetRejected { get; } = Read(nameof(ForgetRejected));

    public static string HasSchemaVersion { get; } = Read(nameof(HasSchemaVersion));

    public static string FindUnserved { get; } = Read(nameof(FindUnserved));

    public static string InsertAttempts { get; } = Read(nameof(InsertAttempts));

    public static string InsertChanges { get; } = Read(nameof(InsertChanges));

    public static string InsertDisclosedListings { get; } = Read(nameof(InsertDisclosedListings));

    public static string InsertDisclosures { get; } = Read(nameof(InsertDisclosures));

    public static string InsertEpoch { get; } = Read(nameof(InsertEpoch));

    public static string InsertMeasure { get; } = Read(nameof(InsertMeasure));

    public static string InsertMeta { get; } = Read(nameof(InsertMeta));

    public static string InsertPartnerKeys { get; } = Read(nameof(InsertPartnerKeys));

    public static string InsertRequests { get; } = Read(nameof(InsertRequests));

    public static string InsertSchemaVersion { get; } = Read(nameof(InsertSchemaVersion));

    public static string InsertSubscription { get; } = Read(nameof(InsertSubscription));

    public static string LiftMeasure { get; } = Read(nameof(LiftMeasure));

    public static string LiftTimeout { get; } = Read(nameof(LiftTimeout));

    public static string ListAttempts { get; } = Read(nameof(ListAttempts));

    public static string ListMeasures { get; } = Read(nameof(ListMeasures));

    public static string ListOfCourt { get; } = Read(nameof(ListOfCourt));

    public static string ListRejected { get; } = Read(nameof(ListRejected));

    public static string ListSubscriptions { get; } = Read(nameof(ListSubscriptions));

    public static string ListVersions { get; } = Read(nameof(ListVersions));

    public static string ListenForHead { get; } = Read(nameof(ListenForHead));

    public static string LoadDocuments { get; } = Read(nameof(LoadDocuments));

    public static string LockHead { get; } = Read(nameof(LockHead));

    public static string LockRegistry { get; } = Read(nameof(LockRegistry));

    public static string LockSchema { get; } = Read(nameof(LockSchema));

    public static string LockSubscriptions { get; } = Read(nameof(LockSubscriptions));

    public static string NotifyHead { get; } = Read(nameof(NotifyHead));

    public static string PrepareSession { get; } = Read(nameof(PrepareSession));

    public static string PruneAttempts { get; } = Read(nameof(PruneAttempts));

    public static string PruneRequests { get; } = Read(nameof(PruneRequests));

    public static string PrepareWriter { get; } = Read(nameof(PrepareWriter));

    public static string PutCourts { get; } = Read(nameof(PutCourts));

    public static string PutDocuments { get; } = Read(nameof(PutDocuments));

    public static string PutListings { get; } = Read(nameof(PutListings));

    public static string PutNode { get; } = Read(nameof(PutNode));

    public static string PutPartner { get; } = Read(nameof(PutPartner));

    public static string PutReader { get; } = Read(nameof(PutReader));

    public static string PutRejected { get; } = Read(nameof(PutRejected));

    public static string RaiseRevision { get; } = Read(nameof(RaiseRevision));

    public static string ReadChanges { get; } = Read(nameof(ReadChanges));

    public static string ReadCounts { get; } = Read(nameof(ReadCounts));

    public static string ReadCourts { get; } = Read(nameof(ReadCourts));

    public static string ReadDocuments { get; } = Read(nameof(ReadDocuments));

    public static string ReadEpochs { get; } = Read(nameof(ReadEpochs));

    public static string ReadHash { get; } = Read(nameof(ReadHash));

    public static string ReadHead { get; } = Read(nameof(ReadHead));

    public static string ReadMeta { get; } = Read(nameof(ReadMeta));

    public static string ReadNodes { get; } = Read(nameof(ReadNodes));

    public static string ReadPartnerRevision { get; } = Read(nameof(ReadPartnerRevision));

    public static string ReadPartners { get; } = Read(nameof(ReadPartners));

    public static string ReadPassages { get; } = Read(nameof(ReadPassages));

    public static string ReadReaders { get; } = Read(nameof(ReadReaders));

    public static string ReadRecipients { get; } = Read(nameof(ReadRecipients));

    public static string ReadRecordedAt { get; } = Read(nameof(ReadRecordedAt));

    public static string ReadRevision { get; } = Read(nameof(ReadRevision));

    public static string ReadSchemaVersion { get; } = Read(nameof(ReadSchemaVersion));

    public static string ReadSubscriptions { get; } = Read(nameof(ReadSubscriptions));

    public static string ReadWithdrawals { get; } = Read(nameof(ReadWithdrawals));

    public static string ReleaseLeases { get; } = Read(nameof(ReleaseLeases));

    public static string RenewLeases { get; } = Read(nameof(RenewLeases));

    public static string SettleRejected { get; } = Read(nameof(SettleRejected));

    public static string TakeLeases { get; } = Read(nameof(TakeLeases));

    public static string TouchHead { get; } = Read(nameof(TouchHead));

    public static string UpdateHead { get; } = Read(nameof(UpdateHead));

    public static string UpdateLanes { get; } = Read(nameof(UpdateLanes));

    public static string UpdateStates { get; } = Read(nameof(UpdateStates));

    public static string UpdateSubscription { get; } = Read(nameof(UpdateSubscription));

    private static string Read(string operation) => EmbeddedSql.Read("Postgres", operation);
}
