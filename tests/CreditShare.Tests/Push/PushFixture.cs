using NUnit.Framework;

namespace CreditShare.Tests.Push;

/// <summary>What a fixture about deliveries begins with: a world of its own for each test, with the clock standing still.</summary>
internal abstract class PushFixture
{
    /// <summary>The longest a test may take, in milliseconds.</summary>
    protected const int LongestMs = 60_000;

    private PushWorld? _world;

    protected static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    protected PushWorld World => _world!;

    [SetUp]
    public async Task StartWorldAsync() => _world = await PushWorld.StartAsync();

    [TearDown]
    public async Task EndWorldAsync()
    {
        if (_world is not null) await _world.DisposeAsync();
    }
}
