using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace CreditShare.Server.Push;

/// <summary>Keeps deliveries out of networks that are not the partner's: the address that is connected to is checked, whatever name it
/// came from, and however often that name changes its mind.</summary>
internal sealed class EndpointGuard : IEndpointRules
{
    /// <summary>Never, whoever grants them: an operator who means one of these has been talked into something.</summary>
    private static readonly ImmutableArray<IPNetwork> s_never = Networks(
        "0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.88.99.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2002::/16", "fe80::/10", "fec0::/10", "ff00::/8");

    /// <summary>Only if an operator granted a range around it.</summary>
    private static readonly ImmutableArray<IPNetwork> s_private = Networks(
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "198.18.0.0/15",
        "fc00::/7", "2001:db8::/32", "3fff::/20");

    private static readonly IPNetwork s_globalUnicast = IPNetwork.Parse("2000::/3");

    private readonly bool _allowsLoopback;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;

    /// <param name="options">Whether loopback is allowed.</param>
    /// <param name="environment">In development it is, unless the options say otherwise.</param>
    /// <param name="resolve">Resolves names; the system's resolver if null.</param>
    public EndpointGuard(
        IOptions<PushOptions> options, IHostEnvironment environment, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        _allowsLoopback = options.Value.AllowLoopback ?? environment.IsDevelopment();
        _resolve = resolve ?? Dns.GetHostAddressesAsync;
    }

    public bool Allows(IPAddress address, IReadOnlyCollection<string> ranges)
    {
        if (_allowsLoopback && IPAddress.IsLoopback(address) && !address.IsIPv4MappedToIPv6) return true;

        // Asked whether it contains one, a network takes an IPv4 address written as IPv6 for the IPv4 address that it is.
        if (address.IsIPv4MappedToIPv6) return false;
        if (s_never.Any(network => network.Contains(address))) return false;
        if (ranges.Any(range => IPNetwork.TryParse(range, out var network) && network.Contains(address))) return true;
        if (s_private.Any(network => network.Contains(address))) return false;
        return address.AddressFamily == AddressFamily.InterNetwork
            || (address.AddressFamily == AddressFamily.InterNetworkV6 && s_globalUnicast.Contains(address));
    }

    /// <summary>Connects to an allowed address of a host: resolved once, checked, connected to by number, and checked again.</summary>
    /// <exception cref="EndpointForbiddenException">The host has no address that is allowed.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint endpoint, IReadOnlyCollection<string> ranges, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(endpoint.Host, out var literal) ? [literal] : await _resolve(endpoint.Host, cancellationToken);
        IPAddress[] allowed = [.. addresses.Where(address => Allows(address, ranges))];
        if (addresses.Length == 0) throw new SocketException((int)SocketError.HostNotFound);
        if (allowed.Length == 0) throw new EndpointForbiddenException(endpoint.Host, addresses[0]);

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, endpoint.Port, cancellationToken);
            if (socket.RemoteEndPoint is not IPEndPoint { Address: var connected } || !Allows(Plain(connected), ranges))
            {
                throw new EndpointForbiddenException(endpoint.Host, allowed[0]);
            }

            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // A socket for both families shows an IPv4 peer as an IPv6 address.
    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static ImmutableArray<IPNetwork> Networks(params string[] networks) => [.. networks.Select(IPNetwork.Parse)];
}

/// <summary>An endpoint lies where deliveries must not go.</summary>
internal sealed class EndpointForbiddenException(string host, IPAddress address)
    : Exception($"{host} is {address}, an address to which nothing may be delivered.");
