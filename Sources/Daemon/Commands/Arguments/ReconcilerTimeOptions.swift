import ArgumentParser
import Core

/// What BMCs are believed capable of. Not for operators: what is too short here lets a server run
/// that nobody claims. Tests and the demonstration have BMCs that are quicker.
struct ReconcilerTimeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("See ReconcilerTimes.powerChange.", visibility: .hidden))
    var powerChange = DurationArgument(ReconcilerTimes().powerChange)

    @Option(help: ArgumentHelp("See ReconcilerTimes.latestOn.", visibility: .hidden))
    var latestOn = DurationArgument(ReconcilerTimes().latestOn)

    @Option(help: ArgumentHelp("See ReconcilerTimes.unexplainedOff.", visibility: .hidden))
    var unexplainedOff = DurationArgument(ReconcilerTimes().unexplainedOff)

    @Option(help: ArgumentHelp("See ReconcilerTimes.guestRestart.", visibility: .hidden))
    var guestRestart = DurationArgument(ReconcilerTimes().guestRestart)

    @Option(help: ArgumentHelp("See ReconcilerTimes.resend.", visibility: .hidden))
    var resend = DurationArgument(ReconcilerTimes().resend)

    var times: ReconcilerTimes {
        var times = ReconcilerTimes()
        times.powerChange = powerChange.duration
        times.latestOn = latestOn.duration
        times.unexplainedOff = unexplainedOff.duration
        times.guestRestart = guestRestart.duration
        times.resend = resend.duration
        return times
    }
}
