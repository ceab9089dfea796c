"""What the RIS tags mean across the dialects of the exporting databases, and the types that ``TY`` can name.

The RIS specification (Research Information Systems, 2001; EndNote's revision of 2011) leaves many tags to the exporter, so each
field lists its tags in the order in which they are believed. Tags of no field keep their value in ``Reference.other``.
"""

from __future__ import annotations

TYPES = {
    "JOUR": "article", "EJOUR": "article", "JFULL": "article", "INPR": "article", "MGZN": "article", "NEWS": "article",
    "ABST": "article", "CHAP": "chapter", "ECHAP": "chapter", "ENCYC": "chapter", "DICT": "chapter", "BOOK": "book",
    "EBOOK": "book", "EDBOOK": "book", "RPRT": "report", "GOVDOC": "report", "STAND": "report", "UNPB": "report",
    "THES": "thesis", "CONF": "conference", "CPAPER": "conference", "ELEC": "webpage", "BLOG": "webpage", "WEB": "webpage",
    "ICOMM": "webpage", "DATA": "dataset", "DBASE": "dataset", "AGGR": "dataset",
}  # fmt: skip

OTHER_TYPES = frozenset({
    "ADVS", "ANCIENT", "ART", "BILL", "CASE", "CHART", "CLSWK", "COMP", "CTLG", "EQUA", "FIGURE", "GEN", "GRANT",
    "GRNT", "HEAR", "LEGAL", "MANSCPT", "MAP", "MPCT", "MULTI", "MUSIC", "PAMP", "PAT", "PCOMM", "POD", "SER", "SLIDE",
    "SOUND", "STAT", "UNBILL", "UNBIL", "VIDEO",
})  # fmt: skip

WRITTEN = {
    "article": "JOUR", "chapter": "CHAP", "book": "BOOK", "report": "RPRT", "thesis": "THES", "conference": "CONF",
    "webpage": "ELEC", "dataset": "DATA", "other": "GEN",
}  # fmt: skip

TITLE = ("TI", "T1", "CT", "ST")
JOURNAL = ("T2", "JF", "JO", "BT", "JA", "J2", "J1", "JI", "J9", "T3")
AUTHORS = ("AU", "A1")
DATES = ("PY", "Y1", "YR", "DA")
LINKS = ("UR", "LK", "L1", "L2", "L4")
SINGLE = {  # the first value of these tags, in this order, is the field's
    "volume": ("VL", "VO"), "issue": ("IS", "CP"), "language": ("LA",), "publisher": ("PB", "PU"), "database": ("DB",),
}  # fmt: skip

KNOWN = frozenset({
    "A1", "A2", "A3", "A4", "A5", "AB", "AD", "AE", "AN", "AU", "AV", "BT", "C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8",
    "CA", "CL", "CN", "CP", "CR", "CT", "CY", "DA", "DB", "DI", "DO", "DP", "DS", "ED", "EP", "ER", "ET", "FD", "FN", "FU",
    "FX", "H1", "H2", "ID", "IP", "IS", "J1", "J2", "J9", "JA", "JF", "JI", "JO", "K1", "KW", "L1", "L2", "L3", "L4", "LA",
    "LB", "LK", "LL", "M1", "M2", "M3", "MA", "N1", "N2", "NO", "NV", "OL", "OP", "PA", "PB", "PI", "PM", "PMID", "PP",
    "PU", "PY", "RD", "RI", "RN", "RP", "SE", "SF", "SN", "SP", "SR", "ST", "T1", "T2", "T3", "TA", "TI", "TT", "TY", "U1",
    "U2", "U3", "U4", "U5", "UR", "VL", "VO", "WE", "WT", "WV", "Y1", "Y2", "YR",
})  # fmt: skip

FREE = KNOWN - {  # tags that no field ever takes, so that they mean the same wherever they stand
    *TITLE, *JOURNAL, *AUTHORS, *DATES, *LINKS, *(tag for names in SINGLE.values() for tag in names), "TY", "ER", "SP", "EP",
    "C7", "DO", "DI", "M1", "M3", "L3", "SN", "AB", "N2", "AN", "ID", "U1", "U2", "C2", "C5", "PMID", "KW", "K1", "N1", "C8",
}  # fmt: skip

OWN = "C8"  # a custom tag, in which `ris.write` keeps what has no RIS tag: ``C8  - evimap|Covidence #|#123``
OWN_PREFIX = "evimap"
NOTICE_PREFIX = "evimap-notice"  # ``C8  - evimap-notice|retracted``
EPPI_KEYWORD = "eppi-reviewer"  # EPPI-Reviewer puts it on each record that it exports; its item id is in U1
