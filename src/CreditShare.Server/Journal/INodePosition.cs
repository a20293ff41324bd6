namespace CreditShare.Server.Journal;

/// <summary>How far this node is, and whether it may answer.</summary>
/// <remarks>
/// A lookup reads <see cref="Applied"/> before it looks, and calls <see cref="EnsureFresh"/> after it has looked, right before it
/// answers: then the answer is never older than it says, and never given by a node that other nodes no longer wait for.
/// </remarks>
internal interface INodePosition
{
    /// <summary>Everything up to here is in this node's index.</summary>
    JournalPosition Applied { get; }

    /// <summary>Throws a refusal with NODE_STALE unless the node's lease holds.</summary>
    void EnsureFresh();

    /// <summary>Waits until the node has applied a position.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    Task WaitForAsync(JournalPosition position, CancellationToken cancellationToken);
}
