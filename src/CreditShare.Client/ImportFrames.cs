using System.Runtime.CompilerServices;
using CreditShare.V1;

namespace CreditShare.Client;

/// <summary>Packs rows into frames.</summary>
internal static class ImportFrames
{
    /// <summary>Rows in one frame, by the contract.</summary>
    internal const int MaxRows = 500;

    /// <summary>Frames in flight, so that no more than <see cref="ImportOptions.MaxRowsInFlight"/> rows are.</summary>
    internal const int Window = ImportOptions.MaxRowsInFlight / MaxRows;

    /// <summary>Bytes of rows in one frame, well below the 4 MiB of a message.</summary>
    private const int MaxBytes = 1024 * 1024;

    /// <summary>How long rows wait for others that share their frame.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(50);

    internal static async IAsyncEnumerable<ImportListingsRequest> PackAsync(
        IAsyncEnumerable<ImportRow> rows,
        ImportOptions options,
        TimeProvider clock,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var frame = NewFrame(options);
        var bytes = 0;
        await using var source = rows.GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            var next = source.MoveNextAsync().AsTask();
            if (!next.IsCompleted && frame.Rows.Count > 0)
            {
                await Task.WhenAny(next, Task.Delay(Linger, clock, cancellationToken)).ConfigureAwait(false);
                if (!next.IsCompleted)
                {
                    yield return frame;
                    (frame, bytes) = (NewFrame(options), 0);
                }
            }

            if (!await next.ConfigureAwait(false)) break;

            var row = source.Current;
            var size = row.CalculateSize();
            if (frame.Rows.Count == MaxRows || (frame.Rows.Count > 0 && bytes + size > MaxBytes))
            {
                yield return frame;
                (frame, bytes) = (NewFrame(options), 0);
            }

            frame.Rows.Add(row);
            bytes += size;
        }

        if (frame.Rows.Count > 0) yield return frame;
    }

    private static ImportListingsRequest NewFrame(ImportOptions options) => new()
    {
        Operator = options.Operator,
        ValidateOnly = options.Mode == ImportMode.CheckOnly,
    };
}
