import ssl

import aiohttp
import httpx
import requests
import urllib3

VERIFY = False


def fetch(url):
    # ruleid: tls-verification-off
    return requests.get(url, verify=False, timeout=5)


def fetch_safely(url):
    # ok: tls-verification-off
    return requests.get(url, verify="/etc/ssl/company.pem", timeout=5)


def through_names(url, check, verify=False):
    # ruleid: tls-verification-off
    requests.post(url, verify=VERIFY, timeout=5)
    # ruleid: tls-verification-off
    requests.put(url, verify=verify, timeout=5)
    options = {"verify": False, "timeout": 5}
    # ruleid: tls-verification-off
    requests.get(url, **options)
    checked = True
    if not check:
        checked = False
    # ruleid: tls-verification-off
    httpx.get(url, verify=checked)


def sessions(url):
    session = requests.Session()
    # ruleid: tls-verification-off
    session.verify = False
    # ruleid: tls-verification-off
    session.get(url, verify=False)
    # ruleid: tls-verification-off
    httpx.Client(verify=False)
    # ruleid: tls-verification-off
    urllib3.PoolManager(cert_reqs="CERT_NONE")


async def asynchronous(url):
    async with aiohttp.ClientSession() as session:
        # ruleid: tls-verification-off
        await session.get(url, ssl=False)
    # ruleid: tls-verification-off
    aiohttp.TCPConnector(ssl=False)


def contexts():
    context = ssl.create_default_context()
    context.check_hostname = False
    # ruleid: tls-verification-off
    context.verify_mode = ssl.CERT_NONE
    other = ssl.create_default_context()
    # ruleid: tls-verification-off
    other.check_hostname = False
    return context, other


def chosen_by_the_caller(insecure):
    context = ssl.create_default_context()
    if insecure:
        context.check_hostname = False
        # ok: tls-verification-off
        context.verify_mode = ssl.CERT_NONE
    return context


def fine(url, settings, token, jwt):
    verify = False
    verify = True
    # ok: tls-verification-off
    requests.get(url, verify=verify, timeout=5)
    # ok: tls-verification-off
    requests.get(url, verify=settings.get("verify", False), timeout=5)
    # ok: tls-verification-off
    requests.get("https://localhost:8443/", verify=False, timeout=5)
    # ok: tls-verification-off
    model = settings.load(token, verify=False)
    return model
