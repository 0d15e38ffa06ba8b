/// libFuzzer's loop: calls `test` with inputs of its own making until its options say that it is enough.
///
/// - Parameter test: gets bytes that are valid until it returns; it traps on what must not be.
package func fuzz(_ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt) {
    var count = CommandLine.argc
    var arguments = CommandLine.unsafeArgv
    _ = runDriver(&count, &arguments, test)
}

/// Of libFuzzer (FuzzerInterface.h).
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// libFuzzer's own `main` wants it; ours calls the driver, so nobody does.
@_cdecl("LLVMFuzzerTestOneInput")
public func unused(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt { 0 }
