#compdef kthena
# Completion of kthena for zsh. Load it with: source <(kthena completion zsh)

_kthena() {
  local line text
  local -a before whole whole_shown open open_shown
  before=("${(@Q)words[2,CURRENT-1]}")
  for line in "${(@f)$(kthena __complete "${before[@]}" ":${(Q)PREFIX}" 2>/dev/null </dev/null)}"; do
    text="${line%%$'\t'*}"
    [[ -n $text ]] || continue
    line="${text}  ${line#*$'\t'}"
    # What ends so goes on, without a space.
    if [[ $text == *[./=,] ]]; then
      open+=("$text")
      open_shown+=("$line")
    else
      whole+=("$text")
      whole_shown+=("$line")
    fi
  done
  local found=1
  (( $#whole )) && compadd -l -d whole_shown -a whole && found=0
  (( $#open )) && compadd -S '' -l -d open_shown -a open && found=0
  return found
}

# Sourced, it registers itself; as a file in $fpath it is the function already.
if [[ $funcstack[1] == _kthena ]]; then
  _kthena "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }
  compdef _kthena kthena
fi
