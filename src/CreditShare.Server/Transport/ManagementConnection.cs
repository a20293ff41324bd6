namespace CreditShare.Server.Transport;

/// <summary>Marks a connection to the management port, as a connection feature: the port itself may be any.</summary>
internal sealed class ManagementConnection
{
    /// <summary>The mark.</summary>
    public static readonly ManagementConnection Mark = new();
}
