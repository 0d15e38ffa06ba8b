/// CloudWatch Logs: what the tasks wrote.
package struct CloudWatchLogs: Sendable {
    let wire: Wire
}
