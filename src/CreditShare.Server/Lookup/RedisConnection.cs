using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace CreditShare.Server.Lookup;

/// <summary>The node's one connection to Redis. It is made beside the server's start and never holds it up; it mends itself.</summary>
internal sealed class RedisConnection : BackgroundService
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);

    private readonly ConfigurationOptions _configuration;
    private readonly TimeProvider _clock;
    private readonly ILogger<RedisConnection> _logger;
    private volatile ConnectionMultiplexer? _connection;

    /// <summary>Reads the settings; a connection string or password file that cannot be read ends the start.</summary>
    public RedisConnection(IOptions<RedisOptions> options, TimeProvider clock, ILogger<RedisConnection> logger)
    {
        (_clock, _logger) = (clock, logger);
        _configuration = Configure(options.Value);
    }

    /// <summary>The database; null while there is no connection: then nothing is asked, and nothing waits.</summary>
    public IDatabase? Database => _connection is { IsConnected: true } connection ? connection.GetDatabase() : null;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (Interlocked.Exchange(ref _connection, null) is { } connection) await connection.DisposeAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // With AbortOnConnectFail off this comes back even if nobody answers, and the connection goes on trying by itself.
                _connection = await ConnectionMultiplexer.ConnectAsync(_configuration);
                return;
            }
            catch (Exception e)
            {
                _logger.RedisUnreachable(Retry.TotalSeconds, e);
                await Task.Delay(Retry, _clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static ConfigurationOptions Configure(RedisOptions options)
    {
        var configuration = ConfigurationOptions.Parse(options.ConnectionString);
        configuration.AbortOnConnectFail = false;
        configuration.ClientName ??= "creditshare";

        // A command that cannot be sent now fails now: the store is there to be read.
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        configuration.IncludeDetailInExceptions = false;
        if (options.PasswordFile.Length > 0) configuration.Password = File.ReadAllText(options.PasswordFile).Trim();
        return configuration;
    }
}
