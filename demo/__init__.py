"""The embedded newsroom: invented outlets, agencies and articles, served on loopback.

Everything here is made up: places, people, companies, papers, agencies and events. `newsduck demo` polls it, and so
do the tests, because a page that misbehaves on demand says more than a page saved once.
"""
