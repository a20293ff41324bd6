using CreditShare.Server.Lookup;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace CreditShare.Tests.Lookup;

internal sealed class FingerprintTableTests
{
    private const int BytesAnEntry = 24;

    [Test]
    public void A_fingerprint_nobody_added_is_absent() => Assert.That(new FingerprintTable().Find(42).IsAbsent);

    [Test]
    public void An_entry_goes_only_when_its_count_reaches_zero()
    {
        var table = new FingerprintTable();
        table.Add(42, 1);
        table.Add(42, 2);

        table.Remove(42, 3);
        var afterOne = table.Find(42);
        table.Remove(42, 4);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(afterOne, Is.EqualTo(new DocumentPresence(1, 3)));
            Assert.That(table.Find(42).IsAbsent);
            Assert.That(table.Entries, Is.Zero);
        }
    }

    [Test]
    public void A_removed_fingerprint_can_come_back()
    {
        var table = new FingerprintTable();
        table.Add(42, 1);
        table.Remove(42, 2);

        table.Add(42, 3);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(table.Find(42), Is.EqualTo(new DocumentPresence(1, 3)));
            Assert.That(table.Entries, Is.EqualTo(1));
        }
    }

    [Test]
    public void A_full_count_never_falls_again()
    {
        var table = new FingerprintTable();
        for (var i = 0; i <= FingerprintTable.MaxCount; i++) table.Add(42, i);

        for (var i = 0; i <= FingerprintTable.MaxCount; i++) table.Remove(42, i);

        Assert.That(table.Find(42).Listings, Is.EqualTo(FingerprintTable.MaxCount));
    }

    [TestCase(0UL)]
    [TestCase(1UL)]
    [TestCase(ulong.MaxValue)]
    public void Every_fingerprint_can_be_held_even_those_with_a_meaning_inside(ulong fingerprint)
    {
        var table = new FingerprintTable();

        table.Add(fingerprint, FingerprintTable.MaxSequence);

        Assert.That(table.Find(fingerprint), Is.EqualTo(new DocumentPresence(1, FingerprintTable.MaxSequence)));
    }

    [Test]
    public void The_floor_lifts_older_sequences_and_leaves_newer_ones()
    {
        var table = new FingerprintTable();
        table.Add(1, 5);
        table.Add(2, 50);

        table.Floor = 10;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(table.Find(1).Sequence, Is.EqualTo(10));
            Assert.That(table.Find(2).Sequence, Is.EqualTo(50));
            Assert.That(table.Find(3), Is.EqualTo(default(DocumentPresence)));
        }
    }

    [Test]
    public void Removing_or_touching_what_is_not_there_is_refused()
    {
        var table = new FingerprintTable();
        table.Add(7, 1);
        table.Remove(7, 2);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => table.Remove(42, 1), Throws.InvalidOperationException);
            Assert.That(() => table.Touch(42, 1), Throws.InvalidOperationException);
            Assert.That(() => table.Remove(7, 3), Throws.InvalidOperationException, "dead");
            Assert.That(() => table.Touch(7, 3), Throws.InvalidOperationException, "dead");
        }
    }

    [Test]
    public void Many_searched_together_are_found_as_one_by_one()
    {
        var table = new FingerprintTable();
        for (var i = 1; i <= 1_000; i += 2) table.Add(Scatter(i), i);
        var wanted = Enumerable.Range(1, 1_000).Select(i => Scatter(i)).ToArray();
        var found = new DocumentPresence[wanted.Length];

        table.FindMany(wanted, found);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(found, Is.EqualTo(wanted.Select(table.Find)));
            Assert.That(found.Count(presence => presence.IsAbsent), Is.EqualTo(500));
        }
    }

    [Test]
    public void A_search_allocates_nothing()
    {
        var table = new FingerprintTable();
        var wanted = Enumerable.Range(1, 100).Select(i => Scatter(i)).ToArray();
        foreach (var fingerprint in wanted) table.Add(fingerprint, 1);
        var found = new DocumentPresence[wanted.Length];
        table.FindMany(wanted, found);
        var before = GC.GetAllocatedBytesForCurrentThread();

        table.FindMany(wanted, found);
        var absent = table.Find(Scatter(-1)).IsAbsent;
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(allocated, Is.Zero);
            Assert.That(absent);
        }
    }

    [Test]
    public void Any_history_leaves_what_a_dictionary_would_hold()
    {
        // Few fingerprints, one segment, two home buckets and few tags: every chain is long, and slots die and come back all the time.
        var step = ArbMap.Default.GeneratorFor<byte>().Two().ListOf();
        Prop.ForAll(step.ToArbitrary(), steps =>
        {
            var table = new FingerprintTable();
            var model = new Dictionary<ulong, DocumentPresence>();
            var sequence = 0L;
            foreach (var (chosen, action) in steps)
            {
                var fingerprint = Colliding(chosen % 80);
                Play(table, model, fingerprint, action, ++sequence);
            }

            return table.Entries == model.Count
                && Enumerable.Range(0, 80).All(i => table.Find(Colliding(i)) == model.GetValueOrDefault(Colliding(i)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(600));
    }

    [Test]
    public void An_entry_takes_at_most_24_bytes_at_every_size_while_growing_and_shrinking()
    {
        const int settled = 600_000;
        const int most = 1_000_000;
        const int step = 10_000;
        var table = new FingerprintTable();
        var worst = 0.0;
        for (var i = 1; i <= most; i++)
        {
            table.Add(Scatter(i), 1);
            if (i >= settled && i % step == 0) worst = Math.Max(worst, (double)table.Bytes / table.Entries);
        }

        const int left = most - 100_000;
        for (var i = most; i > left; i--)
        {
            table.Remove(Scatter(i), 2);
            if (i % step == 0) worst = Math.Max(worst, (double)table.Bytes / table.Entries);
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(table.Entries, Is.EqualTo(left));
            Assert.That(worst, Is.InRange(16, BytesAnEntry));
        }
    }

    // The heap is everybody's: nothing else may run meanwhile.
    [Test, NonParallelizable]
    public void The_bytes_told_are_those_allocated()
    {
        const int entries = 500_000;
        // What earlier tests left to finalizers must not be freed in between.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var table = new FingerprintTable();
        for (var i = 1; i <= entries; i++) table.Add(Scatter(i), 1);
        var held = GC.GetTotalMemory(forceFullCollection: true) - before;

        Assert.That(held, Is.EqualTo(table.Bytes).Within(5).Percent);
    }

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(8)]
    public void What_was_collected_on_several_threads_is_counted_in_24_bytes_a_document(int listingsEach)
    {
        const int documents = 400_000;
        using var load = new FingerprintLoad();
        Parallel.For(0, documents * listingsEach, i => load.Add(Scatter(i % documents)));

        var table = new FingerprintTable(load) { Floor = 7 };
        var counts = Enumerable.Range(0, documents).Select(i => table.Find(Scatter(i))).Distinct().ToList();
        table.Add(Scatter(1), 9);
        table.Remove(Scatter(2), 9);

        Assert.That(counts, Is.EqualTo([new DocumentPresence(listingsEach, 7)]));
        Assert.That(table.Find(Scatter(documents)).IsAbsent);
        Assert.That(table.Find(Scatter(1)), Is.EqualTo(new DocumentPresence(listingsEach + 1, 9)));
        Assert.That(table.Find(Scatter(2)).Listings, Is.EqualTo(listingsEach - 1));
        Assert.That(table.Entries, Is.EqualTo(listingsEach == 1 ? documents - 1 : documents));
        Assert.That(table.Bytes, Is.LessThanOrEqualTo(24L * documents));
    }

    [Test]
    public void Of_nothing_collected_comes_an_empty_table()
    {
        using var load = new FingerprintLoad();
        var table = new FingerprintTable(load);
        table.Add(42, 1);

        Assert.That(table.Find(42), Is.EqualTo(new DocumentPresence(1, 1)));
    }

    [Test]
    public void Counts_stop_at_the_highest_when_collected_too()
    {
        using var load = new FingerprintLoad();
        for (var i = 0; i <= FingerprintTable.MaxCount + 5; i++) load.Add(42);

        Assert.That(new FingerprintTable(load).Find(42).Listings, Is.EqualTo(FingerprintTable.MaxCount));
    }

    [Test, CancelAfter(30_000)]
    public async Task Readers_never_miss_an_entry_while_the_writer_grows_removes_and_rebuilds(CancellationToken cancellationToken)
    {
        const int rounds = 150_000;
        const int window = 3_000;
        const int leastProbes = 1_000;
        var table = new FingerprintTable();
        long added = 0;
        long removing = 0;
        var probes = new long[3];
        for (var i = 1; i <= 500; i++) table.Add(Crowded(-i), 1);

        var writer = Task.Factory.StartNew(
            () =>
            {
                // On a loaded machine a reader may start late: the writer goes on until each has read beside it.
                for (var i = 1L; (i <= rounds || LeastOf(probes) <= leastProbes) && !cancellationToken.IsCancellationRequested; i++)
                {
                    table.Add(Crowded(i), i);
                    Volatile.Write(ref added, i);
                    var gone = i - 1 - (i / 7 % window);
                    for (var old = removing + 1; old <= gone; old++)
                    {
                        Volatile.Write(ref removing, old);
                        table.Remove(Crowded(old), i);
                    }
                }
            },
            cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        var readers = Enumerable.Range(0, probes.Length).Select(seed => Task.Factory.StartNew(
            () => CountMisses(table, ref added, ref removing, ref probes[seed], writer, seed),
            cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();

        await writer;
        var misses = await Task.WhenAll(readers);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(misses.Sum(), Is.Zero);
            Assert.That(LeastOf(probes), Is.GreaterThan(leastProbes), "a reader hardly ran");
            Assert.That(Volatile.Read(ref removing), Is.GreaterThan(rounds / 2), "the writer hardly removed");
        }
    }

    private static long LeastOf(long[] probes) => Enumerable.Range(0, probes.Length).Min(reader => Volatile.Read(ref probes[reader]));

    private static long CountMisses(
        FingerprintTable table, ref long added, ref long removing, ref long probes, Task writer, int seed)
    {
        var random = new Random(seed);
        var misses = 0L;
        while (!writer.IsCompleted)
        {
            // One that is always there.
            if (table.Find(Crowded(-random.Next(1, 501))).IsAbsent) misses++;

            // One that was there when the search began, unless its removal had begun when the search ended.
            var newest = Volatile.Read(ref added);
            var wanted = Math.Max(1, newest - random.Next(0, 100));
            var absent = newest == 0 || table.Find(Crowded(wanted)).IsAbsent;
            if (newest > 0 && absent && Volatile.Read(ref removing) < wanted) misses++;
            Interlocked.Increment(ref probes);
        }

        return misses;
    }

    private static void Play(
        FingerprintTable table, Dictionary<ulong, DocumentPresence> model, ulong fingerprint, byte action, long sequence)
    {
        var known = model.GetValueOrDefault(fingerprint);
        if (known.IsAbsent || action % 3 == 0)
        {
            table.Add(fingerprint, sequence);
            model[fingerprint] = new(known.Listings + 1, sequence);
        }
        else if (action % 3 == 1)
        {
            table.Touch(fingerprint, sequence);
            model[fingerprint] = known with { Sequence = sequence };
        }
        else
        {
            table.Remove(fingerprint, sequence);
            if (known.Listings == 1) model.Remove(fingerprint);
            else model[fingerprint] = new(known.Listings - 1, sequence);
        }
    }

    // The first segment, its first or its last bucket, and tags that repeat under different other halves.
    private static ulong Colliding(int i) =>
        ((i & 1) == 0 ? 0UL : 0x007F_FFF0_0000_0000UL) | ((ulong)(i / 10) << 32) | (uint)(1 + (i % 10));

    // Two segments for all, so that rebuilding never stops.
    private static ulong Crowded(long i) => (Scatter(i) & 0x007F_FFFF_FFFF_FFFF) | ((ulong)(i & 1) << 63);

    // A bijection, so no two collide.
    private static ulong Scatter(long i)
    {
        var x = (ulong)i;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
        return x ^ (x >> 31);
    }
}
