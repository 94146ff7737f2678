// Runs every cell of the lessons of a site in its Pyodide and its kernel, without a browser: node cells.cjs SITE FOLDER
// FOLDER is a copy of its files that may be written. Prints one JSON document: of each lesson its cells, each with its
// status, what it shows and, if it failed, why.
const failed = error => { process.stderr.write(`${error.message} ${error.stack}`.slice(-3000)); process.exit(1); };
process.on("uncaughtException", failed); // node would print the line, and Pyodide is one line of a megabyte
const fs = require("fs"), path = require("path");
const [site, folder] = process.argv.slice(2).map(name => path.resolve(name));
const where = path.join(site, "static", "pyodide");
const { loadPyodide } = require(path.join(where, "pyodide.js"));
const config = JSON.parse(fs.readFileSync(path.join(site, "jupyter-lite.json")))["jupyter-config-data"];
const { packages } = config.litePluginSettings["@jupyterlite/pyodide-kernel-extension:kernel"].loadPyodideOptions;

const RUN = `
import json
from pathlib import Path
import pyodide_kernel
from pyodide_kernel import ipython_shell as shell, kernel_instance as kernel

shown, quiet = [], lambda *_: None
def show(*data):
    shown.append(dict(data[0] if isinstance(data[0], dict) else data[1]))
shell.display_pub.display_data_callback = show
shell.display_pub.update_display_data_callback = quiet
shell.display_pub.clear_output_callback = quiet
shell.displayhook.publish_execution_result = show
shell.send_comm = quiet
pyodide_kernel.stdout_stream.publish_stream_callback = quiet
pyodide_kernel.stderr_stream.publish_stream_callback = quiet

async def run(name):
    shell.reset()
    cells = []
    for cell in json.loads(Path(name).read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            kernel._parent_header, shown[:] = {"header": {}}, []
            ended = await kernel.run(cell["source"])
            cells.append({"id": cell["id"], "status": ended["status"], "why": str(ended.get("traceback", "")), "shown": [*shown]})
    return json.dumps(cells)
run
`;

(async () => {
  const pyodide = await loadPyodide({ indexURL: where + path.sep, packages, stdout: () => {}, stderr: () => {} });
  pyodide.mountNodeFS("/drive", folder);
  pyodide.runPython("import os; os.chdir('/drive')");
  const run = await pyodide.runPythonAsync(RUN);
  const done = {};
  for (const name of fs.readdirSync(folder).filter(name => name.endsWith(".ipynb")).sort()) done[name] = JSON.parse(await run(name));
  process.stdout.write(JSON.stringify(done));
})().catch(failed);
