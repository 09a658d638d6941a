/// What web servers in front of a Redfish service do to its entity tags.
enum EntityTagQuirks {
    /// What is put behind a tag when the body was compressed, and is not part of what the service
    /// compares: Apache's mod_deflate writes `"abc-gzip"`, Jetty `"abc--gzip"`. Seen on a
    /// PowerEdge R470 with iDRAC 10 (stmcginnis/gofish, pull request 511).
    static let suffixes = ["--gzip", "-gzip", ";gzip"]
}
