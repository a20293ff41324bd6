using System.Net;

namespace CreditShare.Server.Push;

/// <summary>Says where deliveries may go.</summary>
internal interface IEndpointRules
{
    /// <summary>Whether an address may be connected to.</summary>
    /// <param name="address">The address.</param>
    /// <param name="ranges">Private ranges that an operator granted the partner.</param>
    bool Allows(IPAddress address, IReadOnlyCollection<string> ranges);
}
