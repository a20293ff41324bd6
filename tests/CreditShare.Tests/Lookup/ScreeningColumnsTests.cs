using System.Buffers;
using System.Text;
using CreditShare.Server.Lookup;
using CreditShare.V1;
using Google.Protobuf;
using NUnit.Framework;

namespace CreditShare.Tests.Lookup;

/// <summary>A frame read in columns is the frame that protobuf's own reader finds.</summary>
internal sealed class ScreeningColumnsTests
{
    private static readonly ScreenSubjectsRequest s_frame = new()
    {
        DocumentType = DocumentType.Passport,
        FrameNumber = 7,
        Purpose = Purpose.Credit,
        Reference = "贷-1",
        Operator = "柜员7",
        AtLeast = new Position { Epoch = 1, Sequence = 300 },
        Numbers = { "E12345678", "", new string('9', 200) },
        Names = { "测试甲", "A", "" },
        Countries = { "CN", "DE", "" },
        HolderBirthDates = { new Google.Type.Date { Year = 1990, Month = 3, Day = 7 }, new Google.Type.Date(), new Google.Type.Date { Year = 1 } },
    };

    [Test]
    public void Every_field_is_found() => AssertSame(s_frame.ToByteArray());

    [Test]
    public void Fields_may_come_in_any_order_and_more_than_once()
    {
        var (numbers, names) = (new ScreenSubjectsRequest { Numbers = { "1", "2" } }, new ScreenSubjectsRequest { Names = { "甲" } });
        AssertSame([.. names.ToByteArray(), .. numbers.ToByteArray(), .. s_frame.ToByteArray(), .. names.ToByteArray(), .. numbers.ToByteArray()]);
    }

    [Test]
    public void Fields_of_a_later_contract_are_passed_over()
    {
        byte[] unknown = [0xF2, 0x07, 0x02, 0x01, 0x02, 0xF8, 0x07, 0x05];
        AssertSame([.. unknown, .. s_frame.ToByteArray(), .. unknown]);
    }

    [Test]
    public void A_message_in_pieces_is_read_as_in_one() => AssertSame(InPieces(s_frame.ToByteArray(), 3));

    [Test]
    public void What_protobuf_cannot_read_is_refused_alike()
    {
        var whole = s_frame.ToByteArray();
        var refused = 0;
        for (var length = 0; length < whole.Length; length++)
        {
            var bytes = whole[..length];
            try
            {
                ScreenSubjectsRequest.Parser.ParseFrom(bytes);
            }
            catch (InvalidProtocolBufferException)
            {
                refused++;
                Assert.That(() => ScreeningColumns.Read(new ReadOnlySequence<byte>(bytes)), Throws.TypeOf<InvalidProtocolBufferException>(), $"{length} bytes");
                continue;
            }

            AssertSame(bytes);
        }

        Assert.That(refused, Is.GreaterThan(whole.Length / 2));
    }

    [Test]
    public void A_released_frame_leaves_nothing_in_the_next_one()
    {
        ScreeningColumns.Read(new ReadOnlySequence<byte>(s_frame.ToByteArray())).Release();

        AssertSame(new ScreenSubjectsRequest { Numbers = { "1" } }.ToByteArray());
    }

    private static void AssertSame(byte[] message) => AssertSame(new ReadOnlySequence<byte>(message));

    private static void AssertSame(ReadOnlySequence<byte> message)
    {
        var expected = ScreenSubjectsRequest.Parser.ParseFrom(message);
        var found = ScreeningColumns.Read(message);
        var together = found.Head.Clone();
        for (var i = 0; i < found.NumberCount; i++) together.Numbers.Add(Encoding.UTF8.GetString(found.Number(i)));
        for (var i = 0; i < found.NameCount; i++) together.Names.Add(Encoding.UTF8.GetString(found.Name(i)));
        Assert.That(together, Is.EqualTo(expected));
    }

    private static ReadOnlySequence<byte> InPieces(byte[] bytes, int size)
    {
        var first = new Piece(bytes.AsMemory(0, size), 0);
        var last = first;
        for (var at = size; at < bytes.Length; at += size) last = last.Append(bytes.AsMemory(at, Math.Min(size, bytes.Length - at)));
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, long index) => (Memory, RunningIndex) = (memory, index);

        public Piece Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Piece(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
