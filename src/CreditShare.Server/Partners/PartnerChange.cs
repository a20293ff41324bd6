using CreditShare.V1;
using Partner = CreditShare.Core.Access.Partner;

namespace CreditShare.Server.Partners;

/// <summary>What a change makes of a registration. Closed: the cases below are all there are.</summary>
internal abstract record PartnerChange
{
    private PartnerChange()
    {
    }

    /// <summary>To be stored.</summary>
    internal sealed record To(Partner Partner) : PartnerChange;

    /// <summary>Refused; nothing is stored.</summary>
    internal sealed record Refused(ErrorReason Reason) : PartnerChange;
}
