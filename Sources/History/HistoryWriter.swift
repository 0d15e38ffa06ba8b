/// One fact to be recorded. Rows with a key replace the row they had: second + route, second, fault index,
/// ledger index, probe index.
package enum Entry: Hashable, Sendable {
    case load(LoadSecond)
    case generator(GeneratorSecond)
    case event(Event)
    case fault(FaultRecord)
    case platform(PlatformSample)
    case ledger(LedgerEntry)
    case probe(ProbeRecord)
    case run(RunRecord)
}

/// Where engines leave what happened. The Recorder is one; TestKit has another, in memory.
package protocol HistoryWriter: Sendable {
    /// Keeps the entries for the next transaction, at most a second away. Never blocks on the disk; keeps the order.
    func record(_ entries: [Entry])

    /// Writes these entries and all before them. They are durable when it returns. Blocks; not for the send path.
    func commit(_ entries: [Entry]) throws
}

extension HistoryWriter {
    package func record(_ entry: Entry) { record([entry]) }
}
