"""The pages that a user sees while signing in."""

from collections.abc import Collection, Mapping
from html import escape
from string import Template
from typing import Any

from intercom_sandbox.kinds import SCOPES

APP = "Airbyte"
"""The name of the one app that the sandbox knows."""

_PAGE = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>
  :root { color-scheme: light; }
  * { box-sizing: border-box; }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: #f3f4f1; color: #1b1b1a;
         font: 15px/1.5 "Liberation Sans", Arial, Helvetica, sans-serif; }
  main { width: 460px; max-width: calc(100vw - 32px); margin: 32px 0; background: #fff; border: 1px solid #dcdcd6;
         border-radius: 14px; overflow: hidden; box-shadow: 0 10px 30px rgba(20, 20, 19, .08); }
  header, ul, form, .text { padding: 0 28px; }
  header { padding-top: 28px; }
  .apps { display: flex; align-items: center; gap: 12px; margin-bottom: 18px; }
  .logo { width: 44px; height: 44px; border-radius: 11px; display: grid; place-items: center; color: #fff;
          font-weight: 700; font-size: 20px; }
  .logo.app { background: #615eff; }
  .logo.intercom { background: #1b1b1a; }
  .link { flex: 0 0 34px; border-top: 2px dotted #b9b9b2; }
  h1 { font-size: 21px; line-height: 1.3; margin: 0 0 8px; }
  p { margin: 0 0 16px; color: #4c4c48; }
  h2 { font-size: 13px; margin: 0 0 6px; color: #4c4c48; font-weight: 700; }
  ul { list-style: none; margin: 0 0 22px; }
  li { padding: 9px 0; border-top: 1px solid #ecece7; }
  li b { display: block; font-weight: 600; }
  li span { color: #6b6b66; font-size: 13px; }
  form { display: flex; gap: 10px; justify-content: flex-end; padding-top: 18px; padding-bottom: 18px;
         background: #fafaf8; border-top: 1px solid #ecece7; }
  button { font: inherit; font-weight: 600; padding: 9px 18px; border-radius: 9px; border: 1px solid #cfcfc8;
           background: #fff; color: inherit; cursor: pointer; }
  button.primary { background: #1b1b1a; border-color: #1b1b1a; color: #fff; }
  button:focus-visible { outline: 3px solid #615eff; outline-offset: 2px; }
  footer { padding: 12px 28px; font-size: 12px; color: #6b6b66; border-top: 1px solid #ecece7; }
</style>
</head>
<body><main>$body</main></body>
</html>
""")

_CONSENT = Template("""
<header>
  <div class="apps" aria-hidden="true">
    <div class="logo app">$initial</div><div class="link"></div><div class="logo intercom">I</div>
  </div>
  <h1>$app wants to access <span id="workspace">$workspace</span></h1>
  <p>You are signed in as $name ($email). Workspace $workspace_id, region $region.</p>
  <h2>$app will be able to</h2>
</header>
<ul id="permissions">$permissions</ul>
<form method="post" action="/oauth">
  $fields
  <button name="decision" value="cancel">Cancel</button>
  <button name="decision" value="authorize" class="primary">Authorize</button>
</form>
<footer>This is a local sandbox, not Intercom.</footer>
""")

_REFUSAL = Template("""
<header><h1>This app cannot be authorized</h1></header>
<div class="text"><p id="reason">$reason</p></div>
<footer>This is a local sandbox, not Intercom.</footer>
""")


def consent_page(admin: Mapping[str, Any], without: Collection[str], asked: Mapping[str, str]) -> str:
    """The page with Authorize and Cancel.

    :param admin: the answer of ``GET /me``: who decides, for which workspace
    :param without: the scopes that the app does not ask for
    :param asked: the query of the request, handed on to the decision
    """
    workspace = admin["app"]
    permissions = (scope for scope in SCOPES if scope.id not in without)
    body = _CONSENT.substitute(
        app=escape(APP),
        initial=escape(APP[0]),
        workspace=escape(workspace["name"]),
        workspace_id=escape(workspace["id_code"]),
        region=escape(workspace["region"]),
        name=escape(admin["name"]),
        email=escape(admin["email"]),
        permissions="".join(
            f"<li><b>{escape(each.name)}</b><span>{escape(each.allows)}</span></li>" for each in permissions
        ),
        fields="".join(
            f'<input type="hidden" name="{name}" value="{escape(asked[name])}">'
            for name in ("client_id", "redirect_uri", "state")
            if name in asked
        ),
    )
    return _PAGE.substitute(title=f"Authorize {escape(APP)}", body=body)


def refusal_page(reason: str) -> str:
    """The page for a request that cannot go back to the app."""
    return _PAGE.substitute(title="Cannot authorize", body=_REFUSAL.substitute(reason=escape(reason)))
