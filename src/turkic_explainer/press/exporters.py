"""The editions as nbconvert finds them, by their names in pyproject.toml.

Where [lab] is not installed they are off, and in no other exporter's way; whoever asks for one is told the mend.
"""

from jupyter_core.application import JupyterApp
from nbconvert.exporters.base import ExporterDisabledError

from ..validate import Lacking

try:
    from .office import DocxExporter as DocxExporter
    from .office import OdtExporter as OdtExporter
    from .pages import HandoutExporter as HandoutExporter
    from .pages import StudentNotebookExporter as StudentNotebookExporter
    from .pages import TeacherExporter as TeacherExporter
    from .slides import SlidesExporter as SlidesExporter
    from .slides import StudentSlidesExporter as StudentSlidesExporter
    from .worksheets import KeyExporter as KeyExporter
    from .worksheets import WorksheetExporter as WorksheetExporter
except ModuleNotFoundError as error:
    told = str(Lacking("This edition", error.name))
    running = JupyterApp.instance() if JupyterApp.initialized() else None
    if str(getattr(running, "export_format", "")).startswith("turkic_"):  # it is nbconvert's own command
        raise SystemExit(told) from None
    raise ExporterDisabledError(told) from None
