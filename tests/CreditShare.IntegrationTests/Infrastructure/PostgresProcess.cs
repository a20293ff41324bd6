using System.Globalization;
using System.Runtime.InteropServices;
using Npgsql;

namespace CreditShare.IntegrationTests.Infrastructure;

/// <summary>A PostgreSQL of the test's own, on a free port, with <c>fsync</c>: it may be killed and started again on the same data.</summary>
internal sealed class PostgresProcess : IAsyncDisposable
{
    private const int OldestVersion = 15;
    private const string User = "postgres";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("creditshare-postgres-");
    private readonly string[] _settings;

    private PostgresProcess(string[] settings) => _settings = settings;

    /// <summary>The folder of the newest PostgreSQL's programs; null if the machine has none that is new enough.</summary>
    public static string? Programs { get; } = FindPrograms();

    public int Port { get; } = Shell.FreePort();

    /// <summary>A connection string of the superuser.</summary>
    public string ConnectionString => $"Host=127.0.0.1;Port={Port};Username={User};Database=postgres";

    /// <summary>Where its files are.</summary>
    public string DataFolder => Path.Combine(_folder.FullName, "data");

    /// <summary>Everything it has logged.</summary>
    public string Log => File.ReadAllText(Path.Combine(_folder.FullName, "log"));

    /// <summary>Makes and starts one, empty.</summary>
    /// <param name="settings">Further settings as in its configuration file, such as <c>log_statement = all</c>.</param>
    /// <param name="cancellationToken">Ends the wait for it.</param>
    public static async Task<PostgresProcess> StartAsync(string[] settings, CancellationToken cancellationToken)
    {
        var postgres = new PostgresProcess(settings);
        await postgres.InitialiseAsync(cancellationToken);
        await postgres.StartAsync(cancellationToken);
        return postgres;
    }

    /// <summary>Starts it (again) on its port and its data, and waits until it has recovered.</summary>
    public Task StartAsync(CancellationToken cancellationToken) =>
        // What a killed server's children still hold goes within moments.
        AsOwnerAsync("for try in 1 2 3 4 5; do \"$1/pg_ctl\" -D \"$2\" -l \"$3\" -w -t 60 start && exit 0; sleep 1; done; cat \"$3\"; exit 1",
            [Programs!, DataFolder, Path.Combine(_folder.FullName, "log")], cancellationToken);

    /// <summary>Ends it in an orderly way, open connections first.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => EndAsync("INT", cancellationToken);

    /// <summary>Ends it without a checkpoint: the next start recovers from the log.</summary>
    public Task StopImmediatelyAsync(CancellationToken cancellationToken) => EndAsync("QUIT", cancellationToken);

    /// <summary>Ends it as a power cut would, but for what the operating system has not written.</summary>
    public Task KillAsync(CancellationToken cancellationToken) => EndAsync("KILL", cancellationToken);

    /// <summary>Lets it hang with all its children: connections stay open and are even taken, nothing is answered.</summary>
    public Task FreezeAsync(CancellationToken cancellationToken) => SignalAllAsync("STOP", cancellationToken);

    /// <summary>Ends the hanging.</summary>
    public Task ThawAsync(CancellationToken cancellationToken) => SignalAllAsync("CONT", cancellationToken);

    /// <summary>Has every commit wait for a standby that is not there, and returns once the first one waits: something must be writing.</summary>
    public async Task MissStandbyAsync(CancellationToken cancellationToken)
    {
        await ExecuteAsync("ALTER SYSTEM SET synchronous_standby_names = 'missing'", cancellationToken);
        await ExecuteAsync("SELECT pg_reload_conf()", cancellationToken);
        await Shell.WaitUntilAsync(
            async token => await ExecuteAsync("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'", token) is > 0L,
            "a commit to wait for the standby",
            cancellationToken);
    }

