using System.Security.Cryptography;
using System.Text;
using CreditShare.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using StackExchange.Redis;

namespace CreditShare.Benchmarks.Rows.Check;

/// <summary>
/// What a user would write: the number's keyed digest, an MGET, an answer. It takes a number as it is sent, knows neither who may ask nor how
/// much, keeps no count and no record of what it disclosed, and is as fresh as whoever fills its Redis.
/// </summary>
internal sealed class PlainRedisService(IDatabase redis, string prefix) : LookupService.LookupServiceBase
{
    private static readonly TimeSpan Validity = TimeSpan.FromDays(1);
    private static readonly byte[] s_secret = new byte[32];

    public static async Task<PlainRedisService> OpenAsync(string connection, string prefix) =>
        new((await ConnectionMultiplexer.ConnectAsync(connection)).GetDatabase(), prefix);

    /// <summary>Where the name of who is listed under a number stands.</summary>
    public static RedisKey KeyOf(string prefix, string number)
    {
        Span<byte> text = stackalloc byte[64];
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(s_secret, text[..Encoding.UTF8.GetBytes(number, text)], digest);
        return prefix + Convert.ToHexStringLower(digest);
    }

    public override async Task<CheckSubjectResponse> CheckSubject(CheckSubjectRequest request, ServerCallContext context)
    {
        var names = await redis.StringGetAsync([KeyOf(prefix, request.Document.Number)]);
        var now = DateTimeOffset.UtcNow;
        return new CheckSubjectResponse
        {
            Verdict = names[0].IsNull ? Verdict.NotListed : names[0] == request.Name ? Verdict.Listed : Verdict.NameMismatch,
            AsOf = new AsOf { Epoch = 1, Time = Timestamp.FromDateTimeOffset(now) },
            ValidUntil = Timestamp.FromDateTimeOffset(now + Validity),
            AnswerId = Guid.NewGuid().ToString("D"),
        };
    }
}
