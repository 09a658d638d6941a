/// A reader's hold on a streaming exchange, which ends with it.
final class StreamLease: Sendable {
    private let id: UInt64
    private let channel: BodyChannel
    private let mailbox: Mailbox

    init(id: UInt64, channel: BodyChannel, mailbox: Mailbox) {
        self.id = id
        self.channel = channel
        self.mailbox = mailbox
    }

    deinit { end() }

    func next() async throws(HTTPError) -> [UInt8]? {
        let outcome = await withTaskCancellationHandler {
            await channel.next { _ = mailbox.post(.unpause(id)) }
        } onCancel: {
            end()
        }
        return try outcome.get()
    }

    func end() {
        _ = mailbox.post(.cancel(id))
    }
}
