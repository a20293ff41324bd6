using System.Diagnostics;
using System.Runtime.InteropServices;
using CreditShare.Client;

namespace CreditShare.Benchmarks.Traffic;

/// <summary>Asks a server over some connections: as fast as it answers, for a time or each question once, or at a rate whether it answers or not.</summary>
internal sealed class LoadClient : IDisposable
{
    /// <summary>Kinds of questions whose latencies can be kept apart.</summary>
    public const int MostKinds = 2;

    /// <summary>How long no answer at all may come.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly LoadConnection[] _connections;
    private readonly IReadOnlyList<LoadQuestion> _questions;
    private int _next;

    private LoadClient(LoadConnection[] connections, IReadOnlyList<LoadQuestion> questions) => (_connections, _questions) = (connections, questions);

    /// <param name="server">Where it listens.</param>
    /// <param name="identity">Who asks; null in clear.</param>
    /// <param name="path">The RPC: <c>/package.Service/Method</c>.</param>
    /// <param name="connections">How many.</param>
    /// <param name="questions">What is asked, in turn.</param>
    public static LoadClient Open(Uri server, PartnerIdentity? identity, string path, int connections, IReadOnlyList<LoadQuestion> questions) =>
        new([.. Enumerable.Range(0, connections).Select(_ => LoadConnection.Open(server, identity, path))], questions);

    /// <summary>Lets callers ask, each again as soon as it has its answer.</summary>
    /// <param name="callers">How many, over all connections.</param>
    /// <param name="settle">How long they ask before it counts.</param>
    /// <param name="time">For how long it counts.</param>
    /// <returns>Answers a second while it counted, and all answers from the beginning to the end.</returns>
    public (double PerSecond, long Answers) Saturate(int callers, TimeSpan settle, TimeSpan time)
    {
        var (stop, first) = (false, CountAnswers());
        foreach (var connection in _connections)
        {
            connection.Answered = (connection, _, _) =>
            {
                if (!Volatile.Read(ref stop)) connection.Ask(NextQuestion(), 0);
            };
        }

        for (var i = 0; i < callers; i++) _connections[i % _connections.Length].Ask(NextQuestion(), 0);
        Flush();

        Thread.Sleep(settle);
        var (started, before) = (Stopwatch.GetTimestamp(), CountAnswers());
        Thread.Sleep(time);
        var rate = (CountAnswers() - before) / Stopwatch.GetElapsedTime(started).TotalSeconds;
        Volatile.Write(ref stop, true);
        WaitUntilIdle();
        return (rate, CountAnswers() - first);
    }

    /// <summary>Lets callers ask each question once, in order, each caller the next as soon as it has its answer.</summary>
    /// <param name="callers">How many, over all connections.</param>
    /// <returns>From the first question to the last answer, and the milliseconds of each call.</returns>
    public (TimeSpan Elapsed, double[] Milliseconds) AskEach(int callers)
    {
        var next = -1;
        var taken = _connections.Select(_ => new List<(long Asked, long Answered)>(_questions.Count)).ToArray();
        for (var i = 0; i < _connections.Length; i++)
        {
            var own = taken[i];
            _connections[i].Answered = (connection, _, asked) =>
            {
                own.Add((asked, Stopwatch.GetTimestamp()));
                AskNext(connection);
            };
        }

        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < callers; i++) AskNext(_connections[i % _connections.Length]);
        Flush();
        WaitUntilIdle();
        return (
            Stopwatch.GetElapsedTime(started, taken.SelectMany(own => own).Max(call => call.Answered)),
            [.. taken.SelectMany(own => own).Select(call => Stopwatch.GetElapsedTime(call.Asked, call.Answered).TotalMilliseconds)]);

