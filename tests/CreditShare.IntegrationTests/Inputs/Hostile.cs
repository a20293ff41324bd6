using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace CreditShare.IntegrationTests.Inputs;

/// <summary>Values that break what was not written for them.</summary>
/// <param name="What">In words, for a test's name.</param>
/// <param name="Text">What every text is.</param>
/// <param name="Number">What every number and enumeration is; null leaves them out.</param>
internal sealed record Hostile(string What, string Text, long? Number = null)
{
    private const int Deepest = 5;

    public static readonly Hostile[] All =
    [
        new("quotes", "'; DROP TABLE listing; -- \" ` \\ %s {0} ${x} <b>&amp;"),
        new("NUL", "a\0b"),
        new("control characters", "\u0001\u0007\b\u001b[31m\u007f"),
        new("right-to-left marks", "\u202E\u2066测试\u200F"),
        new("line ends", "a\r\nb: c\n\n"),
        new("10000 characters", new string('x', 10_000)),
        new("signs beyond the basic plane", "𠮷𝟙😀\U000E0041"),
        new("a path", "../../../../etc/passwd"),
        new("the greatest numbers", "9223372036854775808", long.MaxValue),
        new("the least numbers", "-9223372036854775808", long.MinValue),
        new("small numbers that are none of an enumeration", "0", 77),
    ];

    /// <summary>A message in which every field is hostile, down to some depth; a list has one element.</summary>
    public IMessage Fill(MessageDescriptor type, int depth = 0)
    {
        var message = type.Parser.ParseFrom([]);
        foreach (var field in type.Fields.InFieldNumberOrder())
        {
            if (field.IsMap || ValueOf(field, depth) is not { } value) continue;

            if (field.IsRepeated) ((IList)field.Accessor.GetValue(message)).Add(value);
            else field.Accessor.SetValue(message, value);
        }

        return message;
    }

    private object? ValueOf(FieldDescriptor field, int depth) => field.FieldType switch
    {
        FieldType.String => Text,
        FieldType.Bytes => ByteString.CopyFromUtf8(Text),
        FieldType.Message => depth < Deepest ? Fill(field.MessageType, depth + 1) : null,
        FieldType.Int64 => Number,
        FieldType.Int32 => Number is { } number ? (int)Math.Clamp(number, int.MinValue, int.MaxValue) : null,
        FieldType.UInt32 => Number is { } number ? (uint)Math.Clamp(number, uint.MinValue, uint.MaxValue) : null,
        FieldType.Enum => Number is { } number ? Enum.ToObject(field.EnumType.ClrType, (int)Math.Clamp(number, int.MinValue, int.MaxValue)) : null,
        FieldType.Bool => Number is not null,
        _ => null,
    };
}
