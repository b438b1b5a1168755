#!/bin/sh
# Makes Temporal's two databases and brings their schema up to date. Harmless to repeat. SQL_PASSWORD comes from the environment.
set -eu
schema=/etc/temporal/schema/postgresql/v12
tool() { temporal-sql-tool --plugin postgres12 --ep postgres -p 5432 -u temporal "$@"; }
for pair in temporal:temporal temporal_visibility:visibility; do
  database=${pair%%:*}
  tool --db "$database" create
  tool --db "$database" setup-schema -v 0.0
  tool --db "$database" update-schema -d "$schema/${pair##*:}/versioned"
done
