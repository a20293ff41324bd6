using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using CreditShare.Cli.CommandLine;
using CreditShare.Cli.Subscriptions;
using CreditShare.IntegrationTests.Infrastructure;
using CreditShare.V1;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using NUnit.Framework;

namespace CreditShare.IntegrationTests.Push;

/// <summary>The tool's receiver, and with it the kit over real connections.</summary>
[CancelAfter(120_000)]
internal sealed class ListenTests
{
    private const string Secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private const string Name = "partners/dev-department/subscriptions/all";

    [Test]
    public async Task A_change_is_printed_once_whether_it_comes_by_webhook_or_by_grpc(CancellationToken cancellationToken)
    {
        await using var listener = await Listener.StartAsync(["--secret", Secret], cancellationToken);
        using var channel = listener.Connect();
        var client = new ChangeReceiver.ChangeReceiverClient(channel);

        var posted = await listener.PostAsync(Frame(0, 4), Secret, cancellationToken);
        var repeated = await client.ReceiveChangesAsync(Frame(0, 4), cancellationToken: cancellationToken);
        var called = await client.ReceiveChangesAsync(Frame(4, 9), cancellationToken: cancellationToken);
        var output = await listener.StopAsync(cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((posted.Status, JsonParser.Default.Parse<ReceiveChangesResponse>(posted.Body).AppliedSequence), Is.EqualTo((200, 4L)));
            Assert.That((repeated.AppliedSequence, called.AppliedSequence), Is.EqualTo((4L, 9L)));
            Assert.That(output.Code, Is.Zero);
            Assert.That(
                output.Lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2]), Is.EqualTo(["1:4", "1:9"]), string.Join('\n', output.Lines));
        }
    }

    [Test]
    public async Task Whoever_does_not_know_the_secret_or_has_another_key_is_not_heard(CancellationToken cancellationToken)
    {
        await using var listener = await Listener.StartAsync(["--secret", Secret, "--caller-key", new string('a', 64)], cancellationToken);
        using var channel = listener.Connect();
        var other = "whsec_" + Convert.ToBase64String(new byte[32]);

        var posted = await listener.PostAsync(Frame(0, 4), other, cancellationToken);
        var called = await Assert.ThrowsAsync<RpcException>(
            async () => await new ChangeReceiver.ChangeReceiverClient(channel).ReceiveChangesAsync(Frame(0, 4), cancellationToken: cancellationToken));
        var output = await listener.StopAsync(cancellationToken);

        Assert.That((posted.Status, called!.StatusCode, output.Lines.Length), Is.EqualTo((401, StatusCode.Unauthenticated, 0)));
    }

    [Test]
    public async Task It_fails_when_it_was_asked_to(CancellationToken cancellationToken)
    {
        await using var listener = await Listener.StartAsync(["--secret", Secret, "--fail"], cancellationToken);
        using var channel = listener.Connect();

        var posted = await listener.PostAsync(Frame(0, 4), Secret, cancellationToken);
        var called = await Assert.ThrowsAsync<RpcException>(
            async () => await new ChangeReceiver.ChangeReceiverClient(channel).ReceiveChangesAsync(Frame(0, 4), cancellationToken: cancellationToken));

        Assert.That((posted.Status, called!.StatusCode), Is.EqualTo((503, StatusCode.Unavailable)));
    }

    [Test]
    public async Task It_answers_nothing_when_it_was_asked_to(CancellationToken cancellationToken)
    {
        await using var listener = await Listener.StartAsync(["--secret", Secret, "--hang"], cancellationToken);
        using var channel = listener.Connect();

        var called = await Assert.ThrowsAsync<RpcException>(
            async () => await new ChangeReceiver.ChangeReceiverClient(channel).ReceiveChangesAsync(
                Frame(0, 4), deadline: DateTime.UtcNow.AddSeconds(2), cancellationToken: cancellationToken));

        Assert.That(called!.StatusCode, Is.EqualTo(StatusCode.DeadlineExceeded));
    }

    private static ReceiveChangesRequest Frame(long from, long to) => new()
    {
        MessageId = $"msg_{from}_{to}",
        Subscription = Name,
        Purpose = DeliveryPurpose.Changes,
        Lane = Lane.Ordered,
        Epoch = 1,
        FromSequence = from,
        ToSequence = to,
        Changes =
        {
            new Change
            {
                Epoch = 1,
                Sequence = to,
                Kind = ChangeKind.Withdrawn,
                ListingName = $"listings/{to}",
                Version = 2,
                Time = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow()),
                Ending = new Ending { Reason = EndReason.Performed },
            },
        },
    };

    /// <summary>The tool as a process.</summary>
    private sealed class Listener : IAsyncDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly Process _process;
        private readonly HttpClient _http;
        private readonly StringBuilder _told = new();
        private readonly Task<string> _output;

        private Listener(string[] args)
        {
            string[] line = [typeof(CliHost).Assembly.Location, "subscription", "listen", "--port", "0", .. args];
            _process = new Process
            {
                StartInfo = new ProcessStartInfo("dotnet", line) { WorkingDirectory = _folder.Path, RedirectStandardOutput = true, RedirectStandardError = true },
            };
            _process.ErrorDataReceived += (_, told) =>
            {
                lock (_told) _told.AppendLine(told.Data);
            };
            _process.Start();
            _process.BeginErrorReadLine();
            _output = _process.StandardOutput.ReadToEndAsync();
            _http = new HttpClient(HandlerFor());
        }

        private string Told
        {
            get
            {
                lock (_told) return _told.ToString();
            }
        }

        public static async Task<Listener> StartAsync(string[] args, CancellationToken cancellationToken)
        {
            var listener = new Listener(args);
            await Shell.WaitUntilAsync(
                _ => Task.FromResult(listener._process.HasExited || listener.Told.Contains("key ", StringComparison.Ordinal)), "the tool to listen", cancellationToken);
            return listener.Told.Contains("key ", StringComparison.Ordinal) ? listener : throw new InvalidOperationException(listener.Told);
        }

        public GrpcChannel Connect() => GrpcChannel.ForAddress(Word("grpc"), new GrpcChannelOptions { HttpHandler = HandlerFor(), DisposeHttpClient = true });

        public async Task<(int Status, string Body)> PostAsync(ReceiveChangesRequest request, string secret, CancellationToken cancellationToken)
        {
            var body = Encoding.UTF8.GetBytes($$"""{"type":"changes","timestamp":"2026-11-25T08:00:00Z","data":{{JsonFormatter.Default.Format(request)}}}""");
            var at = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
            byte[] signed = [.. Encoding.UTF8.GetBytes($"{request.MessageId}.{at}."), .. body];
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            content.Headers.Add("webhook-id", request.MessageId);
            content.Headers.Add("webhook-timestamp", $"{at}");
            content.Headers.Add("webhook-signature", $"v1,{Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), signed))}");
            using var response = await _http.PostAsync(new Uri(Word("webhook")), content, cancellationToken);
            return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
        }

        public async Task<(int Code, string[] Lines)> StopAsync(CancellationToken cancellationToken)
        {
            // Not SIGINT: what a script runs in the background ignores it, and so does all that is started from there.
            await Shell.SignalAsync(_process.Id, "TERM", cancellationToken);
            await _process.WaitForExitAsync(cancellationToken);
            return (_process.ExitCode, (await _output).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }

        public async ValueTask DisposeAsync()
        {
            if (!_process.HasExited) _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
            _http.Dispose();
            _folder.Dispose();
        }

        // The key that it tells is the only one that is trusted, as a subscription pins it.
        private SocketsHttpHandler HandlerFor() => new()
        {
            SslOptions = new()
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                    certificate is System.Security.Cryptography.X509Certificates.X509Certificate2 server && ListenCertificate.SpkiOf(server) == Word("key"),
            },
        };

        private string Word(string label) =>
            Told.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                .First(words => words.Length > 1 && words[0] == label)[1];
    }
}
