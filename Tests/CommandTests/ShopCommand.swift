import TestKit

/// A command beside an account on this machine: the scripted cloud's, a system file for it, and a scenario that breaks it.
struct ShopCommand {
    let command: Command
    let cloud = ScriptedAWSCloud()
    let server: ScriptedAWS
    /// The account's endpoint, and no keys but those that are given.
    let environment: [String: String]

    init(accessKey: String, secretKey: String) throws {
        command = try Command()
        server = try cloud.start()
        try command.write(Self.system, to: "shop.system")
        try command.write(Self.zoneScenario, to: "zone.scn")
        environment = [
            "AWS_ENDPOINT_URL": server.url, "AWS_ACCESS_KEY_ID": accessKey,
            "AWS_SECRET_ACCESS_KEY": secretKey,
            "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        ]
    }

    private static let system = """
        system "shop"
        region eu-test-1
        zones eu-test-1a, eu-test-1b
        cluster shop
        balancer front in front of web
        database shop-db

        services
            web  tasks 2 to 4  cpu 0.25vCPU  memory 512MiB  port 80
            app  tasks 2 to 4  cpu 0.5vCPU   memory 1GiB    port 5000
        """

    private static let zoneScenario = """
        scenario "A zone is lost"
        use "shop.system"

        load
            hold 10/s for 2m

        requests
            100%  GET  /

        chaos
            at 30s  block zone eu-test-1a for 30s

        expect
            error rate  < 5%
        """
}
