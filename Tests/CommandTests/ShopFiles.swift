/// A small system of the scripted cloud, and a scenario that breaks it.
enum ShopFiles {
    static let system = """
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

    static let zoneScenario = """
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
