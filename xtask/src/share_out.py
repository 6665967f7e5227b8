"""Shares a settled month out in DuckDB's SQL, beside `obole bench settle` (docs/performance.md).

share_out.py FILE: a SQLite database that `obole bench fill` filled and `obole bench settle` closed.
Prints JSON: clicks a second with only the sums of works, and with every share stored; and the hash
of all shares, which is the one that `obole bench settle --against memory` prints. It takes every
purse with something in it: those of `obole bench fill` hold the least budget or nothing.
"""

import csv
import hashlib
import json
import os
import sqlite3
import sys
import tempfile
import time

import duckdb

SHARES = """
    with weighed as (
        select c.patron, c.work, m.means, m.means::hugeint * c.points as product,
            sum(c.points) over (partition by c.patron) as total
        from clicks c join means m on m.patron = c.patron
    ), divided as (
        select patron, work, means, product // total as share, product % total as rest from weighed
    ), ranked as (
        select patron, work, share, means - sum(share) over (partition by patron) as unshared,
            row_number() over (partition by patron order by rest desc, work) as place
        from divided
    ), shares as (
        select patron, work, (share + (place <= unshared)::int)::bigint as share from ranked
    )
"""

SETTLED = "period = (select max(period) from settlements where state = 'done')"

CLICKS = f"select hex(patron), hex(work), points from clicks where {SETTLED}"

MEANS = f"""
    select hex(patron), min(budget_micros, available_micros) from frozen_purses
    where {SETTLED} and min(budget_micros, available_micros) > 0
"""


def load(source, target, folder):
    """Copies clicks and means over, with ids as DuckDB's own type."""
    for name, select, columns in (
        ("clicks", CLICKS, ("column0::uuid patron", "column1::uuid work", "column2::bigint points")),
        ("means", MEANS, ("column0::uuid patron", "column1::bigint means")),
    ):
        path = os.path.join(folder, name)
        with open(path, "w", newline="") as file:
            csv.writer(file).writerows(source.execute(select))
        read = f"read_csv('{path}', header = false, all_varchar = true)"
        target.execute(f"create table {name} as select {', '.join(columns)} from {read}")


def took(target, text):
    """How long a statement takes, in seconds."""
    started = time.monotonic()
    target.execute(text).fetchall()
    return time.monotonic() - started


def hash_of(target):
    """All shares above nothing, in the order of patrons and works."""
    shares = hashlib.sha256()
    rows = target.execute("select * from stored where share > 0 order by patron, work")
    while part := rows.fetchmany(100_000):
        for patron, work, share in part:
            shares.update(patron.bytes + work.bytes + share.to_bytes(8, "big"))
    return shares.hexdigest()


def main():
    source = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
    with tempfile.TemporaryDirectory(dir=os.path.dirname(os.path.abspath(sys.argv[1]))) as folder:
        target = duckdb.connect(os.path.join(folder, "month"))
        load(source, target, folder)
        clicks = target.execute("select count(*) from clicks").fetchone()[0]
        sums = took(target, f"{SHARES} select work, sum(share) from shares group by work")
        stored = took(target, f"create table stored as {SHARES} select * from shares")
        print(json.dumps({
            "duckdb": duckdb.__version__,
            "clicks": clicks,
            "clicks_per_second": int(clicks / sums),
            "stored_per_second": int(clicks / stored),
            "shares": hash_of(target),
        }))


main()
