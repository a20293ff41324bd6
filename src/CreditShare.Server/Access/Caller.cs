using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using CreditShare.Core.Access;
using CreditShare.Core.Courts;
using CreditShare.Server.Transport;
using CreditShare.V1;
using Partner = CreditShare.Core.Access.Partner;
using Purpose = CreditShare.Core.Access.Purpose;
using View = CreditShare.Core.Access.View;

namespace CreditShare.Server.Access;

/// <summary>Who calls, in one call, as proved by the client certificate. Every question is answered by the registration as it stands at that
/// moment, also late in a long stream.</summary>
/// <remarks>Safe for concurrent use. A stream remembers which views and purposes it was allowed; when one of them, its RPC or its key is
/// taken away, <see cref="Revoked"/> fires within 5 s.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "The source has neither timer nor handle; a review may fire it after the call has ended.")]
internal sealed class Caller(Registration registration, string fingerprint, string path, CourtDirectory courts, Quotas quotas)
{
    private readonly CancellationTokenSource _revoked = new();
    private int _views;
    private int _purposes;
    private int _revokedBecause;
    private int _prepaid;

    /// <summary>The registration as it stands.</summary>
    public Partner Partner => registration.Partner;

    /// <summary>The partner's id.</summary>
    public PartnerId Id => registration.Partner.Id;

    /// <summary>SHA-256 of the public key this call came with, 64 lower-case hexadecimal digits.</summary>
    public string Fingerprint => fingerprint;

    /// <summary>Fires when a stream must end: the partner suspended, its key revoked, the RPC or a right it stands on taken away. Never for
    /// unary calls.</summary>
    public CancellationToken Revoked => _revoked.Token;

    /// <summary>Why <see cref="Revoked"/> fired; null if it did not.</summary>
    public ErrorReason? RevokedBecause => Volatile.Read(ref _revokedBecause) is > 0 and var reason ? (ErrorReason)reason : null;

    /// <summary>The view for a request that names none: PUBLIC if granted, else STATUS, else FULL; <see cref="View.None"/> if no view was
    /// granted. Ask <see cref="MaySee"/> with it before showing anything.</summary>
    public View DefaultView
    {
        get
        {
            var granted = registration.Partner.Views;
            return granted.Contains(View.Public) ? View.Public
                : granted.Contains(View.Status) ? View.Status
                : granted.Contains(View.Full) ? View.Full
                : View.None;
        }
    }

    /// <summary>Whether it is of that registration and stands for that RPC.</summary>
    public bool IsFor(Registration other, string rpc) => ReferenceEquals(registration, other) && string.Equals(path, rpc, StringComparison.Ordinal);

    /// <summary>Whether the view was granted.</summary>
    public bool MaySee(View view)
    {
        // Noted before it is checked: a change that comes between is then seen by the review, or by the check.
        Note(ref _views, 1 << (int)view);
        if (registration.Partner.Views.Contains(view)) return true;

        Interlocked.And(ref _views, ~(1 << (int)view));
        return false;
    }

    /// <summary>Whether the purpose was granted.</summary>
    public bool MayAskFor(Purpose purpose)
    {
        Note(ref _purposes, 1 << (int)purpose);
        if (registration.Partner.Purposes.Contains(purpose)) return true;

        Interlocked.And(ref _purposes, ~(1 << (int)purpose));
        return false;
    }

    /// <summary>Whether the partner speaks for the court: it is one of its own, or at or below one for which it is the platform. Ask for
    /// every listing: the answer may change during a stream.</summary>
    public bool SpeaksFor(CourtCode court)
    {
        var partner = registration.Partner;
        if (partner.Courts.Contains(court)) return true;

        var table = courts.Table;
        foreach (var platform in partner.Platforms)
        {
            if (table.Covers(platform, court)) return true;
        }

        return false;
    }

    /// <summary>Takes subjects from the partner's quota.</summary>
    /// <param name="subjects">1 to <see cref="Quotas.MaxSubjectsAtOnce"/>.</param>
    /// <param name="retryAfter">When to try again, if refused.</param>
    /// <returns>Whether there were enough.</returns>
    public bool TrySpend(int subjects, out TimeSpan retryAfter) => quotas.TrySpendSubjects(registration.Partner, subjects, out retryAfter);

    /// <summary>Notes subjects that were taken from the quota for this unary call before it came here.</summary>
    public void Prepay(int subjects) => _prepaid = subjects;

    /// <summary>Takes subjects from the partner's quota, for a unary call; those that were prepaid not again.</summary>
    /// <exception cref="RefusedException">QUOTA_EXCEEDED, with the time to wait.</exception>
    public void Spend(int subjects)
    {
        var due = subjects - Interlocked.Exchange(ref _prepaid, 0);
        if (due > 0 && !TrySpend(due, out var retryAfter)) throw Quotas.Exceeded(retryAfter);
    }

    /// <summary>Takes subjects from the partner's quota and waits for them if need be, which slows a stream down to the partner's rate.</summary>
    /// <exception cref="RefusedException">QUOTA_EXCEEDED: more wait already than <see cref="Quotas.MaxSubjectsWaiting"/>.</exception>
    public ValueTask SpendAsync(int subjects, CancellationToken cancellationToken) =>
        quotas.SpendSubjectsAsync(registration.Partner, subjects, cancellationToken);

    /// <summary>Why a call by this key must not go on; null if it may.</summary>
    public ErrorReason? Objection()
    {
        var partner = registration.Partner;
        if (!registration.HasKey(fingerprint)) return ErrorReason.CallerUnknown;
        if (partner.Suspended) return ErrorReason.PartnerSuspended;
        if (!registration.MayCall(path)) return ErrorReason.RpcNotGranted;
        if (!AllGranted(Volatile.Read(ref _views), partner.Views, view => (int)view)) return ErrorReason.ViewNotGranted;
        if (!AllGranted(Volatile.Read(ref _purposes), partner.Purposes, purpose => (int)purpose)) return ErrorReason.PurposeNotGranted;
        return null;
    }

    /// <summary>Ends the stream if it must not go on.</summary>
    public void Review()
    {
        if (Objection() is { } reason) Revoke(reason);
    }

    /// <summary>Ends the stream.</summary>
    public void Revoke(ErrorReason reason)
    {
        if (Interlocked.CompareExchange(ref _revokedBecause, (int)reason, 0) == 0) _revoked.Cancel();
    }

    // What is noted already is not written again: calls of one connection share a caller.
    private static void Note(ref int used, int right)
    {
        if ((Volatile.Read(ref used) & right) == 0) Interlocked.Or(ref used, right);
    }

    private static bool AllGranted<T>(int used, ImmutableArray<T> granted, Func<T, int> number)
    {
        foreach (var item in granted) used &= ~(1 << number(item));
        return used == 0;
    }
}
