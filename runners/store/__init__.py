"""The database: tables, statements, transactions, evidence files.

Rows never leave this package as rows: ``records`` turns them into values. At run time statements go through ``sqlite3``
or ``psycopg``; SQLModel and SQLAlchemy are loaded only to make those statements, to migrate and to report.
"""
