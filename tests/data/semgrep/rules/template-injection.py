import jinja2
from flask import render_template_string, request


def page():
    # ruleid: template-injection
    return render_template_string("<p>" + request.args["text"] + "</p>")


def page_with_variable():
    # ok: template-injection
    return render_template_string("<p>{{ text }}</p>", text=request.args["text"])


def jinja():
    # ruleid: template-injection
    return jinja2.Template(request.form["template"]).render()


def environment(env):
    source = f"Hello {request.args['name']}"
    # ruleid: template-injection
    return env.from_string(source).render()


def sandboxed():
    sandbox = jinja2.sandbox.SandboxedEnvironment()
    # ok: template-injection
    return sandbox.from_string(request.form["template"]).render()


def constant():
    # ok: template-injection
    return jinja2.Template("Hello {{ name }}").render(name=request.args["name"])


def filled(text):
    page = "<h1>" + text + "</h1>"
    return jinja2.Template(page).render()


def through_a_helper():
    # todoruleid: template-injection
    return filled(request.args["title"])
