using System.Globalization;
using CreditShare.Server.Store;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using ServerProgram = CreditShare.Server.Program;

namespace CreditShare.Benchmarks.Rows.Connections;

/// <summary>The server in a process of this program, with windows of HTTP/2 that no setting of it offers.</summary>
internal static class VariedServer
{
    /// <summary>The program's verb for it: the windows of a stream and of a connection in KiB, 0 to leave them as they are, then the server's settings.</summary>
    public const string Verb = "varied-server";

    /// <summary>Serves until it is killed.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var stream = KibibytesOf(arguments[0]);
        var connection = KibibytesOf(arguments[1]);
        await using var app = ServerProgram.Build(arguments[2..], builder => builder.Services.PostConfigure<KestrelServerOptions>(kestrel =>
        {
            if (stream > 0) kestrel.Limits.Http2.InitialStreamWindowSize = stream;
            if (connection > 0) kestrel.Limits.Http2.InitialConnectionWindowSize = connection;
        }));
        await app.OpenStoreAsync(OldSchema.Refuse, CancellationToken.None);
        return await ServerProgram.RunToEndAsync(app);
    }

    private static int KibibytesOf(string text) => int.Parse(text, CultureInfo.InvariantCulture) << 10;
}
