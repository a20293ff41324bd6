using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace CreditShare.IntegrationTests.Faults;

/// <summary>The network between a node and a server: it may hang or be cut, and be mended again.</summary>
internal sealed class Gate : IAsyncDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, port: 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Socket, Socket> _pairs = new();
    private readonly ConcurrentBag<Task> _running = [];
    private readonly string _host;
    private readonly int _port;
    private readonly Task _accepting;
    private volatile TaskCompletionSource _passage = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isCut;

    private Gate(string host, int port)
    {
        (_host, _port) = (host, port);
        _passage.SetResult();
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The port of the loopback address that leads to the server.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Opens a way to a server.</summary>
    public static Gate To(string host, int port) => new(host, port);

    /// <summary>Lets everything that is sent wait, in both directions; connections stay, and new ones are taken. Nothing is lost: that is what a
    /// network does which is away for moments, or a server that hangs.</summary>
    public void Freeze() => _passage = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Resets all connections and each new one.</summary>
    public void Cut()
    {
        _isCut = true;
        foreach (var (from, to) in _pairs)
        {
            Reset(from);
            Reset(to);
        }
    }

    /// <summary>Lets everything pass again, also what waits.</summary>
    public void Mend()
    {
        _isCut = false;
        _passage.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_running);
        _stop.Dispose();
    }

    private static void Reset(Socket socket) => socket.Close(timeout: 0);

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                var from = await _listener.AcceptSocketAsync(_stop.Token);
                if (_isCut) Reset(from);
                else _running.Add(PassAsync(from));
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task PassAsync(Socket from)
    {
        using var to = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (from)
        {
            from.NoDelay = true;
            try
            {
                await _passage.Task.WaitAsync(_stop.Token);
                await to.ConnectAsync(_host, _port, _stop.Token);
                _pairs.TryAdd(from, to);
                if (_isCut) return;
                await Task.WhenAny(PumpAsync(from, to), PumpAsync(to, from));
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // Reset meanwhile, or nobody is there behind the gate: the other side sees its connection end.
            }
            finally
            {
                _pairs.TryRemove(from, out _);
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[BufferBytes];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is > 0 and var read)
            {
                await _passage.Task.WaitAsync(_stop.Token);
                for (var sent = 0; sent < read;) sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), _stop.Token);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Whoever waits for the first of the two directions to end closes both.
        }
    }
}
