extension String {
    /// An identifier in words: `InputVoltageLost` becomes `Input voltage lost`.
    var spelledOut: String {
        var words = ""
        var previous: Character?
        for character in self {
            let begins = character.isUppercase && previous?.isLowercase == true
            words += begins ? " " + character.lowercased() : String(character)
            previous = character
        }
        return words
    }
}
