using System.CommandLine;
using CreditShare.Cli.CommandLine;

namespace CreditShare.Cli.Subscriptions;

/// <summary>Which subscription a verb is about: its whole name, or its id with the partner's.</summary>
internal sealed class SubscriptionName
{
    private readonly Argument<string> _id = new("ID") { Description = "The subscription's id, or its name partners/{id}/subscriptions/{id}." };
    private readonly Option<string?> _partner = PartnerOption();

    internal static Option<string?> PartnerOption() =>
        Values.Text("--partner", "The partner's id. Left out: the development partner of the identity.", "ID");

    internal void AddTo(Command command)
    {
        command.Arguments.Add(_id);
        command.Options.Add(_partner);
    }

    /// <summary>The partner's resource name, and the id alone.</summary>
    internal (string Parent, string Id) ReadParts(Invocation run)
    {
        var text = run.Get(_id)!;
        return text.Split('/') is ["partners", var partner, "subscriptions", var id]
            ? ("partners/" + partner, id)
            : ("partners/" + run.PartnerOf(_partner, Role.Department), text);
    }

    internal string Read(Invocation run)
    {
        var (parent, id) = ReadParts(run);
        return $"{parent}/subscriptions/{id}";
    }
}
