/// What RunReport writes for the runs of ReportTests, in full.
enum ReportSnapshot {
    static let blockedZone = ""
}
