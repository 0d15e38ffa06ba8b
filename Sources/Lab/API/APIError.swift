/// An error as AWS tells it: a code for programs, a message for people.
struct APIError: Error, Hashable {
    let status: Int
    let code: String
    let message: String

    init(_ code: String, _ message: String, status: Int = 400) {
        self.status = status
        self.code = code
        self.message = message
    }
}
