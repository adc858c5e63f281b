# Copies a revision's files to where its AppSpec says, after what the last installation made is removed.
# Arguments: archive behavior manifest [source destination]...
# Prints a line for each thing installed: D or F, a space, the path. A failure is told on standard error.
set -u
archive=$1
behavior=$2
manifest=$3
shift 3
plan=$manifest.plan
mkdir -p -- "$(dirname -- "$manifest")" || exit 1

if [ -f "$manifest" ]; then
  tac -- "$manifest" | while IFS= read -r line; do
    path=${line#? }
    case $line in
      D*) rmdir -- "$path" 2>/dev/null ;;
      F*) rm -f -- "$path" ;;
    esac
  done
  rm -f -- "$manifest"
fi

# A plan line: kind (D folder, F file), new or old, destination; for a file, the next line is its source.
: >"$plan"
folder() {
  if [ -d "$1" ]; then echo "DO $1"; else echo "DN $1"; fi >>"$plan"
}
file() {
  if [ -e "$2" ] || [ -L "$2" ]; then
    case $behavior in
      DISALLOW)
        echo "The deployment failed because a specified file already exists at this location: $2" >&2
        exit 3 ;;
      RETAIN) return ;;
    esac
  fi
  printf 'FN %s\n%s\n' "$2" "$1" >>"$plan"
}
ancestors() {
  case $1 in
    / | .) ;;
    *)
      if [ ! -d "$1" ]; then
        ancestors "$(dirname -- "$1")"
        echo "DN $1" >>"$plan"
      fi ;;
  esac
}
while [ $# -ge 2 ]; do
  source=$archive/${1#/}
  source=${source%/}
  target=${2%/}
  [ -n "$target" ] || target=/
  shift 2
  if [ -d "$source" ]; then
    ancestors "$(dirname -- "$target")"
    found=$(mktemp) || exit 1
    (cd -- "$source" && find . \( -type d -o -type f -o -type l \)) | LC_ALL=C sort >"$found"
    while IFS= read -r name; do
      name=${name#.}
      if [ -d "$source$name" ] && [ ! -L "$source$name" ]; then
        folder "$target$name"
      else
        file "$source$name" "${target%/}$name"
      fi
    done <"$found"
    rm -f -- "$found"
  elif [ -e "$source" ] || [ -L "$source" ]; then
    ancestors "$(dirname -- "$target")"
    folder "$target"
    file "$source" "${target%/}/$(basename -- "$source")"
  else
    echo "No such file or directory - $source" >&2
    exit 2
  fi
done

# The manifest is whole before the first file is copied: a copy that is cut off is removed the next time.
while IFS= read -r line; do
  path=${line#?? }
  case $line in
    DN*) echo "D $path" ;;
    FN*)
      IFS= read -r source
      echo "F $path" ;;
  esac
done <"$plan" >"$manifest"
sync -- "$manifest" 2>/dev/null

while IFS= read -r line; do
  path=${line#?? }
  case $line in
    D*)
      mkdir -p -- "$path" || exit 1
      echo "D $path" ;;
    F*)
      IFS= read -r source
      cp -P -f -- "$source" "$path" || exit 1
      echo "F $path" ;;
  esac
done <"$plan"
rm -f -- "$plan"
