"""Run by an interpreter that has ASReview: makes a project of a file, labels it, and writes what ASReview exports.

``PYTHON asreview_by_itself.py IN.csv OUT_FOLDER``: records with "Housing" in the title are irrelevant, the last is not seen.
"""

import sys
from pathlib import Path

import pandas as pd
from asreview import Project
from asreview.data import CSVReader, CSVWriter

source, out = Path(sys.argv[1]), Path(sys.argv[2])
project = Project.create(out / "project", project_id="evimap", project_mode="oracle")
project.add_dataset(source)
project.add_review()
records = project.db.input.get_df() if hasattr(project.db.input, "get_df") else CSVReader.read_data(source)
labels = [None if number == len(records) - 1 else int("Housing" not in title) for number, title in enumerate(records["title"])]
for number, label in enumerate(labels):
    if label is not None:
        project.db.label_record(number, label)
        project.db.update_note(number, f'note {number}: "quoted", größer | x')
project.export(out / "export.asreview")

table = CSVReader.read_data(source)
table["asreview_label"] = pd.array(labels, dtype="Int64")
table["asreview_note"] = [f'note {number}: "quoted", größer | x' for number in range(len(labels))]
table["asreview_user_name"] = "Somebody Else"
CSVWriter.write_data(table, out / "export.csv")
sys.stdout.write(str(len(labels)))
