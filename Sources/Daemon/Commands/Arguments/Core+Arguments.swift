public import ArgumentParser
public import Core

extension SynchroniserSettings.Fence: ExpressibleByArgument {}

extension DeviceStatus.Array: ExpressibleByArgument {}

extension Health: ExpressibleByArgument {}