        void AskNext(LoadConnection connection)
        {
            if (Interlocked.Increment(ref next) is var mine && mine < _questions.Count) connection.Ask(_questions[mine], Stopwatch.GetTimestamp());
        }
    }

    /// <summary>Asks at a steady rate, each question at its time, however long the answers before it take: one that has to wait for its turn
    /// has waited from that time on.</summary>
    /// <param name="rate">Questions a second.</param>
    /// <param name="settle">How long before it counts.</param>
    /// <param name="time">For how long it counts.</param>
    /// <returns>By kind: milliseconds from the time at which it was to be asked to its answer, ascending.</returns>
    public double[][] Pace(double rate, TimeSpan settle, TimeSpan time)
    {
        var from = Stopwatch.GetTimestamp() + TicksOf(settle);
        var room = (int)(rate * time.TotalSeconds) + 1;
        var taken = _connections.Select(_ => Enumerable.Range(0, MostKinds).Select(_ => new List<long>(room)).ToArray()).ToArray();
        for (var i = 0; i < _connections.Length; i++)
        {
            var own = taken[i];
            _connections[i].Answered = (_, question, intended) =>
            {
                if (intended >= from) own[question.Kind].Add(Stopwatch.GetTimestamp() - intended);
            };
        }

        // A thread of its own that sleeps in between: it must not be late because a pool is busy, and must not take a core.
        var sender = new Thread(() => Send(rate, from - TicksOf(settle), from + TicksOf(time))) { Name = "pace", Priority = ThreadPriority.AboveNormal };
        sender.Start();
        sender.Join();
        WaitUntilIdle();
        return [.. Enumerable.Range(0, MostKinds).Select(kind =>
            taken.SelectMany(own => own[kind]).Select(ticks => ticks * 1_000.0 / Stopwatch.Frequency).Order().ToArray())];
    }

    public void Dispose()
    {
        foreach (var connection in _connections) connection.Dispose();
    }

    private void Send(double rate, long start, long end)
    {
        var ticksApart = Stopwatch.Frequency / rate;
        for (long sent = 0; ; sent++)
        {
            var intended = start + (long)(sent * ticksApart);
            if (intended >= end) break;
            if (intended > Stopwatch.GetTimestamp())
            {
                Flush();
                SleepUntil(intended);
            }

            _connections[sent % _connections.Length].Ask(NextQuestion(), intended);
        }

        Flush();
    }

    private void Flush()
    {
        foreach (var connection in _connections) connection.Flush();
    }

    private long CountAnswers() => _connections.Sum(connection => connection.Answers);

    private LoadQuestion NextQuestion() => _questions[(int)((uint)Interlocked.Increment(ref _next) % (uint)_questions.Count)];

    private void WaitUntilIdle()
    {
        var (answers, since) = (CountAnswers(), Stopwatch.GetTimestamp());
        while (!_connections.All(connection => connection.IsIdle))
        {
            ThrowIfFailed();
            if (CountAnswers() is var now && now != answers) (answers, since) = (now, Stopwatch.GetTimestamp());
            if (Stopwatch.GetElapsedTime(since) > Patience) throw new TimeoutException($"Answers are missing: {string.Join(", ", _connections.Select(connection => connection.UnderWay))}.");
            Thread.Sleep(1);
        }

        ThrowIfFailed();
    }

    private void ThrowIfFailed()
    {
        foreach (var connection in _connections)
        {
            if (connection.Failure is { } failure) throw new InvalidOperationException("The load broke off.", failure);
        }
    }

    private static long TicksOf(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    // Thread.Sleep knows milliseconds only.
    private static void SleepUntil(long timestamp)
    {
        while (timestamp - Stopwatch.GetTimestamp() is > 0 and var left)
        {
            var time = new Timespec { Nanoseconds = (nint)Math.Min(999_999_999, left * (1_000_000_000.0 / Stopwatch.Frequency)) };
            _ = NanoSleep(in time, 0);
        }
    }

    [DllImport("libc", EntryPoint = "nanosleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int NanoSleep(in Timespec wanted, nint left);

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
