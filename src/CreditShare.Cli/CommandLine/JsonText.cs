using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;

namespace CreditShare.Cli.CommandLine;

/// <summary>Protobuf's canonical JSON, one object a line.</summary>
internal static class JsonText
{
    private static readonly TypeRegistry Details = TypeRegistry.FromMessages(
        ErrorInfo.Descriptor, BadRequest.Descriptor, RetryInfo.Descriptor, LocalizedMessage.Descriptor);

    private static readonly JsonFormatter Lines = new(JsonFormatter.Settings.Default.WithTypeRegistry(Details));

    private static readonly JsonFormatter Indented = new(JsonFormatter.Settings.Default.WithIndentation());

    /// <summary>Other letters than ASCII stay readable, as protobuf leaves them.</summary>
    private static readonly JsonSerializerOptions OwnLines = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static string Line(IMessage message) => Lines.Format(message);

    /// <summary>What the tool itself has to say, where no message of the contract says it.</summary>
    internal static string Line(JsonObject own) => own.ToJsonString(OwnLines);

    internal static string Readable(IMessage message) => Indented.Format(message);

    /// <summary>Reads canonical JSON.</summary>
    /// <exception cref="CommandFailedException">The text is no such message.</exception>
    internal static T Parse<T>(string json, string source)
        where T : IMessage<T>, new()
    {
        try
        {
            return JsonParser.Default.Parse<T>(json);
        }
        catch (InvalidProtocolBufferException ex)
        {
            throw new CommandFailedException($"{source} is not a {typeof(T).Name} in canonical JSON: {ex.Message}", inner: ex);
        }
    }
}
