namespace CreditShare.Tests.Conventions.Samples;

/// <summary>One method for each way to break the rules of asynchronous methods.</summary>
internal static class AsyncFaults
{
    public static Task Nameless() => Task.CompletedTask;

    public static int PlainAsync() => 1;

    // The compiler's own check covers what is public or internal; ours must see it all the same.
#pragma warning disable CA1068
    public static Task MisplacedAsync(CancellationToken cancellationToken, int count) => Task.FromResult(cancellationToken.CanBeCanceled ? count : 0);
#pragma warning restore CA1068

    public static Task OptionalAsync(CancellationToken cancellationToken = default) => Task.FromCanceled(cancellationToken);
}
