/// Finds out with which `If-Match` a BMC takes a change (DSP0266, ETags; RFC 6585, section 3).
/// Does no I/O: it says what to do next and is told what came of it.
///
/// A change is sent with the tag of the state that it is based on. Refused, the resource is read
/// again: if its tag moved, the change is sent with the new one, at the most
/// ``maximumRereads`` times; if not, the BMC does not know its own tag, and other spellings of it
/// follow, then a change without any, for there are BMCs that refuse whatever `If-Match` there is
/// (bmc-toolbox/bmclib, pull request 353). One that asks for a tag gets one, or `*` where the
/// resource has none.
struct ChangePrecondition {
    enum Step: Hashable {
        case send(ifMatch: String?)
        /// Read the resource, then ``read(_:)``.
        case read
        /// The last answer stands.
        case end
    }

    /// What an answer says about the precondition.
    enum Verdict: Hashable {
        /// Nothing: the change was taken, or is refused for another reason.
        case none
        /// The tag is missing, or is not the present one (412, 428, or a message that says so).
        case refused
        /// Refused, perhaps because a tag was sent at all.
        case doubtful
    }

    static let maximumRereads = 2
    static let maximumSends = 7

    private var tag: EntityTag?
    private var untried: [String]
    private var sent: String?
    private var sends = 0
    private var rereads = 0
    private var hasTriedWithout = false

    init(tag: EntityTag?) {
        self.tag = tag
        untried = tag?.forms ?? []
    }

    mutating func begin() -> Step { sendNext() }

    mutating func receive(_ verdict: Verdict) -> Step {
        guard sends < Self.maximumSends else { return .end }
        switch (verdict, sent) {
        case (.none, _), (.doubtful, nil):
            return .end
        case (.doubtful, _?):
            return hasTriedWithout ? .end : sendWithout()
        case (.refused, nil):
            // Refused with every tag and without one: nothing is left.
            if hasTriedWithout, tag != nil, untried.isEmpty { return .end }
            return rereads < Self.maximumRereads ? .read : .end
        case (.refused, "*"?):
            return .end
        case (.refused, _?):
            return rereads < Self.maximumRereads ? .read : sendNext()
        }
    }

    /// What the resource's tag is now.
    mutating func read(_ present: EntityTag?) -> Step {
        rereads += 1
        if let present, present != tag {
            tag = present
            untried = present.forms
        } else if present == nil, sent == nil {
            hasTriedWithout = true
            return send("*")
        } else {
            // Reading once more tells nothing new.
            rereads = Self.maximumRereads
        }
        return sendNext()
    }

    private mutating func sendNext() -> Step {
        guard !untried.isEmpty else { return hasTriedWithout ? .end : sendWithout() }
        return send(untried.removeFirst())
    }

    private mutating func sendWithout() -> Step {
        hasTriedWithout = true
        return send(nil)
    }

    private mutating func send(_ form: String?) -> Step {
        sends += 1
        sent = form
        return .send(ifMatch: form)
    }
}
