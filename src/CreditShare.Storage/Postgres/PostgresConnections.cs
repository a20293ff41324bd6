using Npgsql;

namespace CreditShare.Storage.Postgres;

/// <summary>
/// The connections of a node: a pool for those who read, a few for those who write or listen, which no timeout of the client ends, and a few for
/// what the node lives by, which wait behind nobody.
/// </summary>
/// <remarks>Safe for concurrent callers.</remarks>
internal sealed class PostgresConnections : IAsyncDisposable
{
    private const int ConnectSeconds = 5;
    private const int CommandSeconds = 35; // Behind the server's own timeout of 30 s, which tells more.
    private const int KeepAliveSeconds = 5;
    private const int OwnConnections = 8;

    // One each: the heartbeat, the list of nodes, the registry's revision, and the tail, none of which asks twice at once.
    private const int VitalConnections = 4;

    // Reads are short, and a new connection costs both sides more than many of them: when hundreds of followers come at once, those who wait for one
    // of a few are answered sooner than if each of them opened its own.
    private const int ReadConnections = 16;

    private const int PreparedStatements = 64;
    private const int WriteBufferBytes = 64 << 10; // A batch of an import has some megabytes.

    private readonly NpgsqlDataSource _pool;
    private readonly NpgsqlDataSource _vital;
    private readonly NpgsqlDataSource _own;
    private readonly NpgsqlDataSource _writer;

    public PostgresConnections(PostgresStoreOptions options)
    {
        var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            Timeout = ConnectSeconds,
            CommandTimeout = CommandSeconds,
            KeepAlive = KeepAliveSeconds,
            MaxAutoPrepare = PreparedStatements,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true, // The session's settings stay; nothing else of a session is used.
            IncludeErrorDetail = false, // The details name values.
            ApplicationName = "creditshare",
        };
        if (!NamesUnixSocket(settings.Host))
        {
            settings.TcpKeepAlive = true;
            settings.TcpKeepAliveTime = KeepAliveSeconds;
            settings.TcpKeepAliveInterval = 1;
        }

        if (options.Password is { } password) settings.Password = password;

        if (!settings.ShouldSerialize("Maximum Pool Size")) settings.MaxPoolSize = Math.Max(ReadConnections, settings.MinPoolSize);
        _pool = Build(settings);

        // An operator's least number is meant for those who read.
        settings.MinPoolSize = 0;
        settings.MaxPoolSize = VitalConnections;
        _vital = Build(settings);
        settings.CommandTimeout = 0;
        settings.MaxPoolSize = OwnConnections;
        settings.WriteBufferSize = WriteBufferBytes;
        _own = Build(settings);

