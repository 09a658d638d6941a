public import Core
internal import Locking
internal import Logging

extension RedfishProvider {
    /// Drops what is held for the device. With the last device of its BMC and user, their session
    /// is ended at the BMC.
    public func forget(_ device: Device) async {
        insecureDevices.forget(device)
        await backgroundLooks.forget(device)
        let unwanted = registry.withLock { registry in
            registry.forget(device)
            return registry.takeUnwanted()
        }
        for session in unwanted { await end(session) }
    }

    /// Ends all sessions with BMCs, as far as ``RedfishTimeouts/logout`` allows, and drops what is
    /// held.
    public func shutdown() async {
        await backgroundLooks.shutdown()
        let sessions = registry.withLock { $0.removeAll() }
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { [time, timeouts] in
                try? await time.sleep(for: timeouts.logout)
                return true
            }
            group.addTask {
                await withTaskGroup(of: Void.self) { closing in
                    for session in sessions {
                        closing.addTask { await session.close(forGood: true) }
                    }
                }
                return false
            }
            if await group.next() == true {
                logger.warning(
                    "not all sessions with BMCs were ended within \(timeouts.logout.text); the BMCs drop the others when they have been idle for their time"
                )
            }
            group.cancelAll()
        }
    }

    /// Ends a session that nobody needs. Whoever was at it just now may open it once more.
    func end(_ session: BMCSession) async {
        repeat {
            await session.close(forGood: false)
        } while !registry.withLock { $0.release(session) }
    }
}
