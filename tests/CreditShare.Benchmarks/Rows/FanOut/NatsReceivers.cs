using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using CreditShare.V1;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace CreditShare.Benchmarks.Rows.FanOut;

/// <summary>Receivers of a nats-server, each with a connection of its own, and its publisher.</summary>
internal sealed class NatsReceivers : IAsyncDisposable
{
    private const string Subject = "changes";

    /// <summary>Changes that a receiver's client may hold before it reads no further; none are dropped.</summary>
    private const int Pending = 16_384;

    private readonly List<NatsConnection> _connections = [];
    private readonly NatsConnection _publisher;
    private readonly NatsJSContext _streams;
    private int _made;

    private NatsReceivers(string url)
    {
        // Flat out, the publisher waits for a server that is busy with a hundred others; that is the measurement, and no failure.
        _publisher = new NatsConnection(new NatsOpts { Url = url, CommandTimeout = TimeSpan.FromMinutes(1) });
        _streams = new NatsJSContext(_publisher);
    }

    /// <summary>Connects as many as there will be receivers, and the publisher.</summary>
    public static async Task<NatsReceivers> ConnectAsync(NatsServer server, int count)
    {
        var receivers = new NatsReceivers(server.Url);
        await receivers._publisher.ConnectAsync();
        for (var i = 0; i < count; i++)
        {
            var connection = new NatsConnection(new NatsOpts
            {
                Url = server.Url,
                SubPendingChannelCapacity = Pending,
                SubPendingChannelFullMode = BoundedChannelFullMode.Wait,
            });
            await connection.ConnectAsync();
            receivers._connections.Add(connection);
        }

        return receivers;
    }

    /// <summary>Receives from core publish and subscribe.</summary>
    /// <param name="tallies">One a receiver.</param>
    /// <param name="isParsed">Whether objects are made of the changes; else they stay bytes.</param>
    /// <returns>Ends it; all are subscribed then.</returns>
    public async Task<Receiving> SubscribeAsync(IReadOnlyList<Tally> tallies, bool isParsed = false)
    {
        var receiving = new Receiving();
        foreach (var (tally, connection) in tallies.Zip(_connections))
        {
            if (isParsed) receiving.Add(await ReadAsync(connection, tally, new ParsingReader(), change => change?.Sequence ?? 0));
            else receiving.Add(await ReadAsync(connection, tally, new SkimmingReader(), sequence => sequence));
            await connection.PingAsync();
        }

        return receiving;
    }

    /// <summary>Makes an empty stream in files, as they are by default.</summary>
    public async Task<string> MakeStreamAsync()
    {
        if (_made > 0) await _streams.DeleteStreamAsync(StreamName);
        _made++;
        await _streams.CreateStreamAsync(new StreamConfig(StreamName, [Subject]) { Storage = StreamConfigStorage.File });
        return StreamName;
    }

    /// <summary>Receives from a stream with ordered consumers, from its beginning.</summary>
    public async Task<Receiving> ConsumeAsync(IReadOnlyList<Tally> tallies)
    {
        var receiving = new Receiving();
        foreach (var (tally, connection) in tallies.Zip(_connections))
        {
            var consumer = await new NatsJSContext(connection).CreateOrderedConsumerAsync(StreamName);
            receiving.Add(ConsumeAsync(consumer, tally, receiving.Stopping));
        }

        return receiving;
    }

    /// <summary>Publishes without waiting for anything.</summary>
    public ValueTask PublishAsync(byte[] change) => _publisher.PublishAsync(Subject, change);

    /// <summary>Publishes into the stream.</summary>
    /// <returns>Completes with the acknowledgement.</returns>
    public async Task StoreAsync(byte[] change) => (await _streams.PublishAsync(Subject, change)).EnsureSuccess();

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections) await connection.DisposeAsync();
        await _publisher.DisposeAsync();
    }

    private string StreamName => string.Create(CultureInfo.InvariantCulture, $"changes-{_made}");

    private static async Task<IAsyncDisposable> ReadAsync<T>(NatsConnection connection, Tally tally, INatsDeserialize<T> reader, Func<T?, long> sequenceOf)
    {
        var subscription = await connection.SubscribeCoreAsync(Subject, serializer: reader);
        _ = Task.Run(async () =>
        {
            await foreach (var message in subscription.Msgs.ReadAllAsync()) tally.Take(sequenceOf(message.Data), Stopwatch.GetTimestamp());
        });
        return subscription;
    }

    private static async Task ConsumeAsync(INatsJSConsumer consumer, Tally tally, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var message in consumer.ConsumeAsync(new SkimmingReader(), cancellationToken: cancellationToken))
            {
                tally.Take(message.Data, Stopwatch.GetTimestamp());
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>Receivers at work; disposing of it ends them.</summary>
    public sealed class Receiving : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly List<IAsyncDisposable> _subscriptions = [];
        private readonly List<Task> _consumers = [];

        public CancellationToken Stopping => _stop.Token;

        public void Add(IAsyncDisposable subscription) => _subscriptions.Add(subscription);

        public void Add(Task consumer) => _consumers.Add(consumer);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            foreach (var subscription in _subscriptions) await subscription.DisposeAsync();
            await Task.WhenAll(_consumers);
            _stop.Dispose();
        }
    }

    /// <summary>Reads the number where the bytes lie: nothing is copied.</summary>
    private sealed class SkimmingReader : INatsDeserialize<long>
    {
        public long Deserialize(in ReadOnlySequence<byte> buffer) => buffer.IsEmpty ? 0 : ChangeBytes.SequenceOf(buffer);
    }

    private sealed class ParsingReader : INatsDeserialize<Change>
    {
        public Change? Deserialize(in ReadOnlySequence<byte> buffer) => Change.Parser.ParseFrom(buffer);
    }
}
