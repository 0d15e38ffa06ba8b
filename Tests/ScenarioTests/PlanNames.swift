import Plan

// Both Plan and Testing have an `Expectation`; this file imports one of them only.
typealias PlannedCheck = Expectation.Check
