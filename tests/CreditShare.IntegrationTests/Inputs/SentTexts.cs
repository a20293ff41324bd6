using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace CreditShare.IntegrationTests.Inputs;

/// <summary>The texts in a message, wherever they stand in it.</summary>
internal static class SentTexts
{
    private const int Telling = 3;

    /// <summary>What of a message must not come back in a refusal: texts that name somebody or something, not single letters or words of the contract.</summary>
    public static IEnumerable<string> OfSomebody(IMessage message) =>
        In(message).Where(text => text.Length >= Telling && text.Any(c => !char.IsAscii(c) || char.IsAsciiDigit(c)));

    /// <summary>Every text in a message and below it.</summary>
    public static IEnumerable<string> In(IMessage message) => message.Descriptor.Fields.InFieldNumberOrder()
        .Where(field => field.FieldType is FieldType.String or FieldType.Message)
        .SelectMany(field => field.IsMap ? [] : In(field, field.Accessor.GetValue(message)));

    private static IEnumerable<string> In(FieldDescriptor field, object? value) => value switch
    {
        null => [],
        string text => [text],
        IMessage inner => In(inner),
        System.Collections.IEnumerable many => many.Cast<object>().SelectMany(one => In(field, one)),
        _ => [],
    };
}
