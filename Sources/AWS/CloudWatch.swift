/// CloudWatch: metrics and alarms.
package struct CloudWatch: Sendable {
    let wire: Wire
}
