# Completion of kthena for bash. Load it with: source <(kthena completion bash)

# Takes quotes and backslashes off a word, in _kthena_plain. Nothing in it is expanded or run.
_kthena_unquote() {
  local word="$1"
  _kthena_plain=''
  case "$word" in
    \'*) word="${word#\'}" _kthena_plain="${word%\'}" && return ;;
    \"*) word="${word#\"}" word="${word%\"}" ;;
  esac
  while [[ $word == *\\* ]]; do
    _kthena_plain+="${word%%\\*}"
    word="${word#*\\}"
    _kthena_plain+="${word:0:1}"
    word="${word:1}"
  done
  _kthena_plain+="$word"
}

_kthena() {
  local IFS=$' \t\n' line="${COMP_LINE:0:COMP_POINT}" part last=0 i _kthena_plain
  local -a words plain
  # Bash cuts a word at = and :, too. What stands next to the word before it belongs to that.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    part="${COMP_WORDS[i]}"
    if ((i > 0)) && [[ -n $line && $line != [[:space:]]* ]]; then
      ((i < COMP_CWORD)) || part="$line"
      words[last]+="$part"
    elif ((i > 0)) && [[ -z $line ]]; then
      # The cursor stands right behind a cut.
      break
    else
      line="${line#"${line%%[![:space:]]*}"}"
      ((i < COMP_CWORD)) || part="$line"
      last=${#words[@]}
      words[last]="$part"
    fi
    line="${line#"$part"}"
  done

  local word="${words[last]}"
  for part in "${words[@]}"; do
    _kthena_unquote "$part"
    plain+=("$_kthena_plain")
  done

  # What bash replaces begins behind the last cut; within quotes it cuts nothing.
  local cut='' cuts="${COMP_WORDBREAKS//[^=:]/}" quoted=''
  case "$word" in
    \'* | \"*) quoted=1 ;;
    *) [[ -n $cuts && $word == *[$cuts]* ]] && cut="${plain[last]%"${plain[last]##*[$cuts]}"}" ;;
  esac

  local candidate rest
  COMPREPLY=()
  while IFS=$'\t' read -r candidate rest; do
    candidate="${candidate#"$cut"}"
    if [[ -z $quoted && $candidate == *[!A-Za-z0-9_./=:,@+%~-]* ]]; then
      printf -v candidate '%q' "$candidate"
    fi
    COMPREPLY+=("$candidate")
  done < <(kthena __complete "${plain[@]:1:last-1}" ":${plain[last]}" 2>/dev/null </dev/null)

  if ((${#COMPREPLY[@]} == 1)) && [[ ${COMPREPLY[0]} == *[./=,] ]]; then
    compopt -o nospace 2>/dev/null
  fi
  return 0
}

complete -F _kthena kthena
