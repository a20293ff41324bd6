namespace CreditShare.Server.Journal;

/// <summary>How far this node is, and whether it may answer.</summary>
/// <remarks>
/// A lookup calls <see cref="EnsureFresh"/>, reads <see cref="Applied"/>, looks, and calls <see cref="EnsureFresh"/> again right before it
/// answers. It needs both. Without the first, a node that had fallen silent could look at what it held then, catch up meanwhile, and
/// answer LISTED after a withdrawal for which nobody waited on it. Without the second, a node that was suspended over the looking would
/// answer long after the others stopped to count on it.
/// </remarks>
internal interface INodePosition
{
    /// <summary>Everything up to here is in this node's index.</summary>
    JournalPosition Applied { get; }

    /// <summary>Whether the node's lease holds.</summary>
    bool IsFresh { get; }

    /// <summary>Throws a refusal with NODE_STALE unless the node's lease holds.</summary>
    void EnsureFresh();

    /// <summary>Waits until the node has applied a position.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    Task WaitForAsync(JournalPosition position, CancellationToken cancellationToken);
}
