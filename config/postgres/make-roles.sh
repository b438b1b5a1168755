#!/bin/sh
# Runs once, when the cluster is made: one role for Temporal, one for the owner of Mafqood's tables, neither of them a superuser. The
# migrations make the roles that our processes work as, hence CREATEROLE.
set -eu
psql -v ON_ERROR_STOP=1 -v mafqood="$MAFQOOD_OWNER_DATABASE_PASSWORD" -v temporal="$TEMPORAL_DATABASE_PASSWORD" <<'SQL'
CREATE ROLE temporal LOGIN CREATEDB PASSWORD :'temporal';
CREATE ROLE mafqood LOGIN CREATEROLE PASSWORD :'mafqood';
CREATE DATABASE mafqood OWNER mafqood ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C' TEMPLATE template0;
SQL
