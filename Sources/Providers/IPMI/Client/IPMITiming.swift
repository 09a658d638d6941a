internal import Core

/// How long BMCs are waited for, and how often they are asked again.
struct IPMITiming: Hashable, Sendable {
    /// How long the first answer is waited for.
    var firstTimeout: Duration = .milliseconds(500)
    /// The same for a step that opens a session, at a BMC of which is not known how long it takes.
    var openingTimeout: Duration = .milliseconds(2500)
    /// What that grows to where a BMC took long.
    var longestOpeningTimeout: Duration = .seconds(6)
    /// By how much each timeout is longer than the one before.
    var growth = 1.5
    /// What timeouts grow to.
    var longestTimeout: Duration = .seconds(4)
    /// How far a timeout is moved at random, either way, so that many BMCs are not asked in step.
    var jitter = 0.1
    /// How often a question is sent before its BMC counts as silent: with the values above that is
    /// after 18 s.
    var attempts = 8
    /// The same where silence has another remedy than failing: a session is opened anew, or
    /// another cipher suite tried.
    var shortAttempts = 5
    /// The same where silence is likely to be for good: a command that BMCs may not know, a session
    /// that was quiet for ``suspicion``.
    var fewAttempts = 3
    /// The same for a power command, before the chassis status is asked whether it was carried out:
    /// a BMC that did, and whose answer got lost, drops the packet however often it comes again.
    var attemptsBeforeLook = 2
    /// All that is done for one command, from its turn on.
    var budget: Duration = .seconds(45)
    /// After how long without a packet in it a session may have been dropped unnoticed.
    var suspicion: Duration = .seconds(10)
    /// After how long without a command a session is closed, unless the next command is to be
    /// expected later: see ``UsePattern``. BMCs drop a session after 60 s without a packet (IPMI
    /// v2.0 6.12.15, within 3 s either way).
    var idle: Duration = .seconds(45)
    /// After how long without a packet the BMC gets one that keeps the session: so late that looks
    /// every 30 s never need it, and early enough for ``fewAttempts`` before the BMC drops it.
    var keepAlive: Duration = .seconds(40)
    /// Over how long a pause between commands a session is kept. Up to two minutes that takes three
    /// questions at the most; to open one anew takes five.
    var longestPause: Duration = .seconds(120)
    /// How long a better answer is waited for after a refusal to open a session, or a proof that is
    /// wrong: these are not authenticated, and may be forged.
    var doubt: Duration = .milliseconds(200)
    /// How long after "node busy" the BMC is asked again; it doubles each time up to
    /// ``longestTimeout``.
    var firstBusyPause: Duration = .milliseconds(250)
    /// For how long a busy BMC is asked again.
    var busyBudget: Duration = .seconds(20)
    /// How long after "out of session slots" a session is tried again, doubling each time.
    var firstSlotPause: Duration = .seconds(1)
    /// How often that is done.
    var slotRetries = 3
    /// How long shutting down may take.
    var closing: Duration = .seconds(3)

    /// How long an answer is waited for.
    /// - Parameters:
    ///   - sent: How often the question has been sent; from 1.
    ///   - first: How long it is waited for at first; nil for ``firstTimeout``.
    ///   - chance: From 0 to 1, at random.
    func timeout(sent: Int, first: Duration? = nil, chance: Double) -> Duration {
        let first = first ?? firstTimeout
        let longest = max(longestTimeout, first)
        let grown = (1..<max(sent, 1)).reduce(first) { timeout, _ in
            min(timeout * growth, longest)
        }
        return min(grown, longest) * (1 + jitter * (2 * chance - 1))
    }

    /// How long to leave a busy BMC alone.
    /// - Parameter count: How often it has been busy; from 1.
    func busyPause(count: Int) -> Duration {
        min(firstBusyPause * (1 << min(count - 1, 16)), longestTimeout)
    }
}
