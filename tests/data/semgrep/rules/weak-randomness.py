import hashlib
import random
import secrets
import string
import time
import uuid
from random import SystemRandom


def make_token():
    # ruleid: weak-randomness
    return "".join(random.choice(string.ascii_letters) for _ in range(20))


def make_good_token():
    # ok: weak-randomness
    return secrets.token_urlsafe()


def assigned(user, session, response, mailer):
    # ruleid: weak-randomness
    otp = random.randint(100000, 999999)
    alphabet = string.ascii_letters + string.digits
    text = "".join(random.choices(alphabet, k=12))
    # ruleid: weak-randomness
    user.password = text
    # ruleid: weak-randomness
    session["csrf_token"] = hashlib.sha256(str(random.random()).encode()).hexdigest()
    # ruleid: weak-randomness
    response.set_cookie("sid", str(random.getrandbits(128)))
    # ruleid: weak-randomness
    mailer.send(user, reset_code=text)
    return otp


def collected(size):
    characters = []
    for _ in range(size):
        characters.append(random.choice(string.hexdigits))
    # ruleid: weak-randomness
    api_key = "".join(characters)
    letters = list(string.hexdigits)
    random.shuffle(letters)
    # ruleid: weak-randomness
    secret = "".join(letters[:size])
    return api_key, secret


def seeded():
    generator = random.Random(42)
    # ruleid: weak-randomness
    pin = str(random.random())[2:8]
    # ruleid: weak-randomness
    nonce = generator.getrandbits(64)
    random.seed(1)
    # ruleid: weak-randomness
    key = bytes(random.randrange(256) for _ in range(32))
    return key, nonce, pin


def of_time_and_machine(user):
    # ruleid: weak-randomness
    user.reset_token = hashlib.md5(str(time.time()).encode()).hexdigest()
    # ruleid: weak-randomness
    user.session_id = uuid.uuid1().hex


def from_the_system(user, system):
    system = SystemRandom()
    # ok: weak-randomness
    user.password = "".join(system.choice(string.ascii_letters) for _ in range(16))
    # ok: weak-randomness
    user.token = "".join(random.SystemRandom().choices(string.ascii_letters, k=16))
    # ok: weak-randomness
    session_id = uuid.uuid4().hex
    return session_id


def harmless(session, response, colours):
    # ok: weak-randomness
    session["colour"] = random.choice(colours)
    # ok: weak-randomness
    response.set_cookie("theme", random.choice(["dark", "light"]))
    # ok: weak-randomness
    delay = random.uniform(0, 1)
    # ok: weak-randomness
    num_tokens = random.randint(1, 512)
    # ok: weak-randomness
    token_delay = random.random()
    return delay, num_tokens, token_delay


def replaced(user):
    text = str(random.random())
    text = secrets.token_hex()
    # ok: weak-randomness
    user.token = text
