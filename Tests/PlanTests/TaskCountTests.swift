import Plan
import Testing

@Suite struct TaskCountTests {
    @Test(arguments: [
        (50, 2, 1), (50, 3, 2), (50, 4, 2), (33, 3, 1), (25, 2, 1), (10, 10, 1), (99, 100, 99), (49, 3, 1),
    ])
    func `a percentage is rounded, halves up`(percent: Int, running: Int, count: Int) {
        #expect(TaskCount.percent(percent).count(of: running) == count)
    }

    @Test(arguments: [(50, 1), (50, 0), (20, 2), (90, 2), (99, 10), (1, 10)])
    func `none and all are never meant`(percent: Int, running: Int) {
        #expect(TaskCount.percent(percent).count(of: running) == nil)
    }

    @Test func `a number is a number`() {
        let count: TaskCount = 3
        #expect(count == .number(3) && count.count(of: 1) == 3)
    }
}