        // Whether the commit failed or a statement before it is the difference between doubt and none.
        settings.IncludeFailedBatchedCommand = true;
        _writer = Build(settings, PostgresSql.PrepareWriter);
    }

    /// <summary>Runs something on a connection of the pool.</summary>
    /// <exception cref="Core.Journal.StoreUnavailableException">The server cannot be reached or gave up.</exception>
    public Task<T> RunAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> run, CancellationToken cancellationToken) =>
        RunAsync(_pool, run, cancellationToken);

    /// <summary>Runs what the node lives by, such as its heartbeat. However many read, it need not wait for them.</summary>
    /// <exception cref="Core.Journal.StoreUnavailableException">The server cannot be reached or gave up.</exception>
    public Task<T> RunVitallyAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> run, CancellationToken cancellationToken) =>
        RunAsync(_vital, run, cancellationToken);

    /// <summary>Runs something on a connection without the client's timeout: cancelling a commit that waits for a standby would
    /// make it look done.</summary>
    /// <exception cref="Core.Journal.StoreUnavailableException">The server cannot be reached or gave up.</exception>
    public Task<T> RunPatientlyAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> run, CancellationToken cancellationToken) =>
        RunAsync(_own, run, cancellationToken);

    /// <summary>Runs a query and reads its rows.</summary>
    /// <exception cref="Core.Journal.StoreUnavailableException">The server cannot be reached or gave up.</exception>
    public Task<List<T>> QueryAsync<T>(
        string sql, Action<NpgsqlParameterCollection> bind, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken) =>
        RunAsync((connection, token) => QueryAsync(connection, sql, bind, read, token), cancellationToken);

    /// <summary>Runs a query that the node lives by and reads its rows.</summary>
    /// <exception cref="Core.Journal.StoreUnavailableException">The server cannot be reached or gave up.</exception>
    public Task<List<T>> QueryVitallyAsync<T>(
        string sql, Action<NpgsqlParameterCollection> bind, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken) =>
        RunVitallyAsync((connection, token) => QueryAsync(connection, sql, bind, read, token), cancellationToken);

    /// <summary>Runs several statements in one transaction, durable on return.</summary>
    /// <exception cref="Core.Journal.StoreUnavailableException">The server cannot be reached or gave up; what was written by a lost commit is unknown.</exception>
    public Task<bool> WriteAsync(Action<NpgsqlBatchCommandCollection> fill, CancellationToken cancellationToken) =>
        RunPatientlyAsync(
            async (connection, token) =>
            {
                await using var batch = connection.CreateBatch();
                fill(batch.BatchCommands);
                await batch.ExecuteNonQueryAsync(token);
                return true;
            },
            cancellationToken);

    /// <summary>Opens a connection that its owner keeps.</summary>
    /// <exception cref="Core.Journal.StoreUnavailableException">The server cannot be reached.</exception>
    public async Task<NpgsqlConnection> OpenOwnAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _own.OpenConnectionAsync(cancellationToken);
        }
        catch (Exception e) when (PostgresErrors.IsUnavailable(e))
        {
            throw PostgresErrors.ToUnavailable(e);
        }
    }

    /// <summary>Opens a connection that its owner keeps, on a thread that may wait, for the one who writes the journal: its statements are planned once.</summary>
    /// <exception cref="Core.Journal.StoreUnavailableException">The server cannot be reached.</exception>
    public NpgsqlConnection OpenWriter()
    {
        try
        {
            return _writer.OpenConnection();
        }
        catch (Exception e) when (PostgresErrors.IsUnavailable(e))
        {
            throw PostgresErrors.ToUnavailable(e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        await _own.DisposeAsync();
        await _vital.DisposeAsync();
        await _pool.DisposeAsync();
    }

    private static async Task<List<T>> QueryAsync<T>(
        NpgsqlConnection connection, string sql, Action<NpgsqlParameterCollection> bind, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        bind(command.Parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken)) rows.Add(read(reader));
        return rows;
    }

    private static async Task<T> RunAsync<T>(
        NpgsqlDataSource source, Func<NpgsqlConnection, CancellationToken, Task<T>> run, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            return await run(connection, cancellationToken);
        }
        catch (Exception e) when (PostgresErrors.IsUnavailable(e))
        {
            throw PostgresErrors.ToUnavailable(e);
        }
    }

    // Such a socket does not know the settings of TCP, and does not need them.
    private static bool NamesUnixSocket(string? hosts) => hosts is not null && hosts.Split(',').Any(host => host.Trim() is ['/' or '@', ..]);

    private static NpgsqlDataSource Build(NpgsqlConnectionStringBuilder settings, params string[] more)
    {
        string[] statements = [PostgresSql.PrepareSession, .. more];
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.UsePhysicalConnectionInitializer(Prepare, PrepareAsync);
        return settings.Host is { } hosts && hosts.Contains(',', StringComparison.Ordinal)
            ? builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary)
            : builder.Build();

        void Prepare(NpgsqlConnection connection)
        {
            foreach (var statement in statements)
            {
                using var command = new NpgsqlCommand(statement, connection);
                command.ExecuteNonQuery();
            }
        }

        async Task PrepareAsync(NpgsqlConnection connection)
        {
            foreach (var statement in statements)
            {
                await using var command = new NpgsqlCommand(statement, connection);
                await command.ExecuteNonQueryAsync();
            }
        }
    }
}
