using CreditShare.Benchmarks.Bench;
using CreditShare.Benchmarks.Push;

namespace CreditShare.Benchmarks.Rows;

/// <summary>Webhooks flat out, one change each and 500 each, beside a loop that one would write oneself.</summary>
internal sealed class WebhookRow : IRow
{
    private const int Endpoints = 100;
    private const int FullFrame = 500;

    public string Name => "webhooks";

    public string Title => "webhooks to 100 endpoints";

    public string Method =>
        "A journal on SQLite is delivered to 100 endpoints of one receiver (Kestrel, HTTP/1.1, TLS) as fast as it goes, one message in flight an endpoint. Ours "
        + "builds, signs and sends each message through retries, breaker and limits of time, and records each attempt and each cursor durably. The peer is a "
        + "process with one HttpClient and a loop an endpoint that has the same bodies in memory, signs and posts them and waits for the answers; it retries nothing and "
        + "writes nothing. Each side is warm before it is measured. Every endpoint must have had every change, in order and without a gap.";

    public async Task<IReadOnlyList<Finding>> RunAsync(BenchScene scene)
    {
        var engine = new PushEngine(scene.NewFolder("webhooks"), isPostgres: false);
        var (single, bareSingle) = await MeasureAsync(scene, engine, scene.Amount(1_000, 100), frame: 1);
        var (full, bareFull) = await MeasureAsync(scene, engine, scene.Amount(20_000, 2_000), FullFrame);
        const string Peer = "HttpClient loop, signed";
        return
        [
            new Finding
            {
                Work = "one change each", Unit = "webhooks/s", Ours = Rates(single), Peer = Peer, Peers = Rates(bareSingle), Goal = Goal.RatioAtLeast(0.6),
            },
            new Finding { Work = "one change each, alone", Unit = "webhooks/s", Ours = Rates(single), Goal = Goal.AtLeast(15_000) },
            new Finding
            {
                Work = "one change each, processor time of the sender", Unit = "µs a webhook", Ours = Times(single), Peer = Peer, Peers = Times(bareSingle),
            },
            new Finding { Work = $"frames of {FullFrame}", Unit = "changes/s", Ours = ChangeRates(full), Goal = Goal.AtLeast(300_000) },
            new Finding { Work = $"frames of {FullFrame}, beside the loop", Unit = "changes/s", Ours = ChangeRates(full), Peer = Peer, Peers = ChangeRates(bareFull) },
        ];
    }

    private static async Task<(List<Delivered> Ours, List<Delivered> Peers)> MeasureAsync(
        BenchScene scene, PushEngine engine, int changes, int frame)
    {
        await using var turns = await DeliveryTurns.StartAsync(engine, Endpoints, changes, frame);
        turns.LoopWarmUp = scene.Amount(BareLoop.WarmUpSeconds, 1);
        return await scene.InTurnAsync(turns.DeliverAsync, () => turns.LoopAsync(BareLoop.Signed));
    }

    private static double[] Rates(List<Delivered> turns) => [.. turns.Select(turn => turn.PerSecond)];

    private static double[] ChangeRates(List<Delivered> turns) => [.. turns.Select(turn => turn.ChangesPerSecond)];

    private static double[] Times(List<Delivered> turns) => [.. turns.Select(turn => turn.Processor.TotalMicroseconds / turn.Webhooks)];
}
