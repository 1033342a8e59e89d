# Makes the replica of the primary the first time, then follows it. After a promotion it goes on as a primary.
set -eu

if [ ! -s "$PGDATA/PG_VERSION" ]; then
    chmod 700 "$PGDATA"
    PGPASSWORD="$REPLICATION_PASSWORD" pg_basebackup --host "${PRIMARY_HOST:-primary}" --port "${PRIMARY_PORT:-5432}" \
        --username replicator --pgdata "$PGDATA" --wal-method stream --slot replica1 --write-recovery-conf
fi
exec postgres -D "$PGDATA" "$@"