    /// <summary>Lets all commits pass again, also those that wait.</summary>
    public async Task NeedNoStandbyAsync(CancellationToken cancellationToken)
    {
        await ExecuteAsync("ALTER SYSTEM RESET synchronous_standby_names", cancellationToken);
        await ExecuteAsync("SELECT pg_reload_conf()", cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await using (var pooled = new NpgsqlConnection(ConnectionString))
        {
            NpgsqlConnection.ClearPool(pooled);
        }

        if (ProcessId() is not null)
        {
            // A test that failed may have left it frozen, and then it would not even end.
            await ThawAsync(CancellationToken.None);
            await StopImmediatelyAsync(CancellationToken.None);
        }

        _folder.Delete(recursive: true);
    }

    private async Task<object?> ExecuteAsync(string statement, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(cancellationToken);
        // The statements are those above.
#pragma warning disable CA2100
        await using var command = new NpgsqlCommand(statement, connection);
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private async Task InitialiseAsync(CancellationToken cancellationToken)
    {
        if (Programs is null) throw new InvalidOperationException("The test lacks [Needs(RealServer.PostgresProgram)].");

        // PostgreSQL refuses to run as root, so that the folder is its user's where we are.
        if (IsRoot) await Shell.RunAsync("chown \"$1\" \"$2\"", [User, _folder.FullName], cancellationToken);
        await AsOwnerAsync("\"$1/initdb\" -D \"$2\" -U \"$3\" -A trust --encoding=UTF8 --locale=C --no-sync", [Programs, DataFolder, User], cancellationToken);
        string[] settings =
        [
            $"port = {Port}", "listen_addresses = '127.0.0.1'", $"unix_socket_directories = '{_folder.FullName}'", "max_connections = 100",
            "fsync = on", "synchronous_commit = on", .. _settings,
        ];
        await File.AppendAllLinesAsync(Path.Combine(DataFolder, "postgresql.conf"), settings, cancellationToken);
    }

    private async Task EndAsync(string signal, CancellationToken cancellationToken)
    {
        var processId = ProcessId() ?? throw new InvalidOperationException("It does not run.");
        await Shell.SignalAsync(processId, signal, cancellationToken);
        await Shell.WaitUntilAsync(_ => Task.FromResult(!Shell.IsRunning(processId)), "PostgreSQL to end", cancellationToken);
    }

    // The parent first, so that the children are all there are.
    private Task<string> SignalAllAsync(string signal, CancellationToken cancellationToken) => Shell.RunAsync(
        "kill -s \"$1\" \"$2\" && for child in $(pgrep -P \"$2\"); do kill -s \"$1\" \"$child\" || true; done",
        [signal, $"{ProcessId() ?? throw new InvalidOperationException("It does not run.")}"],
        cancellationToken);

    // The first line of the file is the id. It stays when the server is killed, hence the second look.
    private int? ProcessId()
    {
        var file = Path.Combine(DataFolder, "postmaster.pid");
        if (!File.Exists(file)) return null;
        var processId = int.Parse(File.ReadLines(file).First(), CultureInfo.InvariantCulture);
        return Shell.IsRunning(processId) ? processId : null;
    }

    private static Task<string> AsOwnerAsync(string script, string[] arguments, CancellationToken cancellationToken) =>
        IsRoot
            ? Shell.RunAsync("exec runuser -u \"$@\"", [User, "--", "/bin/sh", "-c", script, "sh", .. arguments], cancellationToken)
            : Shell.RunAsync(script, arguments, cancellationToken);

    private static bool IsRoot => OperatingSystem.IsLinux() && Environment.UserName == "root";

    private static string? FindPrograms()
    {
        if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows)) return null;

        var folders = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [];
        var newest = folders.Select(folder => (Folder: Path.Combine(folder, "bin"), Version: int.TryParse(Path.GetFileName(folder), out var version) ? version : 0))
            .Where(each => each.Version >= OldestVersion && File.Exists(Path.Combine(each.Folder, "initdb")))
            .OrderByDescending(each => each.Version)
            .Select(each => each.Folder)
            .FirstOrDefault();
        return newest ?? Path.GetDirectoryName(Shell.Find("initdb"));
    }
}
