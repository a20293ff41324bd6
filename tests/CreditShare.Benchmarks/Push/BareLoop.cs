using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using CreditShare.Core.Access;
using CreditShare.Core.Push;
using CreditShare.Server.Push;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Polly;
using static CreditShare.Benchmarks.Figures;
using Lane = CreditShare.Core.Push.Lane;

namespace CreditShare.Benchmarks.Push;

/// <summary>What one would write without CreditShare: an HttpClient and a loop an endpoint. In a process of its own, as the server is.</summary>
internal static class BareLoop
{
    /// <summary>Posts bodies and reads the answers.</summary>
    public const string Plain = "plain";

    /// <summary>Signs them, too.</summary>
    public const string Signed = "signed";

    /// <summary>Signs them, and posts them through the pipelines that CreditShare has.</summary>
    public const string WithPolly = "signed, with Polly";

    /// <summary>How long it posts before it is asked, if nobody says otherwise.</summary>
    public const int WarmUpSeconds = 4;

    public static async Task WriteBodiesAsync(string file, IReadOnlyList<byte[]> bodies)
    {
        await using var stream = File.Create(file);
        await using var writer = new BinaryWriter(stream);
        writer.Write(bodies.Count);
        foreach (var body in bodies)
        {
            writer.Write(body.Length);
            writer.Write(body);
        }
    }

    /// <summary>Gets warm; then, for each line that it reads, posts all bodies to every endpoint and prints webhooks, seconds, seconds of processor time,
    /// and bytes allocated.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var mode = Option(arguments, "--mode")!;
        var bodies = ReadBodies(Option(arguments, "--bodies")!);
        var endpoints = Option(arguments, "--endpoints", 100);
        var warmUp = TimeSpan.FromSeconds(Option(arguments, "--warm-up", WarmUpSeconds));
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.ImportFromPemFile(Option(arguments, "--authority")!);
        using var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false, SslOptions = { CertificateChainPolicy = trust } };
        using var http = new HttpClient(handler);
        var poster = new Poster(http, mode);
        var addresses = Enumerable.Range(0, endpoints).Select(number => new Uri($"https://localhost:{Option(arguments, "--port")}/{number}")).ToArray();

        var warm = Stopwatch.GetTimestamp();
        await Task.WhenAll(addresses.Select(async (address, number) =>
        {
            for (var i = 0; Stopwatch.GetElapsedTime(warm) < warmUp; i++) await poster.PostAsync(address, number, bodies[i % bodies.Length]);
        }));

        while (await Console.In.ReadLineAsync() is not null)
        {
            using var own = Process.GetCurrentProcess();
            var (started, processor, allocated) = (Stopwatch.GetTimestamp(), own.TotalProcessorTime, GC.GetTotalAllocatedBytes());
            await Task.WhenAll(addresses.Select(async (address, number) =>
            {
                foreach (var body in bodies) await poster.PostAsync(address, number, body);
            }));
            var elapsed = Stopwatch.GetElapsedTime(started);
            own.Refresh();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{endpoints * bodies.Length} {elapsed.TotalSeconds} {(own.TotalProcessorTime - processor).TotalSeconds} {GC.GetTotalAllocatedBytes() - allocated}"));
        }

        return 0;
    }

    private static byte[][] ReadBodies(string file)
    {
        using var reader = new BinaryReader(File.OpenRead(file));
        var bodies = new byte[reader.ReadInt32()][];
        for (var i = 0; i < bodies.Length; i++) bodies[i] = reader.ReadBytes(reader.ReadInt32());
        return bodies;
    }

    private sealed class Poster(HttpClient http, string mode)
    {
        private readonly WebhookSignature? _signature = mode == Plain ? null : new WebhookSignature([PushScene.Secret]);
        private readonly PushPipelines? _pipelines = mode == WithPolly ? MakePipelines() : null;
        private readonly PartnerId _partner = PartnerId.Restore("bench");

        public async Task PostAsync(Uri address, int number, byte[] body)
        {
            if (_pipelines is null)
            {
                await PostAsync(address, body, CancellationToken.None);
                return;
            }

            await _pipelines.ExecuteAsync(
                new SubscriptionId(_partner, Text(number)), Lane.Ordered,
                static async (context, state) =>
                {
                    await state.Poster.PostAsync(state.Address, state.Body, context.CancellationToken);
                    return Outcome.FromResult(new DeliveryAnswer { Outcome = DeliveryOutcome.Accepted });
                },
                (Poster: this, Address: address, Body: body), CancellationToken.None);
        }

        private static PushPipelines MakePipelines()
        {
            var services = new ServiceCollection().AddMetrics().AddSingleton<PushMetrics>().BuildServiceProvider();
            return new PushPipelines(Options.Create(new PushOptions()), TimeProvider.System, Random.Shared, services.GetRequiredService<PushMetrics>());
        }

        private async Task PostAsync(Uri address, byte[] body, CancellationToken cancellationToken)
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, address)
            {
                Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
            };
            if (_signature is not null)
            {
                var (id, at) = (Guid.NewGuid().ToString(), DateTimeOffset.UtcNow);
                message.Headers.Add("webhook-id", id);
                message.Headers.Add("webhook-timestamp", at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
                message.Headers.Add("webhook-signature", _signature.Sign(id, at, body));
            }

            using var response = await http.SendAsync(message, cancellationToken);
            response.EnsureSuccessStatusCode();
            await response.Content.ReadAsByteArrayAsync(cancellationToken);
        }
    }
}
