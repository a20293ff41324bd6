using System.CommandLine;
using CreditShare.Cli.CommandLine;
using CreditShare.V1;

namespace CreditShare.Cli.Lookup;

/// <summary>What every query states: why, under which file number, by whom.</summary>
internal sealed class QueryOptions
{
    private readonly Option<Purpose> _purpose = Values.Word<Purpose>("--purpose", "Why you ask. Left out: credit.");
    private readonly Option<string?> _reference = Values.Text("--reference", "Your own file number. Left out: one made of the time.", "TEXT");
    private readonly Option<string?> _operator = Values.Text("--operator", "Who asks, a pseudonym. Left out: the user of this machine.", "WHO");

    internal void AddTo(Command command)
    {
        _purpose.DefaultValueFactory = _ => V1.Purpose.Credit;
        command.Options.Add(_purpose);
        command.Options.Add(_reference);
        command.Options.Add(_operator);
    }

    internal Purpose Purpose(Invocation run) => run.Get(_purpose);

    internal string Reference(Invocation run) => run.Get(_reference)
        ?? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"cli-{run.Host.Clock.GetUtcNow():yyyyMMddHHmmss}");

    internal string Operator(Invocation run) => run.OperatorOf(_operator);
}
