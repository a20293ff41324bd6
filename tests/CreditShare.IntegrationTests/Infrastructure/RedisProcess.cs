using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace CreditShare.IntegrationTests.Infrastructure;

/// <summary>A Redis of the test's own, on a free port: it may be flushed, frozen, killed and started again on the same port.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("creditshare-redis-");
    private readonly string[] _settings;
    private Process? _process;

    private RedisProcess(string[] settings) => _settings = settings;

    /// <summary>The server's program; null if the machine has none.</summary>
    public static string? Program { get; } = Shell.Find("redis-server", "valkey-server");

    public int Port { get; } = Shell.FreePort();

    /// <summary>A StackExchange.Redis configuration that leads here.</summary>
    public string Configuration => $"127.0.0.1:{Port}";

    /// <summary>Starts one, empty.</summary>
    /// <param name="settings">Further settings as on its command line, such as <c>--maxmemory</c>, <c>1mb</c>.</param>
    /// <param name="cancellationToken">Ends the wait for it.</param>
    public static async Task<RedisProcess> StartAsync(string[] settings, CancellationToken cancellationToken)
    {
        var redis = new RedisProcess(settings);
        await redis.StartAsync(cancellationToken);
        return redis;
    }

    /// <summary>Starts it (again), empty, on its port.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_process is not null) throw new InvalidOperationException("It runs.");

        // The pid file lets tests/run.sh end what a crashed run leaves behind.
        _process = Process.Start(
            Program ?? throw new InvalidOperationException("The test lacks [Needs(RealServer.RedisProgram)]."),
            [
                "--port", $"{Port}", "--bind", "127.0.0.1", "--dir", _folder.FullName, "--save", "", "--appendonly", "no",
                "--logfile", Path.Combine(_folder.FullName, "log"), "--pidfile", Path.Combine(_folder.FullName, "redis.pid"), .. _settings,
            ]);
        await Shell.WaitUntilAsync(AnswersAsync, $"Redis on port {Port}", cancellationToken);
    }

    /// <summary>Ends it in an orderly way.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var process = Running();
        await Shell.SignalAsync(process.Id, "TERM", cancellationToken);
        await EndAsync(process, cancellationToken);
    }

    /// <summary>Ends it as a power cut would.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        var process = Running();
        process.Kill();
        await EndAsync(process, cancellationToken);
    }

    /// <summary>Lets it hang: connections stay open, nothing is answered.</summary>
    public Task FreezeAsync(CancellationToken cancellationToken) => Shell.SignalAsync(Running().Id, "STOP", cancellationToken);

    /// <summary>Ends the hanging.</summary>
    public Task ThawAsync(CancellationToken cancellationToken) => Shell.SignalAsync(Running().Id, "CONT", cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await KillAsync(CancellationToken.None);
        _folder.Delete(recursive: true);
    }

    private Process Running() => _process ?? throw new InvalidOperationException("It does not run.");

    private async Task EndAsync(Process process, CancellationToken cancellationToken)
    {
        await process.WaitForExitAsync(cancellationToken);
        process.Dispose();
        _process = null;
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        if (Running().HasExited) throw new InvalidOperationException(await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "log"), cancellationToken));

        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", Port, cancellationToken);
            var stream = client.GetStream();
            await stream.WriteAsync("PING\r\n"u8.ToArray(), cancellationToken);
            var answer = new byte[7];
            await stream.ReadExactlyAsync(answer, cancellationToken);
            return Encoding.ASCII.GetString(answer) == "+PONG\r\n";
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }
}
