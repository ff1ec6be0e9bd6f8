#!/bin/sh
# Creates, in each subfolder of the folder $1, the files `password`, with a random password, and `url`, with the URL of the
# database that has the name of the subfolder. Existing files stay as they are.
set -eu

for folder in "$1"/*/; do
  [ ! -s "$folder/url" ] || continue
  service=$(basename "$folder")
  password=$(od -An -v -N24 -tx1 /dev/urandom | tr -d ' \n')
  echo "$password" >"$folder/password"
  echo "postgres://$service:$password@postgres:5432/$service" >"$folder/url"
done
