import Glibc

/// The C library's words for an error number.
func errnoText(_ error: Int32) -> String { String(cString: strerror(error)) }
