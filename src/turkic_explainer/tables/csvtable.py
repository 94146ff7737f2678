"""How a table is read: from a CSV file, row by row, against a model, with plain words for what is wrong."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from pathlib import Path
from typing import Annotated

import pandas as pd
from pydantic import AfterValidator, BeforeValidator, Field

from ..ledger import CLAIM_ID, claim
from ..validate import ROOT, DataError, Row, problem, records

DATA = ROOT / "data"
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


def claim_ids(text: str) -> tuple[str, ...]:
    ids = tuple(text.split())
    for claim_id in ids:
        if not CLAIM_ID.fullmatch(claim_id):
            raise ValueError("Claims are ids with blanks between, as in: S4-01 B-012.")
        try:
            claim(claim_id)
        except DataError as error:
            raise ValueError(str(error)) from None
    if not ids:
        raise ValueError("Name at least one claim that bears this row out, as in: B-012.")
    return ids


Claims = Annotated[tuple[str, ...], BeforeValidator(claim_ids)]
Empty = BeforeValidator(lambda text: text or None)  # an empty cell means: not known, or does not apply


def _a_day(text: str) -> str:
    try:
        if re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", text) and pd.Timestamp(text):
            return text
    except ValueError:  # such as 30 February
        pass
    raise ValueError("Write a year, month or day: 2025, 2025-10 or 2025-10-07.")


Day = Annotated[str, AfterValidator(_a_day)]


def read_table(model: type[Row], file: Path | str) -> pd.DataFrame:
    """Reads a CSV file, checks every row against `model`, and gives a DataFrame with the model's columns.

    Dates become pandas Timestamps, lists of claims stay tuples, empty cells become missing values.
    Raises DataError for a file that is no UTF-8 text or has other columns, and for every wrong cell. Rows are
    counted as a spreadsheet does, and are the index of the DataFrame: the header is row 1.
    """
    file = Path(file)
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DataError(
            [f'{file.name}: this is not UTF-8 text. In Excel, save it as "CSV UTF-8 (comma delimited)".']
        ) from None
    first_line = text.split("\n", 1)[0]
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first_line.count))
    header, wanted = next(lines, []), list(model.model_fields)
    if sorted(header) != sorted(wanted):
        missing, extra = [c for c in wanted if c not in header], [c for c in header if c not in wanted]
        parts = [f"missing: {', '.join(missing)}"] * bool(missing)
        parts += [f"not known: {', '.join(map(repr, extra))}"] * bool(extra)
        mend = f"Write: {','.join(wanted)}"
        raise DataError([f"{file.name}, row 1: the columns are not as expected ({'; '.join(parts)}). {mend}"])
    rows, ragged = {}, []
    for number, cells in enumerate(lines, 2):
        if not any(cells):
            continue  # an empty row, as spreadsheets leave them
        if len(cells) != len(header):
            ragged.append(f"{file.name}, row {number}: this row has another number of cells than the header. "
                          "Put text that holds a comma between double quotes.")  # fmt: skip
        rows[number] = dict(zip(header, cells, strict=False))
    if ragged:
        raise DataError(ragged)
    checked = records(model, ((f"row {number}", row) for number, row in rows.items()), file)
    frame = pd.DataFrame([r.model_dump() for r in checked], columns=wanted, index=pd.Index(rows, name="row"))
    for column, field in model.model_fields.items():
        if date in getattr(field.annotation, "__args__", (field.annotation,)):
            frame[column] = pd.to_datetime(frame[column])
    return frame


def table(model: type[Row], name: str) -> pd.DataFrame:
    """The teaching table `name`, such as summits.csv. See `read_table`."""
    return read_table(model, DATA / name)


def refuse(rows: pd.Series, file: str, mend: str) -> None:
    """Raises a DataError for each of these cells, a column of a table, if there is any."""
    if len(rows):
        raise DataError(problem(file, f"row {row}", rows.name, found, mend) for row, found in rows.items())
