using System.Text;
using CreditShare.Server.Push;
using CreditShare.V1;
using Google.Protobuf;
using NUnit.Framework;

namespace CreditShare.Tests.Push;

internal sealed class PlainAnswerTests
{
    [TestCase("""{"acceptedSequence":"12","appliedSequence":"7"}""")]
    [TestCase("""{ "appliedSequence": "9223372036854775807" }""")]
    [TestCase("""{"acceptedSequence":"0"}""")]
    [TestCase("{}")]
    public void The_two_numbers_are_read_as_protobuf_reads_them(string json) =>
        Assert.That(PlainAnswer.Read(Encoding.UTF8.GetBytes(json)), Is.EqualTo(JsonParser.Default.Parse<ReceiveChangesResponse>(json)));

    [TestCase("""{"acceptedSequence":"12","rejections":[]}""")]
    [TestCase("""{"acceptedSequence":"12","acceptedSequence":"13"}""")]
    [TestCase("""{"acceptedSequence":12}""")]
    [TestCase("""{"acceptedSequence":"-12"}""")]
    [TestCase("""{"acceptedSequence":"+12"}""")]
    [TestCase("""{"acceptedSequence":"012"}""")]
    [TestCase("""{"acceptedSequence":"12 "}""")]
    [TestCase("""{"acceptedSequence":""}""")]
    [TestCase("""{"acceptedSequence":"9223372036854775808"}""")]
    [TestCase("""{"acceptedSequence":null}""")]
    [TestCase("""{"accepted_sequence":"12"}""")]
    [TestCase("""{"challenge":"c"}""")]
    [TestCase("""{"acceptedSequence":"12"}{}""")]
    [TestCase("""{"acceptedSequence":"12",}""")]
    [TestCase("""{"acceptedSequence":"12" """)]
    [TestCase("""["acceptedSequence"]""")]
    [TestCase("12")]
    [TestCase("<html>")]
    [TestCase("")]
    public void Whatever_else_is_left_to_protobuf(string json) =>
        Assert.That(PlainAnswer.Read(Encoding.UTF8.GetBytes(json)), Is.Null);
}
