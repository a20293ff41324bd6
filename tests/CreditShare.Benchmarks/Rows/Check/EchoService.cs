using CreditShare.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace CreditShare.Benchmarks.Rows.Check;

/// <summary>Answers at once, in a message of the size that ours has.</summary>
internal sealed class EchoService : LookupService.LookupServiceBase
{
    private const string AnswerId = "00000000-0000-4000-8000-000000000000";
    private const long Seconds = 1_790_000_000;
    private const int Nanos = 123_456_700;

    /// <summary>What it answers, whatever it is asked.</summary>
    public static CheckSubjectResponse MakeAnswer() => new()
    {
        Verdict = Verdict.NotListed,
        AsOf = new AsOf { Epoch = 1, Sequence = 10_000_000, Time = new Timestamp { Seconds = Seconds, Nanos = Nanos } },
        ValidUntil = new Timestamp { Seconds = Seconds, Nanos = Nanos },
        AnswerId = AnswerId,
    };

    public override Task<CheckSubjectResponse> CheckSubject(CheckSubjectRequest request, ServerCallContext context) => Task.FromResult(MakeAnswer());
}
