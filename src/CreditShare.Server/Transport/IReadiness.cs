namespace CreditShare.Server.Transport;

/// <summary>Something without which this node must not be asked. The node serves only while every one registered is ready.</summary>
internal interface IReadiness
{
    /// <summary>Whether it is ready; cheap, asked every second and from any thread.</summary>
    bool IsReady { get; }

    /// <summary>What is waited for, for the operator, such as <c>the lookup index is loading</c>.</summary>
    string WaitingFor { get; }
}
