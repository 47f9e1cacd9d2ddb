"""The one place that holds the version; the build reads it from here."""

VERSION = "0.1.0"
# Where the project lives: what files written into other repositories refer to.
REPOSITORY = "org/gatekeeper"
