"""The lists of well-known names that ship with gatekeeper."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal

from gatekeeper.shipped import shipped
from gatekeeper.supplychain.lookalike import KnownNames

Listed = Literal["pypi", "npm"]
# So many of the most downloaded packages are worth an imitation. With more of them, more honest
# names are near to one by accident.
_TARGETS = 2_000
# Downloads count what others bring in. These are what people type in themselves.
_TYPED: Mapping[Listed, str] = {
    "pypi": """
        requests numpy pandas flask django fastapi scrapy selenium beautifulsoup4 colorama matplotlib
        tensorflow torch scikit-learn opencv-python pillow pytest sqlalchemy psycopg2 pymongo redis
        celery boto3 cryptography pyyaml python-dateutil telethon discord-py web3 ccxt openai
        anthropic langchain transformers litellm ultralytics pyinstaller pyautogui pycryptodome
        paramiko ansible jupyter notebook poetry virtualenv pipenv setuptools urllib3 aiohttp httpx
        djangorestframework python-telegram-bot aiogram python-binance python-nmap kafka-python
        pytorch-lightning huggingface-hub pygame yfinance browser-cookie3 undetected-chromedriver
        eth-account solana customtkinter pyarmor
    """,
    "npm": """
        react vue svelte next nuxt express koa fastify electron axios lodash chalk commander mongoose
        mongodb mysql2 sequelize typescript webpack vite rollup esbuild eslint prettier jest mocha
        cross-env dotenv nodemon jsonwebtoken bcrypt passport socket.io discord.js web3 ethers
        puppeteer playwright jquery bootstrap moment dayjs uuid rimraf yargs node-fetch ts-node
        @angular/core @nestjs/core @babel/core @types/node d3 three mysql mssql mariadb sqlite3 pg knex
        ioredis typeorm prisma @prisma/client nodemailer request http-proxy body-parser cors helmet
        multer sharp winston pm2 node-sass grunt-cli gulp-cli babel-cli graphql apollo-server hardhat
        truffle solc bitcoinjs-lib @solana/web3.js socket.io-client
    """,
}


@cache
def known_names(ecosystem: Listed) -> KnownNames:
    """The names of one ecosystem, read once in a process."""
    with open(shipped("supplychain", f"known_{ecosystem}.txt"), encoding="utf-8") as file:
        names = [line.strip() for line in file if not line.startswith("#")]
    worth = dict.fromkeys((*_TYPED[ecosystem].split(), *names[:_TARGETS]))
    return KnownNames(names, tuple(worth))
