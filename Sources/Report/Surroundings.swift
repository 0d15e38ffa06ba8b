import History
import Verdict

/// What a run was played on, for people.
extension RunRecord.Environment {
    /// `lab, mode root, 2 processors, Linux 6.1.0`
    var words: String {
        let mode = labMode.map { ", mode \($0)" } ?? ""
        return "\(platform)\(mode), \(Wording.plural(processors, "processor")), \(kernel)"
    }

    /// Rows of two columns.
    func rows(of table: inout Table) {
        table.row(["on", words])
        for limit in labLimits { table.row([Table.Cell("limit"), Table.Cell(limit, .yellow)]) }
    }
}
