using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace CreditShare.IntegrationTests.Inputs;

/// <summary>The text fields that a message sets, each by its path.</summary>
internal static class TextFields
{
    /// <summary>Paths such as <c>listing.subject.documents.0.number</c>.</summary>
    public static IEnumerable<string> Of(IMessage message) => message.Descriptor.Fields.InFieldNumberOrder()
        .Where(field => !field.IsMap && field.FieldType is FieldType.String or FieldType.Message)
        .SelectMany(field => field.IsRepeated
            ? ((IList)field.Accessor.GetValue(message)).Cast<object>().SelectMany((value, i) => Below(value, $"{field.Name}.{i}"))
            : Below(field.Accessor.GetValue(message), field.Name));

    /// <summary>Puts a text into one of them.</summary>
    public static void Set(IMessage message, string path, string text)
    {
        var steps = path.Split('.');
        var field = message.Descriptor.FindFieldByName(steps[0]);
        var value = field.Accessor.GetValue(message);
        if (value is IList list)
        {
            var at = int.Parse(steps[1], System.Globalization.CultureInfo.InvariantCulture);
            if (steps.Length == 2) list[at] = text;
            else Set((IMessage)list[at]!, string.Join('.', steps[2..]), text);
            return;
        }

        if (steps.Length == 1) field.Accessor.SetValue(message, text);
        else Set((IMessage)value, string.Join('.', steps[1..]), text);
    }

    private static IEnumerable<string> Below(object? value, string path) => value switch
    {
        string => [path],
        IMessage inner => Of(inner).Select(below => $"{path}.{below}"),
        _ => [],
    };
}
