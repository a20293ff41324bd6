using System.Diagnostics;
using System.Security.Cryptography;
using CreditShare.Benchmarks.Bench;
using CreditShare.Core.Numbers;
using CreditShare.Server.Lookup;

namespace CreditShare.Benchmarks.Rows;

/// <summary>The membership probe by itself, and what the same question costs where a keyed digest decides.</summary>
internal sealed class ProbeRow : IRow
{
    private const int KeyBytes = 20;
    private const int Frame = 5_000;
    private const int Questions = 1_000_000;
    private const int QuestionsByDigest = 200_000;

    public string Name => "probe";

    public string Title => "the membership probe, single-threaded";

    public string Method =>
        "Keys of 20 bytes, in the order of chance, 1 % of them in a table of ten million entries; hashed and searched in frames of 5,000, as a "
        + "screening does it, on one thread. The table is filled as a start fills it. The peer hashes with HMAC-SHA256 and asks a dictionary of the same size.";

    public async Task<IReadOnlyList<Finding>> RunAsync(BenchScene scene)
    {
        var entries = scene.Amount(10_000_000, 1_000_000);
        var hash = SipHash13.WithRandomKey();
        using var load = new FingerprintLoad();
        var digests = new Dictionary<UInt128, int>(entries);
        var key = new byte[KeyBytes];
        for (var i = 0; i < entries; i++)
        {
            WriteKey(i, key);
            load.Add(hash.Hash(key));
            digests.TryAdd(((UInt128)(uint)i << 64) | ((ulong)i * 0x9E3779B97F4A7C15UL), 1);
        }

        var table = new FingerprintTable(load);
        var questions = new byte[Questions * KeyBytes];
        var random = new Random(1);
        for (var i = 0; i < Questions; i++)
        {
            WriteKey(i % 100 == 0 ? random.Next(entries) : entries + random.Next(1 << 30), questions.AsSpan(i * KeyBytes, KeyBytes));
        }

        var (ours, peers) = await scene.InTurnAsync(() => Task.FromResult(ProbeAll(hash, table, questions)), () => Task.FromResult(DigestAll(digests, questions)));
        return
        [
            new Finding
            {
                Work = $"one number of {entries:N0}, hash included", Unit = "ns", Ours = ours, Peer = "HMAC-SHA256 and a dictionary", Peers = peers,
                Goal = Goal.AtMost(60),
            },
            new Finding { Work = "memory of the index", Unit = "bytes an entry", Ours = [(double)table.Bytes / table.Entries], Goal = Goal.AtMost(24) },
        ];
    }

    private static double ProbeAll(SipHash13 hash, FingerprintTable table, byte[] questions)
    {
        var fingerprints = new ulong[Frame];
        var found = new DocumentPresence[Frame];
        var present = 0;
        var started = Stopwatch.GetTimestamp();
        for (var start = 0; start < Questions; start += Frame)
        {
            for (var i = 0; i < Frame; i++) fingerprints[i] = hash.Hash(questions.AsSpan((start + i) * KeyBytes, KeyBytes));
            table.FindMany(fingerprints, found);
            foreach (var presence in found)
            {
                if (!presence.IsAbsent) present++;
            }
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        if (present != Questions / 100) throw new InvalidOperationException($"{present} were found.");
        return elapsed.TotalNanoseconds / Questions;
    }

    private static double DigestAll(Dictionary<UInt128, int> digests, byte[] questions)
    {
        var secret = new byte[32];
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var present = 0;
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < QuestionsByDigest; i++)
        {
            HMACSHA256.HashData(secret, questions.AsSpan(i * KeyBytes, KeyBytes), digest);
            if (digests.ContainsKey(System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(digest))) present++;
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        return present > QuestionsByDigest / 2 ? throw new InvalidOperationException("Digests collide.") : elapsed.TotalNanoseconds / QuestionsByDigest;
    }

    // As a resident's number stands in a key: the type's byte, a zero, 18 digits.
    private static void WriteKey(int number, Span<byte> key)
    {
        key.Clear();
        key[0] = (byte)DocumentType.ResidentId;
        if (!((ulong)number * 0x9E3779B97F4A7C15UL % 1_000_000_000_000_000_000UL).TryFormat(key[2..], out _, "D18")) throw new InvalidOperationException("No room.");
    }
}
