using System.Globalization;
using CreditShare.Cli.CommandLine;
using CreditShare.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace CreditShare.Cli.Listings;

/// <summary>Assignments such as <c>performance.state=partial</c> to a field of a listing.</summary>
internal static class ListingPath
{
    /// <summary>What a correction may replace, each as a whole (see <c>CorrectListingRequest.update_mask</c>).</summary>
    private static readonly string[] MaskPaths =
    [
        "subject.name", "subject.documents", "subject.sex", "subject.birth_date", "subject.related_persons", "subject.special_statuses",
        "filing_date", "grounds", "conduct", "basis", "obligation", "obligation_amount", "performance", "decision", "service",
        "article3_checked", "term",
    ];

    /// <summary>Sets the field.</summary>
    /// <returns>The path of the mask that covers it.</returns>
    /// <exception cref="CommandFailedException">There is no such field, or it cannot take the value.</exception>
    internal static string Assign(Listing listing, string assignment)
    {
        var equals = assignment.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0) throw CommandFailedException.Usage($"'{assignment}' is not PATH=VALUE.");

        var path = assignment[..equals];
        var mask = MaskPaths.FirstOrDefault(p => path == p || path.StartsWith(p + ".", StringComparison.Ordinal))
            ?? throw CommandFailedException.Usage($"'{path}' cannot be corrected. What can be: {string.Join(", ", MaskPaths)}.");

        IMessage target = listing;
        var steps = path.Split('.');
        foreach (var step in steps[..^1])
        {
            var parent = FieldOf(target, step, path);
            if (parent is not { FieldType: FieldType.Message, IsRepeated: false }) throw NoSuchField(path);

            var child = (IMessage?)parent.Accessor.GetValue(target) ?? parent.MessageType.Parser.ParseFrom(ByteString.Empty);
            parent.Accessor.SetValue(target, child);
            target = child;
        }

        Set(target, FieldOf(target, steps[^1], path), assignment[(equals + 1)..], path);
        return mask;
    }

    private static FieldDescriptor FieldOf(IMessage message, string name, string path) =>
        message.Descriptor.FindFieldByName(name) ?? throw NoSuchField(path);

    private static void Set(IMessage target, FieldDescriptor field, string value, string path)
    {
        if (value.Length == 0)
        {
            field.Accessor.Clear(target);
            return;
        }

        // The JSON reader of protobuf knows every type; what people type is brought to its form first.
        var json = $"{{\"{field.JsonName}\":{JsonOf(field, value)}}}";
        try
        {
            var parsed = target.Descriptor.Parser.ParseJson(json);
            field.Accessor.Clear(target);
            target.MergeFrom(parsed.ToByteString());
        }
        catch (Exception ex) when (ex is InvalidProtocolBufferException or FormatException)
        {
            throw CommandFailedException.Usage($"{path} cannot be '{value}': {ex.Message}");
        }
    }

    private static string JsonOf(FieldDescriptor field, string value)
    {
        if (value[0] is '{' or '[') return value;

        return field switch
        {
            { IsRepeated: true } => $"[{string.Join(',', value.Split(',').Select(v => Scalar(field, v.Trim())))}]",
            { FieldType: FieldType.Message, MessageType.FullName: "google.type.Date" } => DateJson(value),
            _ => Scalar(field, value),
        };
    }

    private static string Scalar(FieldDescriptor field, string value) => field.FieldType switch
    {
        FieldType.String => System.Text.Json.JsonSerializer.Serialize(value),
        FieldType.Enum => $"\"{EnumName(field.EnumType, value)}\"",
        _ => value,
    };

    private static string EnumName(EnumDescriptor type, string word)
    {
        var name = word.ToUpperInvariant().Replace('-', '_');
        return type.Values.Select(v => v.Name).FirstOrDefault(
            full => full == name || full == $"{ContractWords.UpperSnake(type.Name)}_{name}") ?? word;
    }

    private static string DateJson(string value) => Values.TryParseDate(value, out var date)
        ? string.Create(CultureInfo.InvariantCulture, $"{{\"year\":{date.Year},\"month\":{date.Month},\"day\":{date.Day}}}")
        : throw CommandFailedException.Usage($"'{value}' is not a date like 2026-01-31.");

    private static CommandFailedException NoSuchField(string path) => CommandFailedException.Usage($"A listing has no field '{path}'.");
}
