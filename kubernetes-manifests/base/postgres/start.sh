#!/bin/sh
# Starts PostgreSQL with one database and one role for each folder in DATABASES, which has the name of both and contains a
# file `password`. This happens at every start, so a new service or another password needs a restart and nothing else.
#
# Environment: PGDATA, the data; PGHOST, the folder of the socket. Arguments: more options of the server.
set -eu

here=$(dirname "$0")
databases=${DATABASES:-/etc/databases}

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  # Renamed when it is complete: the files of an interrupted initdb are not usable.
  rm -rf "$PGDATA.new"
  mkdir -p "$(dirname "$PGDATA")"
  initdb --pgdata="$PGDATA.new" --username=postgres --encoding=UTF8 --locale=C.UTF-8 --auth=reject >/dev/null
  mv "$PGDATA.new" "$PGDATA"
fi
# Kubernetes gives the group of a volume access to all files, and PostgreSQL refuses such a folder.
chmod 0700 "$PGDATA"

# Until every role exists, only this script can connect: the server listens on its socket alone.
settings="-c hba_file=$here/pg_hba.conf -c unix_socket_directories=$PGHOST"
pg_ctl --pgdata="$PGDATA" --wait --timeout=3600 --silent --options="$settings -c listen_addresses=" start
for folder in "$databases"/*/; do
  if [ ! -s "$folder/password" ]; then
    echo "$folder has no password" >&2
    exit 1
  fi
  PASSWORD_FILE=$folder/password psql --no-psqlrc --quiet --username=postgres --dbname=postgres --set=ON_ERROR_STOP=1 \
    --set=service="$(basename "$folder")" --file="$here/create-database.sql"
done
pg_ctl --pgdata="$PGDATA" --wait --timeout=3600 --silent --mode=fast stop

# fsync and synchronous_commit are the defaults of PostgreSQL: a committed order is on disk before the shopper sees it.
exec postgres -D "$PGDATA" $settings -c listen_addresses='*' -c fsync=on -c synchronous_commit=on \
  -c max_connections=300 -c shared_buffers=64MB "$@"
