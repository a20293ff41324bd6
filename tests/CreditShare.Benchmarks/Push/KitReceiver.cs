using System.Collections.Concurrent;
using System.Net;
using CreditShare.Cli.Subscriptions;
using CreditShare.Receiver;
using CreditShare.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace CreditShare.Benchmarks.Push;

/// <summary>A receiver made of the kit, whose ordered lane may be slow. It keeps what the kit keeps, and an account of it.</summary>
internal sealed class KitReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SlowState _state = new();
    private readonly Desk _desk = new();

    private KitReceiver(string dataFolder)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback, 0, listen => listen.UseHttps(ListenCertificate.Make(dataFolder, TimeProvider.System))));
        builder.Services.AddRouting();
        builder.Services.AddSingleton<IReceiverState>(_state);
        builder.Services.AddSingleton<IChangeHandler>(_desk);
        builder.Services.AddCreditShareReceiver<Desk>(options => options.Secrets.Add(PushScene.Secret));
        _app = builder.Build();
        _app.UseRouting();
        _app.MapCreditShareWebhook("/hooks");
    }

    public string Address => new Uri(new Uri(
        $"https://localhost:{new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port}"), "/hooks").ToString();

    /// <summary>How long each frame of the ordered lane waits before it is taken.</summary>
    public TimeSpan Slowness
    {
        set => _state.Slowness = value;
    }

    /// <summary>Changes handed over to the department's own code.</summary>
    public int Handed => _desk.Handed;

    /// <summary>Ends that were handed over, by number: when they were recorded, and when they were applied.</summary>
    public IReadOnlyDictionary<long, (string Listing, DateTimeOffset At, DateTimeOffset AppliedAt)> Ended => _desk.Ended;

    /// <summary>How often something came of a listing, whatever lane it came on and whether it was news.</summary>
    public int CountArrivals(string listing) => _state.Arrivals.GetValueOrDefault(listing);

    /// <summary>What the kit knows of a listing.</summary>
    public async Task<ListingMark?> FindMarkAsync(string subscription, string listing) => await _state.PeekAsync(subscription, listing);

    public static async Task<KitReceiver> StartAsync(string dataFolder)
    {
        var receiver = new KitReceiver(dataFolder);
        await receiver._app.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync()
    {
        Slowness = TimeSpan.Zero;
        await _app.DisposeAsync();
    }

    private sealed class Desk : IChangeHandler
    {
        private readonly ConcurrentDictionary<long, (string, DateTimeOffset, DateTimeOffset)> _ended = new();
        private int _handed;

        public int Handed => Volatile.Read(ref _handed);

        public IReadOnlyDictionary<long, (string Listing, DateTimeOffset At, DateTimeOffset AppliedAt)> Ended => _ended;

        public Task<ChangeOutcome> ApplyAsync(ReceivedChange change, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _handed);
            if (change.HasEnded) _ended[change.Change.Sequence] = (change.ListingName, change.Change.Time.ToDateTimeOffset(), DateTimeOffset.UtcNow);
            return Task.FromResult(ChangeOutcome.Applied);
        }
    }

    /// <summary>The kit asks for the lane's cursor before it takes a frame, and for a listing's mark before each change.</summary>
    private sealed class SlowState : IReceiverState
    {
        private readonly MemoryReceiverState _memory = new();
        private long _slowness;

        public TimeSpan Slowness
        {
            set => Volatile.Write(ref _slowness, value.Ticks);
        }

        public ConcurrentDictionary<string, int> Arrivals { get; } = new();

        public async ValueTask<Cursor?> FindCursorAsync(string subscription, Lane lane, CancellationToken cancellationToken)
        {
            var wait = Volatile.Read(ref _slowness);
            if (lane == Lane.Ordered && wait > 0) await Task.Delay(TimeSpan.FromTicks(wait), cancellationToken);
            return await _memory.FindCursorAsync(subscription, lane, cancellationToken);
        }

        public ValueTask<ListingMark?> FindMarkAsync(string subscription, string listing, CancellationToken cancellationToken)
        {
            Arrivals.AddOrUpdate(listing, 1, static (_, count) => count + 1);
            return _memory.FindMarkAsync(subscription, listing, cancellationToken);
        }

        public ValueTask<ListingMark?> PeekAsync(string subscription, string listing) =>
            _memory.FindMarkAsync(subscription, listing, CancellationToken.None);

        public ValueTask MarkAsync(string subscription, string listing, ListingMark mark, CancellationToken cancellationToken) =>
            _memory.MarkAsync(subscription, listing, mark, cancellationToken);

        public ValueTask SaveAsync(string subscription, Lane lane, Cursor cursor, CancellationToken cancellationToken) =>
            _memory.SaveAsync(subscription, lane, cursor, cancellationToken);

        public ValueTask ForgetAsync(string subscription, CancellationToken cancellationToken) => _memory.ForgetAsync(subscription, cancellationToken);
    }
}
