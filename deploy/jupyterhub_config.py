"""What a JupyterHub needs for this course, whether The Littlest JupyterHub or another (deploy/README.md has the steps).

deploy/values.yaml says the same to Kubernetes: tests/test_hub.py holds the two together, and runs a class with this file.
"""

import sys
from secrets import token_hex
from tempfile import gettempdir

c = get_config()  # noqa: F821 (JupyterHub puts it here)

# The learner's folder is made or brought up to date, by the learner's own hand, and then their server takes its place.
c.Spawner.cmd = ["turkic-explainer", "prepare", "turkic-course", "jupyterhub-singleuser"]
c.Spawner.default_url = "/lab/tree/turkic-course/notebooks/00-start-here.ipynb"
c.Spawner.args = [
    "--KernelManager.transport=ipc",  # a learner's kernel is reached by files of theirs, by no port
    "--MappingKernelManager.cull_idle_timeout=1800",  # a kernel that nobody looks at any more
    "--LabApp.extension_manager=readonly",
]
# Those files need a short path: 107 letters are all that a socket's may have, and many a home has too long a one.
# Nobody can guess it: else a neighbour might put a folder of theirs there first, and so reach the kernel.
c.Spawner.environment = {"JUPYTER_RUNTIME_DIR": lambda spawner: f"{gettempdir()}/jupyter-{token_hex(8)}"}
c.SystemdSpawner.isolate_tmp = True  # and the folder that it lies in is each learner's own

# A server and two open lessons have 284 MB.
c.Spawner.mem_guarantee = "360M"

# The whole class presses Start in the same minute: whoever is over the limit is turned away (429).
c.JupyterHub.concurrent_spawn_limit = 40
c.Spawner.start_timeout = c.Spawner.http_timeout = 180  # 30 at once on two cores

if "tljh" not in sys.modules:  # it has its own: tljh-config set limits.memory 1G, and services.cull.timeout 3600
    c.Spawner.mem_limit = "1G"  # only spawners that can hold a learner to it do
    c.JupyterHub.services = [
        {"name": "idle", "command": [sys.executable, "-m", "jupyterhub_idle_culler", "--timeout=3600"]}
    ]
    scopes = ["list:users", "read:users:activity", "read:servers", "delete:servers"]
    c.JupyterHub.load_roles = [{"name": "idle", "services": ["idle"], "scopes": scopes}]
