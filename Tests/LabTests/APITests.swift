import Foundation
import Loopback
import Testing

@testable import Lab

/// What any request is answered, whatever the service.
@Suite struct APITests {
    struct Bad: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let request: LoopbackRequest
        let status: Int
        let body: String
    }

    private static func request(
        _ headers: [String: String], _ body: String = "", path: String = "/", method: String = "POST",
        isTooLarge: Bool = false
    ) -> LoopbackRequest {
        LoopbackRequest(
            method: method, path: path, headers: headers, body: Data(body.utf8), isTooLarge: isTooLarge)
    }

    private static func ecs(_ action: String, target: String = "AmazonEC2ContainerServiceV20141113")
        -> [String: String]
    {
        var headers = ControlLab.signed("ecs")
        headers["x-amz-target"] = "\(target).\(action)"
        return headers
    }

    private static func ec2(_ code: String, _ message: String) -> String {
        "<Response><Errors><Error><Code>\(code)</Code><Message>\(message)</Message></Error></Errors>"
            + "<RequestID>…</RequestID></Response>"
    }

    private static func elb(_ code: String, _ message: String) -> String {
        "<ErrorResponse xmlns=\"http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/\"><Error>"
            + "<Type>Sender</Type>"
            + "<Code>\(code)</Code><Message>\(message)</Message></Error><RequestId>…</RequestId>"
            + "</ErrorResponse>"
    }

    static let bad: [Bad] = [
        Bad(
            testDescription: "JSON cut short", request: request(ecs("ListTasks"), "{\"cluster\":"),
            status: 400,
            body: "{\"__type\":\"SerializationException\",\"message\":\"the request body is not valid JSON\"}"
        ),
        Bad(
            testDescription: "JSON nested without end",
            request: request(ecs("ListTasks"), String(repeating: "[", count: 200_000)), status: 400,
            body: "{\"__type\":\"SerializationException\",\"message\":\"the request body is not valid JSON\"}"
        ),
        Bad(
            testDescription: "JSON that is no object", request: request(ecs("ListTasks"), "[1]"), status: 400,
            body: "{\"__type\":\"SerializationException\","
                + "\"message\":\"Start of structure or map found where not expected.\"}"),
        Bad(
            testDescription: "a parameter of the wrong kind",
            request: request(ecs("ListTasks"), "{\"cluster\":7}"),
            status: 400,
            body: "{\"__type\":\"SerializationException\",\"message\":\"cluster must be a string\"}"),
        Bad(
            testDescription: "an unknown action of ecs", request: request(ecs("LaunchRocket"), "{}"),
            status: 400,
            body:
                "{\"__type\":\"UnknownOperationException\","
                + "\"message\":\"The lab's ecs serves no LaunchRocket.\"}"
        ),
        Bad(
            testDescription: "an unknown JSON service", request: request(ecs("Get", target: "Rocket"), "{}"),
            status: 400,
            body: "{\"__type\":\"UnknownOperationException\",\"message\":\"The lab serves no Rocket.Get.\"}"),
        Bad(
            testDescription: "JSON unsigned",
            request: request(["x-amz-target": "AmazonEC2ContainerServiceV20141113.ListTasks"]), status: 400,
            body:
                "{\"__type\":\"MissingAuthenticationTokenException\","
                + "\"message\":\"Missing Authentication Token\"}"
        ),
        Bad(
            testDescription: "a form unsigned",
            request: request([:], "Action=DescribeSubnets&Version=2016-11-15"), status: 403,
            body: ec2("MissingAuthenticationToken", "Request is missing Authentication Token")),
        Bad(
            testDescription: "a signature that is none",
            request: request(["authorization": "Basic x"], "Action=DescribeTags&Version=2015-12-01"),
            status: 400,
            body: elb(
                "IncompleteSignature",
                "Authorization header requires 'Credential' parameter (key/date/region/service/aws4_request)."
            )),
        Bad(
            testDescription: "an unknown action of ec2",
            request: request(ControlLab.signed("ec2"), "Action=LaunchRocket&Version=2016-11-15"), status: 400,
            body: ec2("InvalidAction", "The action LaunchRocket is not valid for this web service.")),
        Bad(
            testDescription: "no action at all",
            request: request(ControlLab.signed("elasticloadbalancing"), ""),
            status: 400, body: elb("InvalidAction", "Could not find operation  for version 2015-12-01")),
        Bad(
            testDescription: "a form that is not encoded",
            request: request(ControlLab.signed("ec2"), "Action=%ZZ&x"), status: 404,
            body: ec2("MalformedQueryString", "The query string contains a syntax error.")),
        Bad(
            testDescription: "a body too large", request: request(ControlLab.signed("ec2"), isTooLarge: true),
            status: 413, body: ec2("RequestEntityTooLarge", "The body is larger than 1048576 bytes.")),
        Bad(
            testDescription: "CBOR",
            request: request(
                ControlLab.signed("monitoring"),
                path: "/service/GraniteServiceVersion20100801/operation/GetMetricData"),
            status: 404,
            body: "{\"__type\":\"UnknownOperationException\",\"message\":"
                + "\"The lab serves no /service/GraniteServiceVersion20100801/operation/GetMetricData.\"}"),
        Bad(
            testDescription: "a service the lab has not",
            request: request(ControlLab.signed("s3"), "Action=ListBuckets"), status: 400,
            body: "<ErrorResponse><Error><Type>Sender</Type><Code>InvalidAction</Code>"
                + "<Message>The lab serves sts, elasticloadbalancing, ec2, rds, monitoring, and by X-Amz-Target ecs, "
                + "application-autoscaling, monitoring, logs, ssm; not 's3'."
                + "</Message></Error>"
                + "<RequestId>…</RequestId></ErrorResponse>"),
        Bad(
            testDescription: "a method AWS does not take",
            request: request(ControlLab.signed("ec2"), method: "DELETE"),
            status: 405,
            body: ec2("MethodNotAllowed", "The lab takes POST, and GET for form calls; not DELETE.")),
    ]

    @Test(arguments: bad) func `a wrong request gets AWS's error`(_ row: Bad) async {
        let answer = await ControlLab().api.answer(row.request)
        #expect(answer.status == row.status)
        #expect(answer.shown == row.body)
    }

    @Test func `bytes that are no text get an error too`() async {
        for service in ["ec2", "elasticloadbalancing", "sts"] {
            let answer = await ControlLab().api.answer(
                LoopbackRequest(headers: ControlLab.signed(service), body: Data([0xFF, 0xFE, 0x00])))
            #expect(answer.status == 404)
        }
    }

    @Test func `every answer has an id of its own, a date and a type`() async {
        let lab = ControlLab()
        let first = await lab.form("sts", "Action=GetCallerIdentity")
        let second = await lab.form("sts", "Action=GetCallerIdentity")
        let headers = Dictionary(uniqueKeysWithValues: first.headers.map { ($0.name, $0.value) })
        #expect(headers["Date"] == "Mon, 23 Nov 2026 10:00:00 GMT")
        #expect(headers["Content-Type"] == "text/xml")
        #expect(headers["x-amzn-RequestId"] == first.xml("RequestId"))
        #expect(first.xml("RequestId") != second.xml("RequestId"))
        #expect(
            first.shown == "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"
                + "<GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/loadchaos-lab</Arn>"
                + "<UserId>AIDALOADCHAOSLAB00000</UserId><Account>123456789012</Account>"
                + "</GetCallerIdentityResult>"
                + "<ResponseMetadata><RequestId>…</RequestId></ResponseMetadata></GetCallerIdentityResponse>")
    }

    @Test func `a form call without a usable scope is known by its version, and GET will do`() async {
        let lab = ControlLab()
        let answer = await lab.api.answer(
            LoopbackRequest(
                method: "GET", query: "Action=GetCallerIdentity&Version=2011-06-15",
                headers: ControlLab.signed("execute-api"), body: Data()))
        #expect(answer.status == 200)
        #expect(answer.xml("Account") == "123456789012")
    }

    @Test(arguments: [
        (0.0, "1970-01-01T00:00:00.000Z", "Thu, 01 Jan 1970 00:00:00 GMT"),
        (951_782_400.5, "2000-02-29T00:00:00.500Z", "Tue, 29 Feb 2000 00:00:00 GMT"),
        (1_795_428_061.0, "2026-11-23T10:01:01.000Z", "Mon, 23 Nov 2026 10:01:01 GMT"),
        (4_107_542_399.0, "2100-02-28T23:59:59.000Z", "Sun, 28 Feb 2100 23:59:59 GMT"),
    ]) func `dates are written without a formatter`(_ seconds: Double, _ iso: String, _ http: String) {
        #expect(CalendarText.iso(seconds) == iso)
        #expect(CalendarText.http(seconds) == http)
    }

    @Test func `text cannot break out of JSON or XML`() {
        let text = "a<b>&\"c\"\\\n\u{1}é"
        var xml = ""
        XML.leaf("x", text).write(to: &xml)
        #expect(xml == "<x>a&lt;b&gt;&amp;&quot;c&quot;\\\n\u{FFFD}é</x>")
        #expect(JSONValue.string(text).text == "\"a<b>&\\\"c\\\"\\\\\\n\\u0001é\"")
    }

    @Test(arguments: [
        ("ap-south-1a", "ap-south-1a", true), ("ap-south-1a", "ap-*", true), ("ap-south-1a", "*1?", true),
        ("ap-south-1a", "*b", false), ("", "*", true), ("", "?", false), ("abc", "a*b*c", true),
        ("abc", "", false),
        (String(repeating: "a", count: 2000), String(repeating: "a*", count: 500) + "b", false),
    ]) func `filters take wildcards`(_ text: String, _ pattern: String, _ matches: Bool) {
        #expect(EC2Filters.matches(text, pattern) == matches)
    }
}
