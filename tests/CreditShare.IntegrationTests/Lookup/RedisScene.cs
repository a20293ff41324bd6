using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CreditShare.Core.Journal;
using CreditShare.Core.Numbers;
using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.IntegrationTests.MainJob;
using CreditShare.Storage.Codec;
using CreditShare.Storage.Sealing;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using StackExchange.Redis;

namespace CreditShare.IntegrationTests.Lookup;

/// <summary>A server with a Redis of its own, into which the test reaches as somebody who has broken in, or as an outage.</summary>
internal sealed class RedisScene : IAsyncDisposable
{
    private const string Records = "creditshare.lookup.records";
    private const string Repairs = "creditshare.lookup.repairs";
    private const string Broken = "creditshare.lookup.redis.broken";

    private readonly ConcurrentDictionary<string, long> _outcomes = new();
    private long _repairs;
    private int _isLeftAlone;
    private readonly MeterListener _listener = new();
    private readonly ConnectionMultiplexer _connection;

    private RedisScene(RedisProcess redis, Scene scene, ConnectionMultiplexer connection)
    {
        (Redis, Scene, _connection) = (redis, scene, connection);
        var meters = scene.Server.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            // The exported page would show every server of this process, and not all of them: it ends at a thousand metrics.
            if (instrument.Name is Records or Repairs or Broken && instrument.Meter.Scope == meters) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, records, tags, _) =>
        {
            if (instrument.Name == Repairs) Interlocked.Add(ref _repairs, records);
            else _outcomes.AddOrUpdate((string)tags[0].Value!, records, (_, before) => before + records);
        });
        _listener.SetMeasurementEventCallback<int>((_, value, _, _) => Volatile.Write(ref _isLeftAlone, value));
        _listener.Start();
    }

    public RedisProcess Redis { get; }

    public Scene Scene { get; }

    public IDatabase Database => _connection.GetDatabase();

    private Keyring Keys => Scene.Server.Services.GetRequiredService<Keyring>();

    public static async Task<RedisScene> OpenAsync(CancellationToken cancellationToken)
    {
        var redis = await RedisProcess.StartAsync([], cancellationToken);
        try
        {
            // A slow machine must not look like a slow Redis; the tests of outages wait for as long.
            var scene = await Scene.OpenAsync(
                "SQLite", cancellationToken, $"--Redis:ConnectionString={redis.Configuration}", "--Redis:Timeout=00:00:02", "--Redis:BreakDuration=00:00:01",
                "--Lookup:RecordMemoryMegabytes=0"); // What a node remembers it would not ask Redis about.
            return new RedisScene(redis, scene, await ConnectionMultiplexer.ConnectAsync(redis.Configuration + ",abortConnect=false,allowAdmin=true"));
        }
        catch
        {
            await redis.DisposeAsync();
            throw;
        }
    }

    /// <summary>Records written to Redis.</summary>
    public long RepairsMade => Interlocked.Read(ref _repairs);

    /// <summary>Whether the server leaves Redis alone at this moment.</summary>
    public bool IsLeftAlone
    {
        get
        {
            _listener.RecordObservableInstruments();
            return Volatile.Read(ref _isLeftAlone) == 1;
        }
    }

    /// <summary>How many records were asked for in Redis with that outcome.</summary>
    public long Asked(string outcome) => _outcomes.GetValueOrDefault(outcome);

    /// <summary>Under which key the record of a resident is.</summary>
    public string KeyOf(string number) => Keys.RedisKeyOf(1, Document(number));

    /// <summary>A record as only a server with the key could have written it.</summary>
    public byte[] Genuine(string number, DocumentRecord record) => Keys.RedisSeal.Seal(KeyOf(number), DocumentRecordCodec.Write(record));

    /// <summary>What the store says of a resident.</summary>
    public async Task<DocumentRecord> InStoreAsync(string number, CancellationToken cancellationToken) =>
        (await Scene.Server.Services.GetRequiredService<IStore>().Listings.ReadDocumentsAsync([Document(number)], cancellationToken)).Single();

    /// <summary>Waits until Redis has a record of a resident that is as new as the last change.</summary>
    public async Task WaitForRecordAsync(string number, CancellationToken cancellationToken)
    {
        var head = (await InStoreAsync(number, cancellationToken)).Listings.FirstOrDefault()?.Sequence ?? 0;
        await Shell.WaitUntilAsync(
            async _ => await ReadAsync(number) is { } record && record.Sequence >= head, "the record in Redis", cancellationToken);
    }

    /// <summary>Waits until a question about a resident is answered by Redis.</summary>
    public async Task WaitForHitAsync(string number, string name, CancellationToken cancellationToken)
    {
        var hits = Asked("hit");
        await Shell.WaitUntilAsync(
            async token =>
            {
                await Scene.CheckAsync(number, name, null, token);
                return Asked("hit") > hits;
            },
            "an answer by Redis",
            cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _connection.DisposeAsync();
        await Scene.DisposeAsync();
        await Redis.DisposeAsync();
    }

    private static DocumentNumber Document(string number)
    {
        Assert.That(DocumentNumber.TryParse(DocumentType.ResidentId, number, "", new DateOnly(2026, 1, 1), out var document, out _));
        return document;
    }

    private async Task<DocumentRecord?> ReadAsync(string number)
    {
        var key = KeyOf(number);
        if (await Database.KeyTypeAsync(key) != RedisType.String) return null;

        var value = (byte[]?)await Database.StringGetAsync(key) ?? [];
        return Keys.RedisSeal.TryOpen(key, value, out var plain) ? DocumentRecordCodec.Read(Document(number), plain) : null;
    }
}
