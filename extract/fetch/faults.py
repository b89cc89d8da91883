"""What goes wrong on the way to a host, in a person's words: an HTTP library's are its own."""

import os
import ssl

import aiohttp

from extract import urls
from extract.errors import ForbiddenAddress, NewsduckError, Unreachable


def explained(url: str, error: Exception) -> NewsduckError:
    """The error that says why a document could not be had."""
    cause: BaseException | None = error
    while cause is not None:  # aiohttp wraps what the resolver raises
        if isinstance(cause, ForbiddenAddress):
            return ForbiddenAddress(f"{url}: {cause}")
        cause = cause.__cause__
    return Unreachable(f"{url}: {_told(url, error)}")


def _told(url: str, error: Exception) -> str:
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return f"the name {urls.host(url)} does not resolve: is it spelled right, and this machine online?"
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        why = error.certificate_error
        told = why.verify_message if isinstance(why, ssl.SSLCertVerificationError) else ""
        return f"its certificate does not hold{f' ({told})' if told else ''}: only its owner can mend that"
    if isinstance(error, aiohttp.ClientSSLError):
        return "no encrypted connection: what listens there speaks no TLS; http:// may do"
    if isinstance(error, aiohttp.ClientConnectorError):
        told = os.strerror(error.errno).lower() if error.errno else "nobody listens"
        return f"no connection ({told}): is the address right?"
    if isinstance(error, aiohttp.ClientResponseError):
        return "its answer is no HTTP that can be read"
    if isinstance(error, aiohttp.ClientPayloadError):
        return "its answer breaks off"
    if isinstance(error, aiohttp.ClientConnectionError | OSError):
        return "the host hung up without an answer"
    return "is no address that can be asked: is it spelled right?"
