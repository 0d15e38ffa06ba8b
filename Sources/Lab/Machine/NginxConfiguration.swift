/// `stack/nginx/nginx.conf` with the lab's places filled in.
enum NginxConfiguration {
    static func text(template: String, run: String, listen: String, flask: String, ownNamespace: Bool)
        -> String
    {
        // Without a PID namespace a worker would outlive its killed master, so there is none.
        let process = ownNamespace ? "daemon off; user root root;" : "daemon off; master_process off;"
        return
            template
            .replacing("@PROCESS@", with: process)
            .replacing("@RUN@", with: run)
            .replacing("@LISTEN@", with: listen)
            .replacing("@FLASK@", with: flask)
    }
}
