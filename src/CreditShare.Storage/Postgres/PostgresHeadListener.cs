using System.Globalization;
using CreditShare.Storage.Writing;
using Npgsql;

namespace CreditShare.Storage.Postgres;

/// <summary>Listens for the heads that the other nodes announce with their commits: one connection a node, replaced when it is lost.</summary>
internal sealed class PostgresHeadListener : IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly PostgresConnections _connections;
    private readonly HeadSignal _signal;
    private readonly Func<int> _ownProcess;
    private readonly StoreEnvironment _environment;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    /// <summary>Begins to listen.</summary>
    /// <param name="connections">Where.</param>
    /// <param name="signal">Is told of the heads.</param>
    /// <param name="ownProcess">The server's process that serves this node's writer. The writer tells of its commits itself, with the entries: who
    /// hears of them here first would read from the store what is about to be handed over. Should the writer not come to it, whoever waits polls.</param>
    /// <param name="environment">The store's clock and log.</param>
    public PostgresHeadListener(PostgresConnections connections, HeadSignal signal, Func<int> ownProcess, StoreEnvironment environment)
    {
        _connections = connections;
        _signal = signal;
        _ownProcess = ownProcess;
        _environment = environment;
        _running = RunAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever it was, whoever waits for a change polls meanwhile.
                _environment.Logger.ListenerLost(e);
                await PauseAsync(cancellationToken);
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _connections.OpenOwnAsync(cancellationToken);
        connection.Notification += (_, notification) =>
        {
            if (notification.PID != _ownProcess()) Hear(notification.Payload);
        };
        await using (var listen = new NpgsqlCommand(PostgresSql.ListenForHead, connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        // What was announced before this moment was not heard.
        _signal.Wake();
        while (true) await connection.WaitAsync(cancellationToken);
    }

    private void Hear(string payload)
    {
        var colon = payload.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0
            && uint.TryParse(payload.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            && long.TryParse(payload.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
        {
            _signal.Advance(epoch, sequence);
        }
    }

    private async Task PauseAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(s_pause, _environment.Clock, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The loop ends by itself.
        }
    }
}
