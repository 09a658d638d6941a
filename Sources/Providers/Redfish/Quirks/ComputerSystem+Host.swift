extension ComputerSystem {
    /// Whether this may be the server itself, where a BMC shows other computers beside it. Only
    /// what does not change is looked at, so that the choice never does.
    ///
    /// - `SystemType` (DSP2046 `ComputerSystem`): what runs on the server or in one of its cards is
    ///   not the server.
    /// - `HGX_Baseboard_0`: NVIDIA's GPU baseboard, beside `System_0` on a Supermicro GB300 tray
    ///   (spyroot/redfish_ctl, supermicro_fixtures) and on DGX, where it calls itself `Physical`.
    /// - `Bluefield`: the DPU beside its host.
    var isCredibleHost: Bool {
        let guests: Set = ["virtual", "virtuallypartitioned", "os", "dpu"]
        if let systemType, guests.contains(systemType.lowercased()) { return false }
        let id = (id ?? BMCAddress.lastSegment(of: path)).lowercased()
        return !["hgx_baseboard", "bluefield", "dpu"].contains { id.hasPrefix($0) }
    }
}
