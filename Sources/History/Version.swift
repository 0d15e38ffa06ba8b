/// The version of loadchaos: in `--version`, in each recording, and in the User-Agent of each request.
package enum Version {
    package static let current = "0.1.0"
}
