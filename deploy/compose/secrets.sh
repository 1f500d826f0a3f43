#!/bin/sh
# Make the secrets that compose.yaml hands out, each in a file of its own under secrets/ beside this script. What is there is left alone, so it may be run again.
#
# secrets/alertmanager/ is for what alertmanager.yml names (pagerduty-key, slack-url, ...): put those there yourself.
# The directory is its owner's alone; the files in it can be read by anybody who gets that far, because containers read them as users of their own.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets/alertmanager
chmod 0700 secrets
chmod 0755 secrets/alertmanager

random() { # 32 bytes as 64 hexadecimal digits: they need no quoting anywhere
    od -An -v -tx1 -N32 /dev/urandom | tr -d ' \n'
}

for name in admin_token journal_key key_pepper clickhouse_writer clickhouse_reader grafana_admin; do
    if [ ! -s "secrets/$name" ]; then
        random >"secrets/$name"
    fi
    chmod 0444 "secrets/$name"
done

digest() { sha256sum "secrets/$1" | cut -d' ' -f1; }
{
    printf '<clickhouse>\n'
    printf '  <tidegate_writer_digest>%s</tidegate_writer_digest>\n' "$(digest clickhouse_writer)"
    printf '  <tidegate_reader_digest>%s</tidegate_reader_digest>\n' "$(digest clickhouse_reader)"
    printf '</clickhouse>\n'
} >secrets/digests.new
chmod 0444 secrets/digests.new
mv -f secrets/digests.new secrets/clickhouse_digests.xml
printf 'Secrets are in %s. Grafana: user admin, password in secrets/grafana_admin.\n' "$PWD/secrets"
