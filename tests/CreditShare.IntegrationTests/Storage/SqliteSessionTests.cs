using CreditShare.Core.Journal;
using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.Storage.Sqlite;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Storage;

internal sealed class SqliteSessionTests
{
    private TemporaryFolder? _folder;
    private SqliteSession? _session;

    [SetUp]
    public void OpenSession()
    {
        _folder = new TemporaryFolder();
        _session = SqliteSession.OpenWriter(Path.Combine(_folder.Path, "test.db"));
    }

    [TearDown]
    public void CloseSession()
    {
        _session?.Dispose();
        _folder?.Dispose();
    }

    [TestCase(false, TestName = "A_failure_that_ended_the_transaction_of_a_reading_is_told_as_it_is")]
    [TestCase(true, TestName = "A_failure_that_ended_the_transaction_of_a_writing_is_told_as_it_is")]
    public void A_failure_that_ended_the_transaction(bool writing)
    {
        // A disk that fails rolls back by itself.
        int Fail(SqliteSession session)
        {
            session.Execute("ROLLBACK");
            throw new StoreUnavailableException("Told so.", null);
        }

        Assert.That(
            () => writing ? _session!.Write(Fail) : _session!.Read(Fail),
            Throws.InstanceOf<StoreUnavailableException>().With.Message.EqualTo("Told so."));
    }

    [TestCase(false, TestName = "A_session_whose_reading_failed_can_be_used_again")]
    [TestCase(true, TestName = "A_session_whose_writing_failed_can_be_used_again")]
    public void A_session_that_failed(bool writing)
    {
        static int Fail(SqliteSession session) => throw new InvalidDataException("Told so.");

        Assert.That(() => writing ? _session!.Write(Fail) : _session!.Read(Fail), Throws.InstanceOf<InvalidDataException>());

        Assert.That(_session!.Read(_ => 1), Is.EqualTo(1));
    }
}
