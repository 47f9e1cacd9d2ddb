import ast
import json
import os
import subprocess

import anthropic
import litellm
from langchain_openai import ChatOpenAI
from openai import OpenAI

client = OpenAI()


def calculate(question):
    answer = client.chat.completions.create(model="m", messages=ask(question))
    # ruleid: llm-output-executed
    return eval(answer.choices[0].message.content)


def calculate_safely(question):
    answer = client.chat.completions.create(model="m", messages=ask(question))
    # ok: llm-output-executed
    return ast.literal_eval(answer.choices[0].message.content)


def others(question, cursor):
    message = anthropic.Anthropic().messages.create(model="m", max_tokens=10, messages=[])
    # ruleid: llm-output-executed
    subprocess.run(message.content[0].text, shell=True, check=True)
    text = litellm.completion(model="m", messages=[])["choices"][0]["message"]["content"]
    # ruleid: llm-output-executed
    cursor.execute(text)
    llm = ChatOpenAI()
    code = llm.invoke(question).content.strip()
    # ruleid: llm-output-executed
    exec(code)
    # ruleid: llm-output-executed
    os.system(f"sh -c '{code}'")


def fine(question, actions, cursor):
    answer = client.responses.create(model="m", input=question).output_text
    # ok: llm-output-executed
    actions[answer]()
    # ok: llm-output-executed
    cursor.execute("insert into answers (text) values (%s)", (answer,))
    # ok: llm-output-executed
    subprocess.run(["say", answer], check=True)
    # ok: llm-output-executed
    eval("1 + 1")
    return json.loads(answer)
