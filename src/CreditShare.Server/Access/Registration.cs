using System.Collections.Concurrent;
using System.Collections.Frozen;
using CreditShare.V1;
using Partner = CreditShare.Core.Access.Partner;

namespace CreditShare.Server.Access;

/// <summary>A partner as this node knows it now, with its open streams. Lives as long as the node; what it holds is replaced when the
/// registry changes, so that calls under way see the change.</summary>
internal sealed class Registration
{
    private readonly ConcurrentDictionary<Caller, byte> _streams = new();
    private volatile Standing _standing;
    private int _open;

    public Registration(Partner partner) => _standing = new Standing(partner);

    /// <summary>The registration as it stands.</summary>
    public Partner Partner => _standing.Partner;

    /// <summary>Streams open now.</summary>
    public int OpenStreams => Volatile.Read(ref _open);

    /// <summary>Whether the partner was granted the RPC of that path.</summary>
    public bool MayCall(string path) => _standing.Paths.Contains(path);

    /// <summary>Whether the key is one of the partner's.</summary>
    public bool HasKey(string fingerprint)
    {
        foreach (var key in _standing.Partner.Keys)
        {
            if (string.Equals(key.SpkiSha256, fingerprint, StringComparison.Ordinal)) return true;
        }

        return false;
    }

    /// <summary>Puts a new registration in force.</summary>
    public void Replace(Partner partner) => _standing = new Standing(partner);

    /// <summary>Ends the streams whose rights are gone. Called after <see cref="Replace"/>: a stream is entered before its rights are
    /// checked, so none slips through between.</summary>
    public void ReviewStreams()
    {
        foreach (var stream in _streams.Keys) stream.Review();
    }

    /// <summary>Ends every open stream.</summary>
    public void EndStreams(ErrorReason reason)
    {
        foreach (var stream in _streams.Keys) stream.Revoke(reason);
    }

    /// <summary>Enters a stream.</summary>
    public void Enter(Caller stream)
    {
        if (_streams.TryAdd(stream, 0)) Interlocked.Increment(ref _open);
    }

    /// <summary>Takes out a stream that has ended.</summary>
    public void Leave(Caller stream)
    {
        if (_streams.TryRemove(stream, out _)) Interlocked.Decrement(ref _open);
    }

    private sealed class Standing(Partner partner)
    {
        public Partner Partner { get; } = partner;

        public FrozenSet<string> Paths { get; } = RpcRights.PathsOf(partner);
    }
}
