import CLab

/// A pipe that no other child of ours inherits. Both ends are the caller's to close.
package func pipeEnds() throws(NoStart) -> (reading: Int32, writing: Int32) {
    var ends: [Int32] = [-1, -1]
    let result = clab_pipe(&ends)
    guard result == 0 else { throw NoStart(of: "a pipe", step: "make", code: -result) }
    return (ends[0], ends[1])
}
