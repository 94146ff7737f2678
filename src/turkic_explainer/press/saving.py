"""What Jupyter's server does with our outputs when it saves a notebook: what is stored works without a kernel.

A live widget is a name for something in the kernel, and the kernel is gone the next day: a stored one shows nothing
but "model not found". Each of ours comes with the same thing as HTML that needs no kernel, and that alone goes
into the file; in the open window the live one stays. A learner's own widgets are left as they are.

The server loads this module at its start (jupyter/jupyter_server_config.d), so it imports nothing heavy.
"""

import json
import re

LIVE = "application/vnd.jupyter.widget-view+json"  # names a model in a kernel that is gone once the file is stored
MARK = 'class="tx-style"'  # stands in the HTML of every output of ours
_STATES = "application/vnd.jupyter.widget-state+json"


def drop_live(notebook: dict) -> None:
    """Takes out each live view beside which our kernel-free HTML stands, and what JupyterLab kept of its state."""
    dropped, left = set(), set()
    for cell in notebook.get("cells", []):
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if LIVE in data:
                ours = MARK in "".join(data.get("text/html", ""))  # a text, or a list of its lines
                (dropped if ours else left).add((data.pop(LIVE) if ours else data[LIVE]).get("model_id"))
    if dropped:
        _forget_states(notebook.get("metadata", {}), dropped, left)


def _forget_states(metadata: dict, dropped: set, left: set) -> None:
    """Takes the state of these models, and of those that they are made of, out of the notebook's metadata."""
    states = metadata.get("widgets", {}).get(_STATES, {}).get("state", {})
    for model in _with_parts(states, dropped) - _with_parts(states, left):
        del states[model]
    if "widgets" in metadata and not states:
        del metadata["widgets"]


def _with_parts(states: dict, models: set) -> set:
    """These models and all that they name, as far as their state is there."""
    found, ahead = set(), list(models)
    while ahead:
        model = ahead.pop()
        if model in states and model not in found:
            found.add(model)
            ahead += re.findall(r"IPY_MODEL_(\w+)", json.dumps(states[model]))
    return found


def before_saving(model: dict, **kwargs) -> None:
    """Jupyter's pre_save_hook. It runs before the notebook is signed, so that what is stored stays trusted."""
    if model.get("type") == "notebook" and model.get("content"):
        drop_live(model["content"])


def _load_jupyter_server_extension(server) -> None:
    server.contents_manager.register_pre_save_hook(before_saving)  # beside a hook that the site has, not in its place
