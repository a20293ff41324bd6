using System.Net;
using System.Net.Sockets;
using CreditShare.Server.Push;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace CreditShare.Tests.Push;

internal sealed class EndpointGuardTests
{
    // What a host may write, as the system reads it: decimal, octal and short forms are addresses too.
    [TestCase("127.0.0.1")]
    [TestCase("127.1")]
    [TestCase("2130706433")]
    [TestCase("0177.0.0.1")]
    [TestCase("0x7f.0.0.1")]
    [TestCase("0.0.0.0")]
    [TestCase("10.0.0.1")]
    [TestCase("172.16.0.1")]
    [TestCase("172.31.255.255")]
    [TestCase("192.168.1.1")]
    [TestCase("3232235777")]
    [TestCase("169.254.169.254")]
    [TestCase("100.64.0.1")]
    [TestCase("100.127.255.255")]
    [TestCase("192.0.0.8")]
    [TestCase("192.0.2.1")]
    [TestCase("198.18.0.1")]
    [TestCase("198.51.100.1")]
    [TestCase("203.0.113.1")]
    [TestCase("224.0.0.1")]
    [TestCase("240.0.0.1")]
    [TestCase("255.255.255.255")]
    [TestCase("::")]
    [TestCase("::1")]
    [TestCase("::127.0.0.1")]
    [TestCase("::ffff:127.0.0.1")]
    [TestCase("::ffff:10.0.0.1")]
    [TestCase("::ffff:8.8.8.8")]
    [TestCase("64:ff9b::7f00:1")]
    [TestCase("64:ff9b:1::1")]
    [TestCase("2002:7f00:1::")]
    [TestCase("2001::1")]
    [TestCase("2001:db8::1")]
    [TestCase("fc00::1")]
    [TestCase("fd12:3456::1")]
    [TestCase("fe80::1")]
    [TestCase("fec0::1")]
    [TestCase("ff02::1")]
    public void Nothing_is_delivered_to_an_address_inside(string host) =>
        Assert.That(Guard().Allows(IPAddress.Parse(host), []), Is.False);

    [TestCase("8.8.8.8")]
    [TestCase("172.15.255.255")]
    [TestCase("172.32.0.1")]
    [TestCase("100.63.255.255")]
    [TestCase("100.128.0.1")]
    [TestCase("2606:4700:4700::1111")]
    public void Deliveries_go_to_an_address_outside(string host) => Assert.That(Guard().Allows(IPAddress.Parse(host), []), Is.True);

    [TestCase("10.20.1.1", "10.20.0.0/16", true)]
    [TestCase("10.21.1.1", "10.20.0.0/16", false)]
    [TestCase("fd12::1", "fd12::/16", true)]
    [TestCase("127.0.0.1", "127.0.0.0/8", false)]
    [TestCase("169.254.169.254", "0.0.0.0/0", false)]
    [TestCase("::ffff:10.20.1.1", "10.20.0.0/16", false)]
    public void An_operator_grants_private_ranges_and_no_others(string host, string range, bool allowed) =>
        Assert.That(Guard().Allows(IPAddress.Parse(host), [range]), Is.EqualTo(allowed));

    [Test]
    public void Loopback_is_for_development([Values] bool development) =>
        Assert.That(Guard(development).Allows(IPAddress.Loopback, []), Is.EqualTo(development));

    [Test, CancelAfter(20_000)]
    public void A_name_is_held_to_the_address_it_has_when_it_is_connected_to(CancellationToken cancellationToken)
    {
        // Outside when the subscription was made, inside when it is delivered to.
        var answers = new Queue<IPAddress>([IPAddress.Parse("127.0.0.1"), IPAddress.Parse("10.0.0.1")]);
        var guard = Guard(development: false, (_, _) => Task.FromResult<IPAddress[]>([answers.Dequeue()]));
        var endpoint = new DnsEndPoint("rebinding.example", 443);

        Assert.That(async () => await guard.ConnectAsync(endpoint, [], cancellationToken), Throws.InstanceOf<EndpointForbiddenException>());
        Assert.That(async () => await guard.ConnectAsync(endpoint, [], cancellationToken), Throws.InstanceOf<EndpointForbiddenException>());
        Assert.That(answers, Is.Empty, "it was not asked each time");
    }

    [Test, CancelAfter(20_000)]
    public void A_name_without_an_address_is_unreachable_and_not_forbidden(CancellationToken cancellationToken)
    {
        var guard = Guard(development: false, (_, _) => Task.FromResult<IPAddress[]>([]));

        Assert.That(
            async () => await guard.ConnectAsync(new DnsEndPoint("nowhere.example", 443), [], cancellationToken),
            Throws.InstanceOf<SocketException>());
    }

    private static EndpointGuard Guard(
        bool development = false, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null) =>
        new(Options.Create(new PushOptions()), new Surroundings(development), resolve);

    private sealed class Surroundings(bool development) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = development ? Environments.Development : Environments.Production;

        public string ApplicationName { get; set; } = "";

        public string ContentRootPath { get; set; } = "";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
