namespace CreditShare.Server.Access;

/// <summary>Lets a unary call in without making anything for it. It says yes or nothing: whoever is not let in here goes by
/// <see cref="AccessInterceptor"/>, which asks the same questions and says what stands against the call.</summary>
internal sealed class QuickEntry(PartnerRegistry registry, Quotas quotas)
{
    private static readonly Prepaid s_call = new(Subjects: 0);
    private static readonly Prepaid s_callAndSubject = new(Subjects: 1);

    /// <summary>Who calls, if nothing stands against it; nothing is taken from a quota yet.</summary>
    /// <param name="http">The call.</param>
    /// <param name="path">Its RPC, as <see cref="RpcRights.Find"/> takes it.</param>
    public Caller? Find(HttpContext http, string path)
    {
        if (!registry.IsCurrent) return null;
        if (http.Features.Get<IPartnerKeyFeature>() is not { } key || registry.Find(key.Fingerprint) is not { } registration) return null;

        var caller = key.LastCaller;
        if (caller?.IsFor(registration, path) != true)
        {
            caller = registry.CallerOf(registration, key.Fingerprint, path);
            key.LastCaller = caller;
        }

        if (caller.Objection() is null) return caller;

        // Calls share it, and it remembers the rights they stood on: after one of these was taken away, it would object to every call.
        key.LastCaller = null;
        return null;
    }

    /// <summary>Takes a call about one subject from the partner's quotas.</summary>
    /// <returns>Whether both had it. Otherwise nothing was taken that the long way takes again.</returns>
    public bool TrySpend(HttpContext http, Caller caller)
    {
        if (!quotas.TrySpendCall(caller.Partner, out _)) return false;
        if (caller.TrySpend(subjects: 1, out _)) return true;

        http.Features.Set(s_call);
        return false;
    }

    /// <summary>Leaves to the long way what <see cref="TrySpend"/> has taken: for a call that cannot be answered after that.</summary>
    public static void LeaveSpent(HttpContext http) => http.Features.Set(s_callAndSubject);
}
